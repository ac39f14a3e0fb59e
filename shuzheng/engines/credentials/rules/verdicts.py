"""What a check says, and how much of a licence it may show."""

import re
import unicodedata
from datetime import date
from typing import Final

from shuzheng.base.kernel.mask import mask_id_no, mask_name
from shuzheng.base.kernel.types import PartyKind
from shuzheng.engines.credentials.types import (
    Check,
    CodeKind,
    LicenceState,
    LicenceView,
    PublicLicence,
    VerdictState,
)

PUBLIC_FIELDS: Final = frozenset(
    {
        "主体业态",
        "经营项目",
        "经营范围",
        "经营方式",
        "经营类别",
        "许可范围",
        "许可项目",
        "业务范围",
        "食品类别",
        "食品品种",
        "产品类别",
        "资质类别",
        "资质等级",
        "专业类别",
        "机构类别",
        "诊疗科目",
        "单位类别",
        "信用等级",
        "类型",
        "用途",
        "建设规模",
        "验收结论",
        "环评结论",
        "税种",
    }
)
"""Fields of a firm's licence that anyone may see: what it may do, never who is behind it or where they live."""
_PERSONAL_NUMBER: Final = re.compile(r"(?<![0-9])(?:[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9})(?![0-9])")
_ELSEWHERE: Final = "详见证照副本"
_STATES: Final[dict[LicenceState, VerdictState]] = {
    LicenceState.VALID: VerdictState.VALID,
    LicenceState.EXPIRED: VerdictState.EXPIRED,
    LicenceState.SUSPENDED: VerdictState.SUSPENDED,
    LicenceState.REVOKED: VerdictState.REVOKED,
    LicenceState.CORRECTED: VerdictState.CORRECTED,
}

SIGNED = Check("由本平台签发", "签名与公布的公钥一致，内容没有改动", passed=True)
NOT_SIGNED = Check("签名对不上", "不是用本平台公布的密钥签的，或签后被改动", passed=False)
NOT_READ = Check("签名没有核对", "码不完整，读不出签名", passed=None)
BY_NUMBER = Check("签名没有核对", "这次是按编号和持证人名称查的，没有扫码", passed=None)
IN_TIME = Check("刚刚出示", "还在出示后的 5 分钟之内", passed=True)
OUT_OF_TIME = Check("出示已超过 5 分钟", "可能是截图，请持证人重新出示", passed=False)
FIRST_TIME = Check("第一次核验", "这个出示码此前没有被核验过", passed=True)
SEEN_BEFORE = Check("此前已经核验过", "同一个出示码被核验过；如果刚才不是您核验的，请持证人重新出示", passed=None)
ON_RECORD = Check("证照库里有这张证照", "类型、持证人、编号与证照库一致", passed=True)
NOT_ON_RECORD = Check("证照库里没有", "没有编号和名称都一致的证照", passed=False)
WRONG_IDENTIFIER = Check("证照标识不完整", "校验位对不上，请从证照上完整地抄录，例如末尾的一位", passed=False)
_STATE_CHECKS: Final[dict[VerdictState, Check]] = {
    VerdictState.VALID: Check("现在有效", "没有作废或暂停，在有效期内", passed=True),
    VerdictState.NOT_YET: Check("还没有生效", "有效期的第一天还没有到", passed=False),
    VerdictState.EXPIRED: Check("已过期", "有效期的最后一天已经过去", passed=False),
    VerdictState.SUSPENDED: Check("暂停使用", "发证机关暂停了这张证照", passed=False),
    VerdictState.REVOKED: Check("已作废", "发证机关已经注销、吊销或撤销这张证照", passed=False),
    VerdictState.CORRECTED: Check("已更正", "发证机关已经换发更正后的新版", passed=False),
}


def verdict_of(licence: LicenceView, *, on: date) -> VerdictState:
    """Return what a licence is worth on a day; `licence` was read for that day."""
    if licence.state is LicenceState.VALID and on < licence.valid_from:
        return VerdictState.NOT_YET
    return _STATES[licence.state]


def checks_of_licence(state: VerdictState) -> tuple[Check, ...]:
    """Return what was looked at in the records."""
    return (ON_RECORD, _STATE_CHECKS[state])


def checks_of_showing(kind: CodeKind, *, stale: bool, seen: bool) -> tuple[Check, ...]:
    """Return what was looked at in the code itself, once its signature was found to be ours."""
    if kind is CodeKind.SHEET:
        return (SIGNED,)
    if stale:
        return (SIGNED, OUT_OF_TIME)
    return (SIGNED, IN_TIME, SEEN_BEFORE if seen else FIRST_TIME)


def public_facts(licence: LicenceView) -> PublicLicence:
    """Return what anyone who was shown the licence may see of it."""
    firm = licence.holder.kind is PartyKind.FIRM
    return PublicLicence(
        type_name=licence.type_name,
        holder_name=licence.holder.name if firm else mask_name(licence.holder.name),
        number=without_personal_number(licence.number),
        identifier=licence.identifier,
        issuer_name=licence.issuer_name,
        issued_on=licence.issued_on,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
        state_on=licence.state_on,
        fields=_public_fields(licence) if firm else {},
    )


def _public_fields(licence: LicenceView) -> dict[str, str]:
    return {
        name: without_personal_number(value)
        for name, value in licence.fields.items()
        if name in PUBLIC_FIELDS and value and value != _ELSEWHERE
    }


def without_personal_number(text: str) -> str:
    """Return a text with identity and mobile numbers masked.

    Example:
        >>> without_personal_number("11010519491231002X")
        '1101**********002X'
    """
    return _PERSONAL_NUMBER.sub(lambda found: mask_id_no(found[0]), text)


def same_name(given: str, held: str) -> bool:
    """Tell whether a typed name is the holder's: full or half width and blanks do not matter."""
    return bool(_plain(given)) and _plain(given) == _plain(held)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
