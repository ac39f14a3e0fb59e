"""Which grade and mask what was found should have, and on what ground.

| found | grade | mask | ground |
|---|---|---|---|
| identity number, passport, bank card or account | L3 | keep ends | GB/T 35273-2020, 附录 B (sensitive) |
| health, belief, biometrics, passwords | L4 | drop | GB/T 35273-2020, 附录 B; GB/T 43697-2024 |
| mobile, address, e-mail, position of a person | L3 | keep ends, generalise | 附录 A, one is reached by it |
| name, day of birth, landline, plate, VIN | L2 | keep ends, generalise | 附录 A: personal information |
| credit code, name and address of a firm, licence number, position of a place | L1 | none | open by 政府信息公开 |

L1-L4 are our four steps within general data (GB/T 43697-2024 leaves the steps below 重要数据 to whoever processes).
A bank card is L3, not L4: JR/T 0171-2020 puts account and card numbers at C2, beside identity numbers, and only what
authenticates a payment (password, CVV) at C3, our L4.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import PartyKind
from shuzheng.engines.lake.rules.definitions import may_mask
from shuzheng.engines.lake.types.discovery import Finding, Found, Grading
from shuzheng.engines.lake.types.tables import GRADES, Column, Grade, Mask

_SENSITIVE: Final = said("GB/T 35273-2020 附录 B 所列个人敏感信息，一旦泄露容易危害人身和财产安全，按 L3 管理")
_REACHES: Final = said("GB/T 35273-2020 附录 A 所列个人信息，凭它能直接找到或联系到本人，按 L3 管理")
_PERSONAL: Final = said("GB/T 35273-2020 附录 A 所列个人信息，与其他信息结合能识别到本人，按 L2 管理")
_SPECIAL: Final = said(
    "GB/T 35273-2020 附录 B 所列健康、生物识别、信仰或鉴别信息，按 GB/T 43697-2024 从严定级，按 L4 加密存储"
)
_OPEN: Final = said("法人和其他组织对外公示的信息，不是个人信息，按 L1 管理")
_PLACE: Final = said("地点的位置，不指向个人，按 L1 管理")
_KEPT: Final = said("不是个人信息，但能逐件查询到办理情况，按 L2 管理")

_GRADINGS: Final[Mapping[Found, Grading]] = {
    Found.IDENTITY: Grading(Grade.L3, Mask.KEEP_ENDS, _SENSITIVE),
    Found.PASSPORT: Grading(Grade.L3, Mask.KEEP_ENDS, _SENSITIVE),
    Found.BANK_CARD: Grading(Grade.L3, Mask.KEEP_ENDS, _SENSITIVE),
    Found.BANK_ACCOUNT: Grading(Grade.L3, Mask.KEEP_ENDS, _SENSITIVE),
    Found.SPECIAL: Grading(Grade.L4, Mask.DROP, _SPECIAL),
    Found.MOBILE: Grading(Grade.L3, Mask.KEEP_ENDS, _REACHES),
    Found.EMAIL: Grading(Grade.L3, Mask.KEEP_ENDS, _REACHES),
    Found.ADDRESS: Grading(Grade.L3, Mask.GENERALISE, _REACHES),
    Found.COORDINATES: Grading(Grade.L3, Mask.DROP, _SENSITIVE),
    Found.LONGITUDE: Grading(Grade.L3, Mask.GENERALISE, _SENSITIVE),
    Found.LATITUDE: Grading(Grade.L3, Mask.GENERALISE, _SENSITIVE),
    Found.PERSON_NAME: Grading(Grade.L2, Mask.KEEP_ENDS, _PERSONAL),
    Found.BIRTH_DATE: Grading(Grade.L2, Mask.GENERALISE, _PERSONAL),
    Found.LANDLINE: Grading(Grade.L2, Mask.KEEP_ENDS, _PERSONAL),
    Found.PLATE: Grading(Grade.L2, Mask.KEEP_ENDS, _PERSONAL),
    Found.VIN: Grading(Grade.L2, Mask.KEEP_ENDS, _PERSONAL),
    Found.LICENCE: Grading(Grade.L2, Mask.KEEP_ENDS, _KEPT),
    Found.USCC: Grading(Grade.L1, Mask.NONE, _OPEN),
    Found.FIRM_NAME: Grading(Grade.L1, Mask.NONE, _OPEN),
}
_OF_FIRMS: Final[Mapping[Found, Grading]] = {
    Found.ADDRESS: Grading(Grade.L1, Mask.NONE, _OPEN),
    Found.LANDLINE: Grading(Grade.L1, Mask.NONE, _OPEN),
    Found.LICENCE: Grading(Grade.L1, Mask.NONE, _OPEN),
    Found.COORDINATES: Grading(Grade.L1, Mask.NONE, _PLACE),
    Found.LONGITUDE: Grading(Grade.L1, Mask.NONE, _PLACE),
    Found.LATITUDE: Grading(Grade.L1, Mask.NONE, _PLACE),
}
"""What differs where rows are not about persons."""


def grade_of(found: Found, column: Column, subject_kind: PartyKind | None) -> Grading:
    """Return how a column that holds something should be graded and masked.

    Args:
        found: What it holds.
        column: A mask its type cannot have gives way: GENERALISE for days and numbers.
        subject_kind: Whom rows are about; None: about nobody in particular.
    """
    about_persons = subject_kind is PartyKind.PERSON
    grading = _GRADINGS[found] if about_persons else _OF_FIRMS.get(found, _GRADINGS[found])
    if may_mask(column.kind, grading.mask):
        return grading
    fitting = Mask.GENERALISE if may_mask(column.kind, Mask.GENERALISE) else Mask.DROP
    return Grading(grading.grade, fitting, grading.reason)


def strictest(
    findings: Iterable[Finding], column: Column, subject_kind: PartyKind | None
) -> tuple[Finding, Grading] | None:
    """Return the finding that asks for the highest grade with its grading; of equals the surest. None of none."""
    graded = [(one, grade_of(one.found, column, subject_kind)) for one in findings]
    return max(graded, key=lambda pair: (GRADES.index(pair[1].grade), pair[0].confidence), default=None)


def is_enough(column: Column, grading: Grading) -> bool:
    """Tell whether a column is graded at least as high as proposed, and masked wherever that asks for a mask."""
    if GRADES.index(column.grade) < GRADES.index(grading.grade):
        return False
    return grading.mask is Mask.NONE or column.mask is not Mask.NONE
