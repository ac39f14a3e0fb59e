"""Refusals of `codes`: one class a problem, none repeats what was typed."""

from shuzheng.base.kernel.errors import Invalid

_USCC = "统一社会信用代码共 18 位，例如 91350100M000100Y43；营业执照左上角可以查到"
_CITIZEN = "公民身份号码共 18 位，例如 11010519491231002X；请对照身份证填写"
_LICENCE = "电子证照标识例如 1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F"


class UsccLength(Invalid):
    """Not 18 characters."""

    code = "kernel.uscc_length"
    text = "统一社会信用代码应为 18 位，现在是 {length} 位"
    hint = _USCC


class UsccCharacter(Invalid):
    """A character the code does not use."""

    code = "kernel.uscc_character"
    text = "统一社会信用代码第 {position} 位不对：只用数字和大写字母，不用 I、O、S、V、Z，第 3 至 8 位只用数字"
    hint = _USCC


class UsccCheck(Invalid):
    """The check character does not fit."""

    code = "kernel.uscc_check"
    text = "统一社会信用代码的校验位不符，有一位写错了"
    hint = _USCC


class CitizenIdLength(Invalid):
    """Not 18 characters."""

    code = "kernel.citizen_id_length"
    text = "公民身份号码应为 18 位，现在是 {length} 位"
    hint = _CITIZEN


class CitizenIdCharacter(Invalid):
    """A character other than a digit, or X elsewhere than at the end."""

    code = "kernel.citizen_id_character"
    text = "公民身份号码第 {position} 位不对：前 17 位是数字，末位是数字或 X"
    hint = _CITIZEN


class CitizenIdDate(Invalid):
    """Digits 7 to 14 are no day of birth."""

    code = "kernel.citizen_id_date"
    text = "公民身份号码第 7 至 14 位不是有效的出生日期"
    hint = _CITIZEN


class CitizenIdCheck(Invalid):
    """The check character does not fit."""

    code = "kernel.citizen_id_check"
    text = "公民身份号码的校验位不符，有一位写错了"
    hint = _CITIZEN


class MobileInvalid(Invalid):
    """Not a mobile number."""

    code = "kernel.mobile_invalid"
    text = "手机号码不正确"
    hint = "手机号码是以 1 开头的 11 位数字，例如 13800001234"


class DivisionCodeInvalid(Invalid):
    """Not a division code."""

    code = "kernel.division_code_invalid"
    text = "行政区划代码不正确"
    hint = "县级以上 6 位、乡镇 9 位、村居 12 位数字，例如 110105、110105001、110105001001"


class ItemCodeInvalid(Invalid):
    """Not the basic code of an item."""

    code = "kernel.item_code_invalid"
    text = "事项基本编码不正确"
    hint = "基本编码是 12 位数字，例如 000125005002；业务办理项再加 2 位"


class ImplementingCodeInvalid(Invalid):
    """Not an implementing item code."""

    code = "kernel.implementing_code_invalid"
    text = "实施编码不正确"
    hint = "实施编码共 31 位：18 位统一社会信用代码、1 位行使层级（1 至 6）、12 位基本编码；业务办理项再加 2 位"


class LicenceTypeCodeInvalid(Invalid):
    """Not a licence type code."""

    code = "kernel.licence_type_code_invalid"
    text = "证照类型代码不正确"
    hint = "证照类型代码共 21 位：定义机构 18 位和 3 位数字，例如 11100000000013338W032"


class LicenceIdentifierInvalid(Invalid):
    """Not in the shape of a licence identifier."""

    code = "kernel.licence_identifier_invalid"
    text = "电子证照标识的格式不正确：应为根标识、类型、颁发机构、流水号、版本、校验位，用点分隔"
    hint = _LICENCE


class LicenceIdentifierCheck(Invalid):
    """The check character does not fit."""

    code = "kernel.licence_identifier_check"
    text = "电子证照标识的校验位不符，有一位写错了"
    hint = _LICENCE
