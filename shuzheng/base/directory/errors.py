"""Refusals of the directory."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused, ShuzhengError, TooMany


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
    """The person neither represents the firm, nor is guardian of the child, nor holds a mandate in force."""

    code = "directory.may_not_act_for"
    text = "您现在不能代对方办事"
    hint = "请由本人、法定代表人或监护人登录办理，或请对方先在“委托”里委托您"


class IdentityUnproved(MayNotActFor):
    """Acting for others asks for a real-name level that was not reached."""

    code = "directory.identity_unproved"
    text = "代别人办事之前，要先核对您的身份"
    hint = "请带身份证到政务服务窗口核验，或用统一身份认证登录一次"


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


class NoSuchMandate(NotFound):
    """No mandate has this id, or the actor has no part in it."""

    code = "directory.no_such_mandate"
    text = "没有找到这份委托"
    hint = "请从委托列表里打开"


class MandateOver(Conflict):
    """The mandate is not, or no longer, in a state that allows this."""

    code = "directory.mandate_over"
    text = "这份委托现在是“{state}”，这一步不能办了"
    hint = "请看委托列表里的最新状态；需要时请重新委托"


class MandateDoesNotCover(Refused):
    """No standing in force covers the item."""

    code = "directory.mandate_does_not_cover"
    text = "对方没有委托您办这件事，或者委托已经到期、撤销"
    hint = "请对方在“委托”里加上这件事，或由对方本人办理"


class MayNotGiveMandate(Refused):
    """Only a person for themselves, or a legal representative for the firm, gives a mandate."""

    code = "directory.may_not_give_mandate"
    text = "受托人和监护人不能再转委托别人"
    hint = "请由本人登录，或由企业的法定代表人登录后委托"


class MandataryUnknown(Invalid):
    """Name and number do not belong to one person known here; the answer does not tell which is wrong."""

    code = "directory.mandatary_unknown"
    text = "没有找到姓名和公民身份号码都相符的人"
    hint = "请核对两项，写法与身份证一致；对方还没有注册的，请对方先注册"


class MandataryUnfit(Invalid):
    """A mandatary is an adult and another person."""

    code = "directory.mandatary_unfit"
    text = "受托人要年满 18 周岁，并且不能是委托人自己"
    hint = "请换一位受托人"


class MandateDaysWrong(Invalid):
    """The days are in the past, in the wrong order, or too many."""

    code = "directory.mandate_days_wrong"
    text = "委托从今天或以后开始，到结束最多 {most} 天，例如从今天到三个月以后"
    hint = "请改一下开始和结束的日期"


class MandateItemsWrong(Invalid):
    """Too many items, or something that is not an item's code."""

    code = "directory.mandate_items_wrong"
    text = "一份委托最多写 {most} 个事项，每个事项写 12 位基本编码"
    hint = "请从搜索结果里选事项"


class TooManyMandates(Conflict):
    """The principal has as many open mandates as allowed."""

    code = "directory.too_many_mandates"
    text = "同时有效的委托最多 {most} 份"
    hint = "请先撤销不再需要的委托"


class NoSuchSession(NotFound):
    """No open session of the account has this id."""

    code = "directory.no_such_session"
    text = "这台设备已经退出登录"
    hint = "请刷新页面看最新的列表"


class NoSuchClient(NotFound):
    """No machine account or system has this name."""

    code = "directory.no_such_client"
    text = "没有名为“{name}”的接入账号"
    hint = "请用 list 看全部名称"


class ClientClosed(Conflict):
    """The machine account or system was closed."""

    code = "directory.client_closed"
    text = "接入账号“{name}”已经停用"
    hint = "停用后不能恢复；请用新的名称再建一个"


class ClientRefused(Refused):
    """Unknown id, wrong or outdated secret, or an expired token: the answer does not tell which."""

    code = "directory.client_refused"
    status = 401
    text = "标识或密钥不对"
    hint = "请核对接入账号的标识和密钥；密钥轮换后旧密钥会到期"


class ClientLocked(TooMany):
    """Too many failures of this id from this address."""

    code = "directory.client_locked"
    text = "密钥多次不对，已锁定到 {until}"
    hint = "请先改正程序里的密钥，再在这个时间之后重试"


class RoleUnknown(Invalid):
    """A duty that no post could have."""

    code = "directory.role_unknown"
    text = "没有“{role}”这个职责"
    hint = "只能用机构职责表里的词，例如 service_window"


class RedirectUnfit(Invalid):
    """A redirect address is https, or http on the loopback, without a fragment."""

    code = "directory.redirect_unfit"
    text = "回调地址要以 https:// 开头，不带片段，例如 https://oa.example.gov.cn/callback"
    hint = "本机调试可用 http://127.0.0.1"


class OAuthRefused(Invalid):
    """A request of a system breaks the protocol; `error` is the code of RFC 6749 or OpenID Connect."""

    code = "directory.oauth_refused"
    status = 400
    text = "系统登录请求不合规：{error}，{what}"
    hint = "请把这一页的编号告诉发起登录的系统的管理员"


