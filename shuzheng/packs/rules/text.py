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
    text, broken_at = _utf_8(content)
    if broken_at is not None:
        line = content[:broken_at].count(b"\n") + 1
        remedy = "改正这一行的字符，用 UTF-8 编码重新保存整个文件"
        return "", [Fault(file, line, "这里的字符既不是 UTF-8 也不是 GB18030", remedy)]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def _utf_8(content: bytes) -> tuple[str, int | None]:
    """Return the text, or where its bytes break off.

    Almost any bytes can be read as GB 18030, so it is tried only when the file does not look like UTF-8 with a few
    broken characters: otherwise these would turn the whole file into nonsense unnoticed.
    """
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        broken_at = error.start
    lenient = content.decode("utf-8", errors="replace")
    broken = lenient.count("\N{REPLACEMENT CHARACTER}")
    beyond_ascii = sum(1 for character in lenient if character > "\x7f") - broken
    if beyond_ascii > 5 * broken:
        return "", broken_at
    try:
        return content.decode("gb18030"), None
    except UnicodeDecodeError:
        return "", broken_at
