"""Is this one value such a thing? A cheap shape first, then the exact check; both by kind.

Sources: GB 11643 (identity number), GB 32100 (credit code), ISO/IEC 7812-1 (Luhn), GA 36-2018 (plates), GB 16735 (VIN),
工信部 numbering plan of public mobile networks, GB/T 17710 (MOD 11,10 of registration and food licence numbers).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import luhn
from stdnum.iso7064 import mod_11_10

from shuzheng.base.kernel.codes import check_citizen_id, check_licence_identifier, check_uscc, tidy
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.engines.lake.rules.discovery.words import BODIES, COMPOUND, DETAIL, DIVISION, NOT_GIVEN, SURNAMES
from shuzheng.engines.lake.types.discovery import Found

_PROVINCE: Final = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_MOBILE: Final = "1(?:3[0-9]|4[5-9]|5[0-35-9]|6[25-7]|7[0-35-8]|8[0-9]|9[0-35-9])"
_PLATE_HEAD: Final = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
_CARD: Final = re.compile(
    r"62[0-9]{14,17}|60[0-9]{14}(?:[0-9]{3})?|4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|3[47][0-9]{13}|9[0-9]{15}(?:[0-9]{3})?"
)
"""Heads given to issuers, each with its length: UnionPay, Visa, Mastercard, JCB, Amex, older domestic debit cards."""
_VIN_VALUES: Final = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True)
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_USCC_HEAD: Final = re.compile(r"(?:1[1-39]|2[19]|3[1-59]|4[19]|5[1-39]|6[129]|7[129]|8[19]|9[1-39]|A[19]|N[1-39]|Y1)")
_LETTER: Final = re.compile(r"[〔\[(](?:19|20)[0-9]{2}[)\]〕][0-9]+号$")
"""The number of an official letter, which ends like that of a house."""
_DETAILED: Final = re.compile(r"[0-9０-９]")
_HAN: Final = re.compile(r"[一-龥]{2,4}")
_MIDDLE_DOT: Final = re.compile(r"[一-龥]{1,10}[·•][一-龥]{1,10}")
_DATE: Final = re.compile(
    r"((?:18|19|20)[0-9]{2})[-/.年]?(0?[1-9]|1[0-2])[-/.月]?(0?[1-9]|[12][0-9]|3[01])日?(?:[ T].*)?"
)
_NUMBER: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]{3,}")
_OLDEST: Final = 1900


@dataclass(frozen=True, slots=True)
class Check:
    """How values of one kind are told.

    Attributes:
        shape: What looks like it; matches the whole value.
        exact: The check itself, of a value that has the shape.
        inside: Finds it within longer text, None when it is not looked for there.
        spaced: Hyphens and dots of a value mean something: see `written`. Others are checked as `canonical`.
    """

    shape: re.Pattern[str]
    exact: Callable[[str], bool]
    inside: re.Pattern[str] | None = None
    spaced: bool = False


def _accepts(check: Callable[[str], str]) -> Callable[[str], bool]:
    def accepted(text: str) -> bool:
        try:
            check(text)
        except ShuzhengError:
            return False
        return True

    return accepted


_is_citizen: Final = _accepts(check_citizen_id)
_is_uscc: Final = _accepts(check_uscc)
_is_licence_identifier: Final = _accepts(check_licence_identifier)


def is_identity(text: str) -> bool:
    """Tell an identity number: 18 with check digit, or the 15 digits of before 1999; a real day, a real province."""
    if not re.match(_PROVINCE, text):
        return False
    if len(text) == 15:
        return _is_day(f"19{text[6:12]}")
    return _is_citizen(text) and int(text[6:10]) >= _OLDEST


def is_uscc(text: str) -> bool:
    """Tell a unified social credit code of a registering authority that exists."""
    return bool(_USCC_HEAD.match(text)) and bool(re.match(f"..(?:{_PROVINCE}|10)", text)) and _is_uscc(text)


def is_bank_card(text: str) -> bool:
    """Tell a card number: Luhn, and a head that was given to an issuer."""
    return _CARD.fullmatch(text) is not None and luhn.is_valid(text)


def is_vin(text: str) -> bool:
    """Tell a vehicle identification number by its ninth character."""
    total = sum(_VIN_VALUES[c] * w for c, w in zip(text, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == text[8] and not text.isdigit()


def is_person_name(text: str) -> bool:
    """Tell what may be a person's name: a surname, then one or two characters; the column decides whether it is."""
    if _MIDDLE_DOT.fullmatch(text):
        return True
    given = given_of(text)
    return 0 < len(given) <= 2 and text[-1] not in NOT_GIVEN and (text[0] in SURNAMES or text[:2] in COMPOUND)