class ExternalOff(NotFound):
    """The city has no external sign-in."""

    code = "directory.external_off"
    text = "这个平台没有接入统一身份认证"
    hint = "请用账号和密码登录"


class ExternalStale(Conflict):
    """The answer fits no sign-in that this browser began within ten minutes."""

    code = "directory.external_stale"
    text = "这次外部登录已经过期，或者不是从这个浏览器发起的"
    hint = "请回到登录页重新开始"


class ExternalFailed(Refused):
    """The provider refused, or what it sent does not verify."""

    code = "directory.external_failed"
    text = "外部登录没有完成：{reason}"
    hint = "请重新登录；一直不行请用账号和密码登录，并告诉我们这一页的编号"


class ProviderAway(ShuzhengError):
    """The provider does not answer as OpenID Connect says."""

    code = "directory.provider_away"
    status = 502
    text = "统一身份认证暂时连不上"
    hint = "请稍后再试，或用账号和密码登录"


class ExternalUnproved(Refused):
    """The sign-in reached no real-name level that binds an identity."""

    code = "directory.external_unproved"
    text = "统一身份认证没有核验您的身份，不能用它第一次登录"
    hint = "请先在统一身份认证完成实名，再来登录"


class ExternalUnknown(Refused):
    """The proved identity number belongs to nobody known here."""

    code = "directory.external_unknown"
    text = "人口登记里没有找到您"
    hint = "请带身份证到政务服务窗口登记"


class MayNotConfirm(Refused):
    """Identity is confirmed at a window or by an administrator."""

    code = "directory.may_not_confirm"
    text = "只有服务窗口和平台管理员可以核验身份"
    hint = "请到有服务窗口职责的单位办理"


class NumberDiffers(Invalid):
    """The number read from the card is not the person's."""

    code = "directory.number_differs"
    text = "证件上的号码与登记的不一致"
    hint = "请对照身份证核对，确认是本人再核验"


class PositionUnfit(Invalid):
    """A page was asked for from something that is no position."""

    code = "directory.position_unfit"
    text = "翻页的位置不对"
    hint = "请从第一页重新看"


class MayNotNameDeputy(Refused):
    """Only the officer or who leads the organization names a deputy; a deputy names nobody."""

    code = "directory.may_not_name_deputy"
    text = "这个岗位的代理人不由您指定"
    hint = "代理人由本人、本单位或上级的主要负责人指定；您正在代理别人时，请先换回自己的岗位"


class DeputyUnfit(Invalid):
    """The deputy holds no post in the organization, or is the absent officer."""

    code = "directory.deputy_unfit"
    text = "代理人要是同一单位在岗的另一位同事"
    hint = "请从列出的同事中选择"


class AbsenceDaysWrong(Invalid):
    """An absence begins today or later and is of limited length."""

    code = "directory.absence_days_wrong"
    text = "日期不对：要从今天或以后开始，结束不早于开始，一次最多 {most} 天"
    hint = "例如：从 2026-12-01 到 2026-12-05"


class AbsenceOverlaps(Conflict):
    """The post has a deputy in these days already."""

    code = "directory.absence_overlaps"
    text = "这个岗位从 {first} 到 {last} 已经由{deputy}代理"
    hint = "请先撤销原来的代理，或换一段日期"


class DeputyAway(Conflict):
    """No chain: a deputy who is away could not act."""

    code = "directory.deputy_away"
    text = "{deputy}在这段日期里也不在岗，由别人代理"
    hint = "请换一位同事，或换一段日期"


class StandsInThen(Conflict):
    """No chain: who stands in for a colleague in these days cannot be away."""

    code = "directory.stands_in_then"
    text = "{holder}从 {first} 到 {last} 正代理{absent}，不能同时请人代理"
    hint = "请先把那段代理改给别的同事"


class NoSuchAbsence(NotFound):
    """The delegation is unknown, or not the actor's to see."""

    code = "directory.no_such_absence"
    text = "没有找到这次代理"
    hint = "请回到“外出代理”页面查看"


class AbsenceOver(Conflict):
    """A delegation that ended cannot be revoked."""

    code = "directory.absence_over"
    text = "这次代理已经结束"
    hint = "不用再撤销"


class NoSuchPost(NotFound):
    """The post is unknown, or has ended."""

    code = "directory.no_such_post"
    text = "没有找到这个岗位，或者它已经撤销"
    hint = "请在通讯录里查看现在的岗位"


class OfficePhoneUnfit(Invalid):
    """The address book shows office telephones, never a person's mobile."""

    code = "directory.office_phone_unfit"
    text = "这里填办公电话，不填手机号码"
    hint = "例如：0999-1234567，可以带分机号"


class MayNotKeepBook(Refused):
    """Only who leads or administers an organization writes its office telephone."""

    code = "directory.may_not_keep_book"
    text = "这个单位的办公电话不由您维护"
    hint = "请联系该单位的主要负责人或平台管理员"
