"""Bytes of a pack file as text: UTF-8 with or without BOM, or GB 18030 as Chinese Windows saves it."""

from shuzheng.base.kernel.pack import Fault


def read_text(file: str, content: bytes) -> tuple[str, list[Fault]]:
    r"""Return the text with `\n` line ends, and what is wrong with its encoding.

    Args:
        file: Name for the fault.
        content: The whole file.

    Example:
        >>> read_text("a.csv", "代码".encode("gb18030"))
        ('代码', [])
    """
    if b"\x00" in content:
        return "", [
            Fault(file, 1, "文件不是文本，或者是 UTF-16 编码", "用 UTF-8 编码重新保存，例如在编辑器里选“UTF-8”")
        ]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n"), []
    line = content[: _first_bad_byte(content)].count(b"\n") + 1
    return "", [Fault(file, line, "这里的字符既不是 UTF-8 也不是 GB18030", "用 UTF-8 编码重新保存整个文件")]


def _first_bad_byte(content: bytes) -> int:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start
    return len(content)