def given_of(text: str) -> str:
    """Return a name without its surname."""
    return text[2:] if text[:2] in COMPOUND and len(text) > 2 else text[1:]


def is_firm_name(text: str) -> bool:
    """Tell the name of a firm or a public body by how it ends."""
    return any(found.end() == len(text) and found.start() > 1 for found in BODIES.finditer(text))


def is_address(text: str) -> bool:
    """Tell an address: a place, and in it a house, a unit or a group of a village."""
    if is_firm_name(text) and not re.search(r"[0-9０-９]+(?:号|室|栋|幢)", text):
        return False
    detail = DETAIL.search(text)
    if detail is None or _LETTER.search(text):
        return False
    return DIVISION.search(text) is not None or bool(_DETAILED.search(detail.group()) and len(text) >= 6)


def is_birth_date(text: str) -> bool:
    """Tell a day somebody living may have been born on; whether it is a birth the column as a whole decides."""
    found = _DATE.fullmatch(text)
    return found is not None and int(found[1]) >= _OLDEST and _is_day(f"{found[1]}{int(found[2]):02}{int(found[3]):02}")


def is_licence(text: str) -> bool:
    """Tell the number of a licence: with a check digit where there is one, else by its fixed words."""
    if re.fullmatch(r"[0-9]{15}", text):
        return bool(re.match(_PROVINCE, text)) and mod_11_10.is_valid(text)
    if food := re.fullmatch(r"(?:JY|SC|XC|YB)([0-9]{14})", text):
        return bool(mod_11_10.is_valid(food[1]))
    if text.startswith("1.2.156.3005"):
        return _is_licence_identifier(text)
    if re.fullmatch(r"[0-9A-Z]{8}-?[0-9X]", text):
        return _is_organization_code(text.replace("-", ""))
    return True


def is_landline(text: str) -> bool:
    """Tell a fixed telephone with an area code that exists."""
    return bool(re.match(r"[(]?0(?:10|2[0-57-9]|[3-9][0-9]{2})[)]?[-/]?[2-9]", text))


def is_longitude(text: str) -> bool:
    """Tell degrees east within the country."""
    return 73.4 <= float(text) <= 135.1


def is_latitude(text: str) -> bool:
    """Tell degrees north within the country."""
    return 3.8 <= float(text) <= 53.6


def is_coordinates(text: str) -> bool:
    """Tell a pair of degrees, in either order, within the country."""
    first, second = (float(one) for one in re.findall(r"-?[0-9]+\.[0-9]+", text)[:2])
    east, north = max(first, second), min(first, second)
    return 73.4 <= east <= 135.1 and 3.8 <= north <= 53.6


def year_of(text: str) -> int | None:
    """Return the year of a day written out, None when it is none."""
    found = _DATE.fullmatch(text)
    return None if found is None else int(found[1])


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def _is_organization_code(text: str) -> bool:
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in text[:8]]
    total = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return text[8] == {10: "X", 11: "0"}.get(total, str(total))


def _true(_: str) -> bool:
    return True


