"""National codes: parse, check, make. Every refusal says what is wrong and shows a right example.

`parse_x` gives the parts, `check_x` the canonical text; both raise the same refusals. Typed text is forgiven its
spaces, hyphens, full-width and small letters. Messages never repeat the number: it may be somebody's.

| code | source | check system |
|---|---|---|
| unified social credit code 统一社会信用代码 | GB 32100-2015 | weights modulo 31 |
| identity number 公民身份号码 | GB 11643-1999 | ISO 7064 MOD 11-2 |
| licence identifier 电子证照标识 | GB/T 36904-2018 | ISO 7064 MOD 37,36 |
| implementing item code 实施清单编码 | GB/T 39554.1-2020 | that of the credit code in its head |
| item code 基本编码, licence type 证照类型代码, division 行政区划代码 | GB/T 39554.1, GB/T 36903, GB/T 2260 | none |
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.iso7064 import mod_11_2, mod_37_36

from shuzheng.base.kernel import code_errors as errors
from shuzheng.base.kernel.types import DivisionCode, ItemCode, LicenceTypeCode, OrgId

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LICENCE_ROOT: Final = "1.2.156.3005.2"
"""The node of electronic licences in the national tree of object identifiers."""
EXERCISE_LEVELS: Final = {"1": "国家级", "2": "省级", "3": "市级", "4": "县级", "5": "乡镇级", "6": "村级"}
_GAPS: Final = re.compile(r"[\s\-‐-―·]+")


def tidy(text: str) -> str:
    """Return typed text as codes are written: half-width capitals without spaces or hyphens."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


# Unified social credit code


@dataclass(frozen=True, slots=True)
class Uscc:
    """A unified social credit code in its parts.

    Attributes:
        text: All 18 characters.
        authority: Registering authority, such as `9` market regulation, `1` establishment office.
        kind: Kind of body within that authority.
        division: County or higher division of registration, 6 digits.
        organization: Organization code with its own check character, 9 characters (GB 11714).
    """

    text: str
    authority: str
    kind: str
    division: DivisionCode
    organization: str


def uscc_check_character(first_17: str) -> str:
    """Return the 18th character for the first seventeen."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first_17, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def parse_uscc(text: str) -> Uscc:
    """Return the parts of a unified social credit code.

    Raises:
        UsccLength, UsccCharacter, UsccCheck: What is wrong.

    Example:
        >>> parse_uscc("9135 0100 M000100Y43").division
        '350100'
    """
    code = tidy(text)
    if len(code) != 18:
        raise errors.UsccLength(length=len(code))
    for position, character in enumerate(code, 1):
        if character not in USCC_ALPHABET or (2 < position <= 8 and not _digits(character)):
            raise errors.UsccCharacter(position=position)
    if uscc_check_character(code[:17]) != code[17]:
        raise errors.UsccCheck
    return Uscc(code, code[0], code[1], DivisionCode(code[2:8]), code[8:17])


def check_uscc(text: str) -> str:
    """Return the canonical 18 characters. Raises like `parse_uscc`."""
    return parse_uscc(text).text


def parse_org_id(text: str) -> OrgId:
    """Return a public body's id: its unified social credit code. Raises like `parse_uscc`."""
    return OrgId(parse_uscc(text).text)


# Identity number


@dataclass(frozen=True, slots=True)
class CitizenId:
    """An identity number in its parts.

    Attributes:
        text: 17 digits and the check character.
        division: Division of first registration; it may have been dissolved since.
        born_on: Day of birth.
        sex: `男` or `女`, by the parity of the 17th digit.
        warning: '' or, in Chinese, why the number deserves a second look though it is accepted.
    """

    text: str
    division: DivisionCode
    born_on: date
    sex: str
    warning: str = ""


_PROVINCES: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


