"""Refusals of this room."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused, ShuzhengError, TooLarge, TooMany


class TableNotFound(NotFound):
    """No such table, or the actor may not know that there is one."""

    code = "lake.table_not_found"
    text = "没有数据表 {table}"
    hint = "在“数据湖”页面看有哪些表，表名写英文代码"


class TableForeign(Conflict):
    """The folder of the table was written by something that uses features we do not read."""

    code = "lake.table_foreign"
    text = "数据表 {table} 的存储格式含有本平台不读的特性：{features}"
    hint = "用写入它的工具去掉删除向量和列映射后再读"


class TreeInvalid(Invalid):
    """A tree names what is not there; a mistake of ours or of a definition, never of data."""

    code = "lake.tree_invalid"
    text = "这一步计算写得不对：{why}"
    hint = "核对列名和类型"


class EngineAway(ShuzhengError):
    """The engine does not answer."""

    code = "lake.engine_away"
    status = 503
    text = "计算引擎 {engine} 没有应答"
    hint = "请运维人员用 shuzheng doctor 查看；数据没有丢失，恢复后重试"


class EngineFailed(ShuzhengError):
    """The engine began and did not end: memory, disk, or a file that is gone. What it said is never shown."""

    code = "lake.engine_failed"
    status = 500
    text = "计算引擎 {engine} 没有算完：{why}"
    hint = "请运维人员看内存、磁盘空间和数据湖文件；数据没有改动，可以重试"


class ReadingPurposeMissing(Invalid):
    """Nothing is read for no purpose."""

    code = "lake.purpose_missing"
    text = "查数据要写明用途"
    hint = "从本表授权的用途中选一个，例如：统计分析"


class GrantMissing(Refused):
    """No grant names a role the reader holds."""

    code = "lake.grant_missing"
    text = "您的岗位没有数据表“{table}”的查阅授权"
    hint = "请向本表的归口部门申请授权"


class NotOfThisUnit(Refused):
    """The grant is for the table's department and the units below it."""

    code = "lake.not_of_this_unit"
    text = "数据表“{table}”的这项授权只给归口部门及其下级单位"
    hint = "确有工作需要时，请向本表的归口部门申请授权"


class PurposeNotGranted(Refused):
    """The grant is for other purposes."""

    code = "lake.purpose_not_granted"
    text = "数据表“{table}”的授权不包括这个用途，可选：{may}"
    hint = "从可选的用途中选一个；都不合适时，请向本表的归口部门申请授权"


class QueryRefused(Invalid):
    """The text asks for what no query may, or is not one query."""

    code = "lake.query_refused"
    text = "这条查询不能执行：{why}"
    hint = "只写一条 SELECT，只用本人有授权的数据表和列出的函数"


class QueryUnreadable(Invalid):
    """The text is not SQL."""

    code = "lake.query_unreadable"
    text = "第 {line} 行第 {column} 列附近看不懂"
    hint = "核对括号、引号和逗号；文本用单引号，列名用双引号或不用引号"


class GroupsOnly(Refused):
    """The grant gives groups, never single rows."""

    code = "lake.groups_only"
    text = "您的授权只能看 {least} 人以上的分组统计：{why}"
    hint = "用 count、sum、avg 和 GROUP BY 写一条分组统计；小于规定人数的组不显示"


class QueryFailed(Invalid):
    """It began and gave an error. What the engine said may hold what the reader may not see, and is not shown."""

    code = "lake.query_failed"
    text = "这条查询没有算出来"
    hint = "核对列的类型和日期写法，或把可能出错的计算写成 TRY_CAST；引擎的原话可能含有您无权看的数据，所以不显示"


class QueryTooLong(TooMany):
    """It used up its time or memory."""

    code = "lake.query_too_long"
    text = "这条查询超过了 {seconds} 秒或内存上限，已经停止"
    hint = "缩小范围、先分组再连接，或请管理员安排在集群上运行"


class AnswerTooLarge(TooLarge):
    """The answer has more bytes than may be carried."""

    code = "lake.answer_too_large"
    text = "查询结果超过 {limit_mb} MB"
    hint = "减少列或行，或按条件分几次查"


class BudgetSpent(Refused):
    """The post asked as many queries as it may on one day."""

    code = "lake.budget_spent"
    status = 429
    text = "今天的查询次数已经用完，每天最多 {most} 次"
    hint = "请明天再查；经常不够用时，请数据主管部门调高每天的次数"


class SavedQueryInvalid(Invalid):
    """What should be kept is not a query with a title and a purpose."""

    code = "lake.saved_query_invalid"
    text = "这条查询不能保存：{why}"
    hint = "请改好后再保存"


class SavingRefused(Refused):
    """Who holds no post keeps no queries."""

    code = "lake.saving_refused"
    text = "以岗位身份登录的工作人员才能保存查询"
    hint = "请先切换到您的岗位"


class SavedQueryNotFound(NotFound):
    """There is none, or it is another's and not shared with the unit."""

    code = "lake.saved_query_not_found"
    text = "没有这条保存的查询"
    hint = "它可能已被删除，或没有共享给您的单位"


class SavedQueryForeign(Refused):
    """A shared query is changed by its owner alone."""

    code = "lake.saved_query_foreign"
    text = "这条查询是同事共享的，只有保存它的人能修改"
    hint = "可以另存为自己的查询后再改"


class QueryPositionInvalid(Invalid):
    """The position to continue a list from is none we gave."""

    code = "lake.position_invalid"
    text = "翻页位置不对"
    hint = "请从列表第一页重新翻看"
