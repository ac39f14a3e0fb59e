"""Refusals of this room."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused, ShuzhengError


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


class FigureTooLarge(Invalid):
    """A sum has more digits than any engine can hold."""

    code = "lake.figure_too_large"
    text = "合计超过了 38 位"
    hint = "缩小范围，或先按较大的单位取整再合计"


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