def parse_citizen_id(text: str, *, on: date | None = None) -> CitizenId:
    """Return the parts of an identity number.

    Args:
        text: 18 characters as typed.
        on: Today, to refuse a birth in the future; None leaves that out.

    Raises:
        CitizenIdLength, CitizenIdCharacter, CitizenIdDate, CitizenIdCheck: What is wrong.

    Example:
        >>> parse_citizen_id("11010519491231002x").born_on
        datetime.date(1949, 12, 31)
    """
    number = tidy(text)
    if len(number) != 18:
        raise errors.CitizenIdLength(length=len(number))
    for position, character in enumerate(number, 1):
        if not (_digits(character) or (position == 18 and character == "X")):
            raise errors.CitizenIdCharacter(position=position)
    born_on = _birth(number[6:14])
    if born_on is None or (on is not None and born_on > on):
        raise errors.CitizenIdDate
    if not mod_11_2.is_valid(number):
        raise errors.CitizenIdCheck
    warning = "" if _PROVINCES.match(number) else "前两位不是现行的省级代码，请核对证件原件"
    sex = "男" if int(number[16]) % 2 else "女"
    return CitizenId(number, DivisionCode(number[:6]), born_on, sex, warning)


def _birth(digits: str) -> date | None:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born_on if born_on.year >= 1850 else None


def check_citizen_id(text: str, *, on: date | None = None) -> str:
    """Return the canonical 18 characters. Raises like `parse_citizen_id`."""
    return parse_citizen_id(text, on=on).text


def check_mobile(text: str) -> str:
    """Return the eleven digits of a mainland mobile number, without `+86`.

    Raises:
        MobileInvalid: Not eleven digits that begin with 1.

    Example:
        >>> check_mobile("+86 138 0000 6621")
        '13800006621'
    """
    number = tidy(text).removeprefix("+86")
    if not re.fullmatch(r"1[3-9][0-9]{9}", number):
        raise errors.MobileInvalid
    return number


