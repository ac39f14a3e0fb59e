"""Refusals of this room."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound


class PackNotFound(NotFound):
    """No such folder, and no shipped pack of that name."""

    code = "packs.not_found"
    text = "没有找到城市包 {name}"
    hint = "写城市包文件夹的路径，或随平台提供的名称，例如 shuzheng pack check template"


class PackHasFaults(Invalid):
    """The pack was checked and not loaded."""

    code = "packs.has_faults"
    text = "城市包有 {count} 处要改，没有装入任何内容；第一处在 {file} 第 {line} 行：{what}"
    hint = "用 shuzheng pack check 列出全部要改的地方，改好后再装入"


class OtherPackLoaded(Conflict):
    """The platform already runs another city."""

    code = "packs.other_loaded"
    text = "这里已经装了城市包 {loaded}，不能再装 {given}"
    hint = "一套平台只办一座城市的事；换城市请把 SHUZHENG_VAR 指向另一个空目录"


class NoPackLoaded(NotFound):
    """Nothing was loaded yet."""

    code = "packs.none_loaded"
    text = "还没有装入城市包"
    hint = "运行 shuzheng setup --pack luan"


class ListUnreadable(Invalid):
    """A list of items cannot be read at all."""

    code = "packs.list_unreadable"
    text = "读不了清单 {file}：{why}"
    hint = "核对路径；用 UTF-8 编码保存的文本文件，不超过 64 MB"


class ListFormatUnknown(Invalid):
    """A list of items has none of the shapes we know."""

    code = "packs.list_format_unknown"
    text = "看不出清单是哪一种格式；能读的有 {formats}"
    hint = "用 --format 指定；别的格式请先整理成其中一种"


class WouldReplaceItems(Conflict):
    """The folder already has such files."""

    code = "packs.would_replace"
    text = "{folder} 里已经有 {files}，没有写入任何内容"
    hint = "换一个空文件夹；确实要替换就加上 --replace，已给的编码会保留"
