"""Refusals of this room."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, ShuzhengError


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
