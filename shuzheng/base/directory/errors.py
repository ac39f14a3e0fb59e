"""Refusals of the directory."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused, TooMany


class NoSuchOrganization(NotFound):
    """No organization has this code."""

    code = "directory.no_such_organization"
    text = "没有代码为 {code} 的机构"
    hint = "请核对统一社会信用代码，或按名称查找机构"


class NoSuchDivision(NotFound):
    """No division has this code."""

    code = "directory.no_such_division"
    text = "没有代码为 {code} 的行政区划"
    hint = "请核对区划代码，或从上级区划逐级选择"


class NoSuchPerson(NotFound):
    """No person has this id."""

    code = "directory.no_such_person"
    text = "没有找到这位人员"
    hint = "请核对后再查"


class NoSuchFirm(NotFound):
    """No firm has this id."""

    code = "directory.no_such_firm"
    text = "没有找到这家企业"
    hint = "请核对统一社会信用代码后再查"


class NoSuchAccount(NotFound):
    """No account has this id."""

    code = "directory.no_such_account"
    text = "没有找到这个账号"
    hint = "请重新登录"


class AccountClosed(Refused):
    """The account was closed, or its person can no longer act."""

    code = "directory.account_closed"
    text = "这个账号已经停用"
    hint = "请到政务服务窗口核实人员信息"


class MayNotActFor(Refused):
    """The person is not the legal representative of the firm."""

    code = "directory.may_not_act_for"
    text = "您不是这家企业的法定代表人，不能代表它办事"
    hint = "请由法定代表人本人登录办理，或到登记机关变更法定代表人"


class FirmDeregistered(MayNotActFor):
    """The firm no longer exists in law."""

    code = "directory.firm_deregistered"
    text = "这家企业已经注销，不能再代表它办事"
    hint = "历史办件和证照可到登记机关查询"


class PostNotHeld(MayNotActFor):
    """The person does not hold this post, or no longer."""

    code = "directory.post_not_held"
    text = "您没有担任这个岗位，或者已经离岗"
    hint = "请选择现任岗位，或请单位管理员核对岗位"


class TwoRoles(MayNotActFor):
    """A person acts for a firm or in a post, never both at once."""

    code = "directory.two_roles"
    text = "不能同时以岗位和企业的名义办事"
    hint = "请先选择一种身份"


class SignInFailed(Refused):
    """Unknown name or wrong password: the answer does not tell which."""

    code = "directory.sign_in_failed"
    text = "账号或密码不对"
    hint = "请核对后再试；15 分钟内 5 次不对会锁定 15 分钟"


class AccountLocked(TooMany):
    """Too many failures; the right password does not help before `until` (local time of day)."""

    code = "directory.account_locked"
    text = "密码多次不对，已锁定到 {until}"
    hint = "请在这个时间之后再登录；忘记密码可到政务服务窗口重置"


class NameTaken(Conflict):
    """Another account has this sign-in name."""

    code = "directory.name_taken"
    text = "账号名“{name}”已经有人使用"
    hint = "请换一个账号名"


class MayNotManage(Refused):
    """Accounts are managed by the platform's administrators."""

    code = "directory.may_not_manage"
    text = "只有平台管理员可以管理账号"
    hint = "请联系本单位的平台管理员"


class PackFaulty(Invalid):
    """A pack with faults is not applied at all."""

    code = "directory.pack_faulty"
    text = "城市包的机构与人员部分有 {count} 处错误，没有载入；第一处：{file} 第 {line} 行，{what}"
    hint = "请先运行 shuzheng pack check，改正全部错误"


class NameUnfit(Invalid):
    """A sign-in name has another form."""

    code = "directory.name_unfit"
    text = "账号名要用 3 至 32 个小写字母、数字、点、横线或下划线，并以字母开头，例如 zhang.wei"
    hint = "请换一个账号名"


class PasswordUnfit(Invalid):
    """A password is too short, or the name itself."""

    code = "directory.password_unfit"
    text = "密码至少 {least} 个字符，不能与账号名相同，也不能只用一个字符重复"
    hint = "可以用几个不相关的词连成一句"


class PasswordWrong(Refused):
    """The present password given to change it is wrong."""

    code = "directory.password_wrong"
    text = "现在的密码不对"
    hint = "请重新输入现在的密码"


class PersonUnfit(Invalid):
    """A person entered by hand lacks a proper name."""

    code = "directory.person_unfit"
    text = "姓名要填 1 至 60 个字符"
    hint = "请填写真实姓名，例如：李小华"
