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
