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


class SourceNotFound(NotFound):
    """No such source."""

    code = "lake.source_not_found"
    text = "没有数据来源 {source}"
    hint = "在“采集”页面看有哪些来源"


class SourceBusy(Conflict):
    """The source is being gathered."""

    code = "lake.source_busy"
    text = "数据来源 {source} 正在采集"
    hint = "等这一批结束；在“采集”页面看进度"


class SourceAway(ShuzhengError):
    """The source does not answer, or what should lie there does not."""

    code = "lake.source_away"
    status = 503
    text = "数据来源 {source} 读不到：{why}"
    hint = "核对地址、口令文件和网络后重试；表里原有的数据没有变"


class SourceEmpty(Conflict):
    """An empty source would empty the table."""

    code = "lake.source_empty"
    text = "数据来源 {source} 没有任何数据，没有用它替换原有的数据"
    hint = "确实为空时，在来源定义里写 may_be_empty = true"


class SourceChanged(Conflict):
    """The source changed while it was read."""

    code = "lake.source_changed"
    text = "数据来源 {source} 在读取时发生了变化，这一批没有入库"
    hint = "等文件写完后重试"


class SourceDiffers(Conflict):
    """What was read is not what the source says it holds."""

    code = "lake.source_differs"
    text = "数据来源 {source} 对账不符：{what}，这一批没有入库"
    hint = "与数据提供单位核对后重试"


class HeaderInvalid(Invalid):
    """The columns are not those expected."""

    code = "lake.header_invalid"
    text = "数据来源 {source} 的列和约定的不一样。{what}"
    hint = "与数据提供单位核对表头，或修改来源定义里的对应关系"


class EncodingUnknown(Invalid):
    """The file is in an encoding that is not read."""

    code = "lake.encoding_unknown"
    text = "数据来源 {source} 的文件编码不能读：{encoding}"
    hint = "另存为 UTF-8 或 GB18030 编码后重试"


class TooManyBad(Conflict):
    """So many rows are bad that the source must be another than expected."""

    code = "lake.too_many_bad"
    text = "数据来源 {source} 的问题数据超过 {most} 行，这一批没有入库"
    hint = "核对文件是不是给错了；确要入库时，在来源定义里调高 most_quarantined"


class NotStored(ShuzhengError):
    """What was read could not be written."""

    code = "lake.not_stored"
    status = 507
    text = "数据来源 {source} 的数据写不下：{why}，这一批没有入库"
    hint = "请运维人员清理磁盘后重试；表里原有的数据没有变"


class MemoryShort(ShuzhengError):
    """The process may not have the memory a batch takes."""

    code = "lake.memory_short"
    status = 507
    text = "采集数据来源 {source} 时内存不够，这一批没有入库"
    hint = "请运维人员给采集进程至少 1 GB 内存后重试；表里原有的数据没有变"


class QuarantinedNotFound(NotFound):
    """No such quarantined row."""

    code = "lake.quarantined_not_found"
    text = "没有这一行问题数据"
    hint = "在“问题数据”页面重新选取"


class QuarantinedOver(Conflict):
    """The row was mended or discarded before."""

    code = "lake.quarantined_over"
    text = "这一行问题数据已经处理过"
    hint = "在“问题数据”页面看处理结果"


class MendInvalid(Invalid):
    """The values given are still not right."""

    code = "lake.mend_invalid"
    text = "更正后的数据仍不能入库：{reasons}"
    hint = "按提示改正后再提交"


class MayNotTend(Refused):
    """Neither steward of the table's department nor the data authority."""

    code = "lake.may_not_tend"
    text = "您不能处理数据表 {table} 的采集和问题数据"
    hint = "请本部门数据专员或数据主管部门办理"


class ReasonMissing(Invalid):
    """A row is set aside only with a reason."""

    code = "lake.reason_missing"
    text = "没有写作废的原因"
    hint = "写明为什么这一行不入库，例如：测试数据"


class ProposalNotFound(NotFound):
    """No such proposal."""

    code = "lake.proposal_not_found"
    text = "没有这条分级建议"
    hint = "回到分级建议列表重新打开"