# Divisions


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division code.

    Attributes:
        code: The code without filling zeros: 6 digits to county, 9 for a town, 12 for a village.
        level: `province`, `city`, `county`, `town` or `village`.
        parent: Code of the division above; None for a province.
    """

    code: DivisionCode
    level: str
    parent: DivisionCode | None


def parse_division_code(text: str) -> Division:
    """Return level and parent of a division code, with or without filling zeros.

    Raises:
        DivisionCodeInvalid: Not 6, 9 or 12 digits, or a code no level can have.

    Example:
        >>> parse_division_code("110105000000")
        Division(code='110105', level='county', parent='110100')
    """
    code = tidy(text)
    if len(code) not in (6, 9, 12) or not _digits(code) or code[:2] == "00":
        raise errors.DivisionCodeInvalid
    full = code.ljust(12, "0")
    province, city, county, town, village = full[:2], full[2:4], full[4:6], full[6:9], full[9:]
    if (city == "00" and int(county + town + village)) or (town == "000" and int(village)):
        raise errors.DivisionCodeInvalid
    if int(village):
        return Division(DivisionCode(full), "village", DivisionCode(full[:9]))
    if int(town):
        return Division(DivisionCode(full[:9]), "town", DivisionCode(full[:6]))
    if int(county):
        return Division(DivisionCode(full[:6]), "county", DivisionCode(full[:4] + "00"))
    if int(city):
        return Division(DivisionCode(full[:6]), "city", DivisionCode(province + "0000"))
    return Division(DivisionCode(full[:6]), "province", None)


def check_division_code(text: str) -> DivisionCode:
    """Return the code without filling zeros. Raises like `parse_division_code`."""
    return parse_division_code(text).code


# Service items

ITEM_DIGITS: Final = (12, 14)
"""Digits of a basic code, without and with the business suffix."""


def parse_item_code(text: str) -> ItemCode:
    """Return the basic code of a service item: 2 province (00 national), 2 kind, 5 item, 3 sub-item.

    A business item (业务办理项) of a sub-item has two digits more.

    Raises:
        ItemCodeInvalid: Not 12 or 14 digits.
    """
    code = tidy(text)
    if len(code) not in ITEM_DIGITS or not _digits(code):
        raise errors.ItemCodeInvalid
    return ItemCode(code)


def check_item_code(text: str) -> ItemCode:
    """Return the canonical digits. Raises like `parse_item_code`."""
    return parse_item_code(text)


@dataclass(frozen=True, slots=True)
class ImplementingCode:
    """An implementing item: this body exercises that item at this level.

    Attributes:
        text: All 31 characters, or 33 with a business suffix.
        organization: The implementing body.
        level: Exercise level, `1` national … `6` village.
        item: Basic code.
    """

    text: str
    organization: OrgId
    level: str
    item: ItemCode


def make_implementing_code(organization: OrgId, level: str, item: ItemCode) -> str:
    """Return the 31 or 33 characters of an implementing item.

    Raises:
        UsccLength, UsccCharacter, UsccCheck, ImplementingCodeInvalid: A part is wrong.
    """
    return parse_implementing_code(f"{organization}{level}{item}").text


def parse_implementing_code(text: str) -> ImplementingCode:
    """Return the parts of an implementing item code.

    Raises:
        ImplementingCodeInvalid: Not 31 or 33 characters, no known level, or a tail that is no basic code.
        UsccCharacter, UsccCheck: The first eighteen are no unified social credit code.
    """
    code = tidy(text)
    if len(code) - 19 not in ITEM_DIGITS or code[18] not in EXERCISE_LEVELS or not _digits(code[19:]):
        raise errors.ImplementingCodeInvalid
    return ImplementingCode(code, parse_org_id(code[:18]), code[18], ItemCode(code[19:]))


def check_implementing_code(text: str) -> str:
    """Return the canonical characters. Raises like `parse_implementing_code`."""
    return parse_implementing_code(text).text


# Licences


def parse_licence_type_code(text: str) -> LicenceTypeCode:
    """Return a licence type: 18 characters of the defining body and 3 digits.

    Raises:
        LicenceTypeCodeInvalid: Another shape.
    """
    code = tidy(text)
    if len(code) != 21 or not set(code[:18]) <= set(USCC_ALPHABET) or not _digits(code[18:]):
        raise errors.LicenceTypeCodeInvalid
    return LicenceTypeCode(code)


def check_licence_type_code(text: str) -> LicenceTypeCode:
    """Return the canonical 21 characters. Raises like `parse_licence_type_code`."""
    return parse_licence_type_code(text)


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """A national licence identifier in its parts.

    Attributes:
        text: The whole with its dots.
        type_code: Licence type, 21 characters.
        issuer: Issuing body, 18 characters; its own check character is not required (issued ones exist without).
        serial: Serial number, capitals and digits.
        version: 1 to 999.
        check: Check character over the four parts.
    """

    text: str
    type_code: LicenceTypeCode
    issuer: OrgId
    serial: str
    version: int
    check: str


_LICENCE: Final = re.compile(
    re.escape(LICENCE_ROOT) + r"\.([0-9A-Z]{18}[0-9]{3})\.([0-9A-Z]{18})\.([0-9A-Z]{1,64})\.([0-9]{3})\.([0-9A-Z])"
)


def make_licence_identifier(type_code: LicenceTypeCode, issuer: OrgId, serial: str, version: int) -> str:
    """Return the identifier with its check character.

    Raises:
        LicenceIdentifierInvalid: A part has the wrong shape.
    """
    body = f"{type_code}{issuer}{serial}{version:03d}"
    if not (body.isascii() and body.isalnum() and body == body.upper()):
        raise errors.LicenceIdentifierInvalid
    check = mod_37_36.calc_check_digit(body)
    return parse_licence_identifier(f"{LICENCE_ROOT}.{type_code}.{issuer}.{serial}.{version:03d}.{check}").text


def parse_licence_identifier(text: str) -> LicenceIdentifier:
    """Return the parts of a licence identifier.

    Raises:
        LicenceIdentifierInvalid: Not root.type.issuer.serial.version.check.
        LicenceIdentifierCheck: The check character does not fit.
    """
    code = tidy(text)
    found = _LICENCE.fullmatch(code)
    if found is None or found[4] == "000":
        raise errors.LicenceIdentifierInvalid
    type_code, issuer, serial, version, check = found.groups()
    if mod_37_36.calc_check_digit(type_code + issuer + serial + version) != check:
        raise errors.LicenceIdentifierCheck
    return LicenceIdentifier(code, LicenceTypeCode(type_code), OrgId(issuer), serial, int(version), check)


def check_licence_identifier(text: str) -> str:
    """Return the canonical text. Raises like `parse_licence_identifier`."""
    return parse_licence_identifier(text).text
