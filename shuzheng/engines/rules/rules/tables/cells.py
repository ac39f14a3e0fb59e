"""From the text of one cell to syntax about its column's value; what a cell cannot say is refused with its place.

    -                       any value
    >= 3    <> 'A'          a comparison; what stands on the right may be any value of the rule language
    [1..5)  (DATE '2026-01-01'..2026-06-30]   an interval, each end with or without its value
    'A', 'B'    1, [5..7)   one of several
    非('A', 'B')            none of several
    空   不为空              the fact is not known, is known
    是   否                  yes, no

A test whose fact is not known is not known, as everywhere; only 空 and 不为空 ask about not knowing itself.
"""

import re
from typing import Final, NoReturn

from typing_extensions import override

from shuzheng.engines.rules.rules.reading import COMPARISONS, Reader, Syntax, Token, refuse, split
from shuzheng.engines.rules.types import At, Kind, Schema

_WORDS: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>--|/\*|\#)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?!\w|\.(?!\.)))
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"[^"]+")
      | (?P<word>[A-Za-z_\u4e00-\u9fff][0-9A-Za-z_\u4e00-\u9fff]*)
      | (?P<sign><>|!=|<=|>=|\.\.|[=<>+\-*/(),.\[\]])""",
    re.VERBOSE | re.ASCII,
)
_CONSTANTS: Final = frozenset({"number", "string", "bool", "date"})
_BOOLS: Final = {"是": "TRUE", "否": "FALSE"}
_NOT: Final = frozenset({"非", "不是"})


def read_cell(text: str, subject: Syntax, kind: Kind, schema: Schema) -> Syntax | None:
    """Return what a cell asks about its column's value; None where any value will do.

    Args:
        text: As its author wrote it.
        subject: The column's value.
        kind: Of that value.
        schema: The facts, so that a text without its quotes is told from a fact.

    Raises:
        RuleTextInvalid: With the place within the cell.
    """
    return _CellReader(text, schema, subject, kind).cell()


def read_result(text: str, schema: Schema) -> Syntax:
    """Return the value a cell of a result gives.

    Raises:
        RuleTextInvalid: With the place within the cell.
    """
    return _CellReader(text, schema).result()


class _CellReader(Reader):
    def __init__(self, text: str, schema: Schema, subject: Syntax | None = None, kind: Kind = Kind.BOOL) -> None:
        super().__init__(split(text, _WORDS))
        self._schema = schema
        self._subject = subject or Syntax("bool", At(), text="TRUE")
        self._kind = kind

    def cell(self) -> Syntax | None:
        if self._now.kind == "end":
            refuse(self._now.at, "格子空着；不限就写 -")
        if self._is("sign", "-") and self._tokens[self._i + 1].kind == "end":
            return None
        at = self._now.at
        negated = self._now.text in _NOT or self._is("keyword", "NOT")
        if negated and self._tokens[self._i + 1].text == "(":
            self._i += 2
            found = Syntax("not", at, (self._tests(),))
            self._want("sign", ")")
        else:
            found = self._tests()
        if self._now.kind != "end":
            self._lost()
        return found

    def result(self) -> Syntax:
        if self._now.kind == "end":
            refuse(self._now.at, "结果空着；要写一个值")
        return self.whole()

    def _tests(self) -> Syntax:
        at, parts = self._now.at, [self._test()]
        while self._take("sign", ","):
            parts.append(self._test())
        if len(parts) == 1:
            return parts[0]
        if all(part.kind == "compare" and part.text == "=" and _is_constant(part.parts[1]) for part in parts):
            return Syntax("in", at, (self._subject, *(part.parts[1] for part in parts)))
        return Syntax("or", at, tuple(parts))

    def _test(self) -> Syntax:
        token = self._now
        if token.text == "空" or self._is("keyword", "NULL"):
            self._next()
            return Syntax("is", token.at, (self._subject,), "NULL")
        if token.text == "不为空" and token.kind == "name":
            self._next()
            return Syntax("is", token.at, (self._subject,), "NULL", negated=True)
        if self._is("keyword", "NOT"):
            self._next()
            self._want("keyword", "NULL")
            return Syntax("is", token.at, (self._subject,), "NULL", negated=True)
        if token.kind == "sign" and token.text in COMPARISONS:
            self._next()
            return self._compare(token.at, token.text, self._sum())
        if token.kind == "sign" and token.text in {"[", "("}:
            return self._interval(self._next())
        return self._compare(token.at, "=", self._sum())

    def _compare(self, at: At, sign: str, other: Syntax) -> Syntax:
        if self._kind is Kind.LIST:
            refuse(at, "列表不能这样写；把列写成 has(列表, '值')，格子写 是 或 否")
        return Syntax("compare", at, (self._subject, other), sign)

    def _interval(self, opens: Token) -> Syntax:
        low = self._sum()
        if not self._is("sign", ".."):
            refuse(self._now.at, "括号里要写区间，例如 [1..5)")
        self._next()
        high = self._sum()
        closes = self._next()
        if closes.kind != "sign" or closes.text not in {"]", ")"}:
            self._i -= 1
            self._lost(")")
        if self._kind in {Kind.BOOL, Kind.LIST}:
            refuse(opens.at, "这一列没有大小，不能写区间")
        if opens.text == "[" and closes.text == "]":
            return Syntax("between", opens.at, (self._subject, low, high))
        ends = (
            self._compare(opens.at, ">=" if opens.text == "[" else ">", low),
            self._compare(opens.at, "<=" if closes.text == "]" else "<", high),
        )
        return Syntax("and", opens.at, ends)

    @override
    def _primary(self) -> Syntax:
        token = self._now
        if token.kind == "number" and (day := self._day()):
            self._i += 5
            return Syntax("date", token.at, text=day)
        following = self._tokens[self._i + 1].text if token.kind == "name" else ""
        if token.kind == "name" and following not in {"(", "."} and token.text not in self._schema:
            if token.text not in _BOOLS:
                self._refuse_word(token)
            self._next()
            return Syntax("bool", token.at, text=_BOOLS[token.text])
        return super()._primary()

    def _refuse_word(self, token: Token) -> NoReturn:
        refuse(token.at, "文本要加英文单引号：'{text}'", text=token.text)

    def _day(self) -> str:
        """Return a day written without quotes, as 2026-01-31 is; '' where these words are a sum."""
        words = self._tokens[self._i : self._i + 5]
        written = "".join(word.text for word in words)
        together = len(words) == 5 and words[4].at.column - words[0].at.column == 8
        return written if together and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written) else ""


def _is_constant(syntax: Syntax) -> bool:
    return syntax.kind in _CONSTANTS or (syntax.kind == "negate" and syntax.parts[0].kind == "number")