class ProposalDecided(Conflict):
    """Somebody has decided, or a later look has replaced it."""

    code = "lake.proposal_decided"
    text = "这条分级建议已经处理过，或者已被新的发现取代"
    hint = "刷新列表看现在的状态"


class ProposalOutdated(Conflict):
    """The table or column the proposal is about is gone or graded higher by now."""

    code = "lake.proposal_outdated"
    text = "数据表 {table} 的列 {column} 已经变化，这条建议不再适用"
    hint = "重新对这张表做一次敏感数据发现"


class GradingNotYours(Refused):
    """Not the steward of the table's body, and no data authority over it."""

    code = "lake.grading_not_yours"
    text = "只有数据表归口单位的数据管理员或本地区的数据主管岗位可以发现和确认分级"
    hint = "请联系归口单位的数据管理员处理"


class KeyNotSealed(Conflict):
    """A key column cannot become L4: what is sealed differs each time, so that no row would be found by it again."""

    code = "lake.key_not_sealed"
    text = "列 {column} 是主键，不能改为 L4：加密存储后同一个值每次都不一样，无法再按主键更新和去重"
    hint = "请先换一列作主键；在此之前可确认为 L3"


class SealKept(Conflict):
    """A column that is stored sealed cannot be graded lower: its values would have to be written in clear."""

    code = "lake.seal_kept"
    text = "数据表 {table} 的列 {column} 已按 L4 加密存储，不能降为 {grade}"
    hint = "在数据包里保持 L4；确需降级时，换一个列名重新归集"


class SealChanged(Conflict):
    """A column was sealed between what was planned and what would have been read or written."""

    code = "lake.seal_changed"
    text = "数据表 {table} 的加密方式刚刚变化，这次没有读写任何数据"
    hint = "请过几秒再做一次"


class NotSealed(Conflict):
    """The columns could not be written anew; nothing was changed, and they stay masked as L4."""

    code = "lake.not_sealed"
    text = "数据表 {table} 的列还没有改成加密存储：{why}"
    hint = "数据没有改动，这些列已按 L4 遮盖；几分钟后会自动再做，也可以运行 shuzheng lake seal"


class AnswerMissing(Invalid):
    """A decline says why."""

    code = "lake.answer_missing"
    text = "没有写明不采纳的理由，或者超过 500 字"
    hint = "写一两句理由，例如“本列是订单号，不是身份证号”"


class PositionInvalid(Invalid):
    """The position of a page is not one we gave."""

    code = "lake.position_invalid"
    text = "翻页位置不对"
    hint = "请从列表第一页重新翻看"


class RuleNotFound(NotFound):
    """No such rule of quality, or none that single rows break."""

    code = "lake.rule_not_found"
    text = "没有质量规则 {rule}，或者它不是逐行判断的"
    hint = "从质量得分表里选一条规则"


class NothingStored(Conflict):
    """A table without a batch has no quality."""

    code = "lake.nothing_stored"
    text = "数据表 {table} 还没有归集过数据，没有可检查的内容"
    hint = "先归集一批数据"


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


class NotSearchable(Invalid):
    """Rows cannot be looked for so."""

    code = "lake.not_searchable"
    text = "不能按“{column}”这样查找：{why}"
    hint = "日期写成 2024-01-05，数值只写数字；查文本可以选“开头是”或“包含”"


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


class ExportTooLarge(TooLarge):
    """An export has more rows than may leave at once; it is refused, never cut."""

    code = "lake.export_too_large"
    text = "查询结果超过 {rows} 行"
    hint = "加上条件，分几次导出"


class SheetTooSmall(TooLarge):
    """A sheet of a workbook does not hold an answer."""

    code = "lake.sheet_too_small"
    text = "Excel 工作表装不下：{what}"
    hint = "导出 CSV，或者加上条件分几次导出"


class AnswerTooLarge(TooLarge):
    """The answer has more bytes than may be carried."""

    code = "lake.answer_too_large"
    text = "查询结果超过 {limit_mb} MB"
    hint = "减少列或行，或按条件分几次查"