CHECKS: Final[Mapping[Found, Check]] = {
    Found.IDENTITY: Check(
        re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}"), is_identity, re.compile(r"(?<![0-9A-Z])[0-9]{17}[0-9X](?![0-9A-Z])")
    ),
    Found.PASSPORT: Check(
        re.compile(r"[EGPDSHMCWK][0-9]{8,10}|E[A-HJ-NP-Z][0-9]{7}|PE[0-9]{7}|C[A-HJ-NP-Z][0-9]{7}|1[45][0-9]{7}"), _true
    ),
    Found.USCC: Check(
        re.compile(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}"), is_uscc, re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
    ),
    Found.MOBILE: Check(
        re.compile(r"(?:\+?(?:00)?86)?1[0-9]{10}"),
        lambda text: bool(re.fullmatch(rf"(?:\+?(?:00)?86)?{_MOBILE}[0-9]{{8}}", text)),
        re.compile(rf"(?<![0-9A-Z]){_MOBILE}[0-9]{{8}}(?![0-9A-Z])"),
    ),
    Found.LANDLINE: Check(
        re.compile(r"[(]?0[0-9]{2,3}[)]?[-/]?[0-9]{7,8}(?:[-转#*][0-9]{1,6})?"), is_landline, spaced=True
    ),
    Found.BANK_CARD: Check(
        re.compile(r"[0-9]{15,19}"), is_bank_card, re.compile(r"(?<![0-9A-Z])[0-9]{16}(?:[0-9]{3})?(?![0-9A-Z])")
    ),
    Found.BANK_ACCOUNT: Check(re.compile(r"[0-9]{9,30}"), _true),
    Found.PERSON_NAME: Check(re.compile(r"[一-龥]{2,4}|[一-龥]{1,10}[·•][一-龥]{1,10}"), is_person_name, spaced=True),
    Found.FIRM_NAME: Check(re.compile(r"[一-龥A-Z0-9()·&\-]{4,60}"), is_firm_name, spaced=True),
    Found.ADDRESS: Check(re.compile(r".{5,120}"), is_address, spaced=True),
    Found.BIRTH_DATE: Check(_DATE, is_birth_date, spaced=True),
    Found.EMAIL: Check(re.compile(r"[A-Z0-9._%+\-]+@[A-Z0-9\-]+(?:\.[A-Z0-9\-]+)*\.[A-Z]{2,}"), _true, spaced=True),
    Found.PLATE: Check(
        re.compile(r"[一-龥][A-Z][A-Z0-9]{4,6}[A-Z0-9学警挂港澳领试超]|[使][0-9]{6}|WJ[一-龥]?[0-9A-Z]{5,6}"),
        lambda text: bool(
            re.fullmatch(
                rf"{_PLATE_HEAD}[A-HJ-Z](?:[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9学警挂港澳领试超]"
                r"|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])",
                text,
            )
        ),
    ),
    Found.VIN: Check(re.compile(r"[0-9A-HJ-NPR-Z]{17}"), is_vin),
    Found.LICENCE: Check(
        re.compile(
            r"[0-9]{15}|[A-Z]{2}[0-9]{14}|1\.2\.156\.3005.*|.{0,30}(?:证|许|准|产权|字)[^号]{0,8}[(\[〔【][0-9]{4}[)\]〕】].{0,30}号.{0,12}"
            r"|.{0,6}[(\[〔【][0-9]{4}[)\]〕】].{0,14}(?:产权|证|许)[^号]{0,6}第?.{4,20}号"
            r"|.{0,20}[字证准]第?[A-Z0-9\-]{4,20}号?|[0-9A-Z]{8}-?[0-9X]"
        ),
        is_licence,
        spaced=True,
    ),
    Found.LONGITUDE: Check(_NUMBER, is_longitude, spaced=True),
    Found.LATITUDE: Check(_NUMBER, is_latitude, spaced=True),
    Found.COORDINATES: Check(
        re.compile(r"(?:POINT)?[(\[]?-?[0-9]{1,3}\.[0-9]{2,}[, ;，]+-?[0-9]{1,3}\.[0-9]{2,}[)\]]?"),
        is_coordinates,
        spaced=True,
    ),
}


def canonical(text: str) -> str:
    """Return a value as codes are checked: half-width capitals, without gaps, hyphens and dots."""
    return tidy(text)


def written(text: str) -> str:
    """Return a value as it was written, in half-width capitals."""
    return unicodedata.normalize("NFKC", text).strip().upper()
