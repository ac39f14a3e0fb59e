"""From a text to a syntax tree, with the place of every word.

Our own reader instead of a general SQL parser: the subset is small, the place of a fault must be exact, and a
construct that is not named here cannot be misread because it cannot be read (docs/decisions/0017-rule-reader.md).

Precedence, weakest first: OR; AND; NOT; comparisons, IN, BETWEEN, LIKE, IS; + and -; * and /; unary -.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NoReturn

from shuzheng.base.kernel.said import said
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.types import At

MOST_CHARACTERS: Final = 4000
MOST_TOKENS: Final = 600
MOST_DEPTH: Final = 40
"""Brackets, functions and CASE within one another; keeps the reader's own recursion short."""
MOST_HEIGHT: Final = 64
"""Operators within one another; what walks the tree, here or in an engine, goes that deep."""
COMPARISONS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
KEYWORDS: Final = frozenset(
    {"AND", "OR", "NOT", "BETWEEN", "IN", "IS", "LIKE", "NULL", "TRUE", "FALSE", "DATE"}
    | {"CASE", "WHEN", "THEN", "ELSE", "END"}
)
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>--|/\*|\#)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"[^"]+")
      | (?P<word>[A-Za-z_\u4e00-\u9fff][0-9A-Za-z_\u4e00-\u9fff]*)
      | (?P<sign><>|!=|<=|>=|[=<>+\-*/(),.])""",
    re.VERBOSE | re.ASCII,
)
_HIDDEN: Final = re.compile("[\x00\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no engine stores, or what shows a text in another order than it is read."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text: `kind` is number, string, name, keyword, sign or end."""

    kind: str
    text: str
    at: At


@dataclass(frozen=True, slots=True)
class Syntax:
    """A node as written: `kind` names the form, `text` what the form needs to know (an operator, a name)."""

    kind: str
    at: At
    parts: tuple["Syntax", ...] = ()
    text: str = ""
    negated: bool = False


def refuse(at: At, problem: str, **facts: object) -> NoReturn:
    """Say what is wrong at a place; of what was written at most a line is repeated."""
    short = {name: f"{fact[:60]}…" for name, fact in facts.items() if isinstance(fact, str) and len(fact) > 160}
    raise RuleTextInvalid(line=at.line, column=at.column, problem=said(problem, **facts | short))


def read_text(text: str) -> Syntax:
    """Return the syntax tree of a rule.

    Raises:
        RuleTextInvalid: The text is too long, too deep, or not of the subset; with line and column.
    """
    return Reader(split(text)).whole()


def _limit_height(root: Syntax) -> None:
    waiting = [(root, 1)]
    while waiting:
        syntax, height = waiting.pop()
        if height > MOST_HEIGHT:
            refuse(syntax.at, "嵌套太深：最多 {most} 层", most=MOST_HEIGHT)
        waiting.extend((part, height + 1) for part in syntax.parts)


def split(text: str, words: re.Pattern[str] = _TOKEN) -> list[Token]:
    """Return the words of a text and a last one of kind `end`; `words` names them by its groups."""
    if len(text) > MOST_CHARACTERS:
        refuse(At(), "规则太长：{n} 字，最多 {most} 字", n=len(text), most=MOST_CHARACTERS)
    found: list[Token] = []
    here, line, line_start = 0, 1, 0
    while here < len(text):
        at = At(line, here - line_start + 1)
        match = words.match(text, here)
        if match is None:
            _refuse_character(text, here, at)
        kind, word = match.lastgroup or "", match.group()
        if kind == "comment":
            refuse(at, "规则里不能写注释")
        if kind != "space":
            found.append(_token(kind, word, at))
        if len(found) > MOST_TOKENS:
            refuse(at, "规则太大：最多 {most} 个词", most=MOST_TOKENS)
        breaks = word.count("\n")
        if breaks:
            line, line_start = line + breaks, here + word.rindex("\n") + 1
        here = match.end()
    found.append(Token("end", "", At(line, here - line_start + 1)))
    return found


def _token(kind: str, word: str, at: At) -> Token:
    if kind == "word":
        upper = word.upper()
        return Token("keyword", upper, at) if upper in KEYWORDS else Token("name", word, at)
    if kind in {"quoted", "string"}:
        hidden = _HIDDEN.search(word)
        if hidden is not None:
            refuse(at, "引号里有不能保存或看不见方向的字符 U+{code:04X}", code=ord(hidden.group()))
    if kind == "quoted":
        return Token("name", word[1:-1], at)
    if kind == "string":
        return Token("string", word[1:-1].replace("''", "'"), at)
    return Token(kind, "<>" if word == "!=" else word, at)


def _refuse_character(text: str, here: int, at: At) -> NoReturn:
    char = text[here]
    if char in "'\"":
        refuse(at, "引号没有配对")
    if char == ";":
        refuse(at, "只能写一个式子，不能有分号")
    if char.isdigit() and char.isascii():
        refuse(at, "数的写法不对；写成 12 或 12.50")
    if "\uff01" <= char <= "\uff5e" or char in "“”‘’、。　《》":
        refuse(at, "请用半角字符，这里是“{char}”", char=char)
    refuse(at, "不能用的字符 U+{code:04X}", code=ord(char))


class Reader:
    """Recursive descent over the words of one text; AND and OR chains are read in a loop."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._i = 0
        self._depth = 0

    # ---- words ----
    @property
    def _now(self) -> Token:
        return self._tokens[self._i]

    def _next(self) -> Token:
        token = self._now
        self._i += 1
        return token

    def _is(self, kind: str, text: str) -> bool:
        return self._now.kind == kind and self._now.text == text

    def _take(self, kind: str, text: str) -> bool:
        if self._is(kind, text):
            self._i += 1
            return True
        return False

    def _want(self, kind: str, text: str) -> Token:
        if not self._is(kind, text):
            self._lost(text)
        return self._next()

    def _lost(self, wanted: str = "") -> NoReturn:
        token = self._now
        if token.kind == "end":
            refuse(token.at, "式子没有写完，缺“{wanted}”" if wanted else "式子没有写完", wanted=wanted)
        if wanted:
            refuse(token.at, "这里应为“{wanted}”，写的是“{found}”", wanted=wanted, found=token.text)
        refuse(token.at, "看不懂这里的“{found}”", found=token.text)

    # ---- forms, weakest first ----
    def whole(self) -> Syntax:
        """Return the tree of all words; a word left over is a fault."""
        if self._now.kind == "end":
            refuse(self._now.at, "规则是空的")
        found = self._or()
        if self._now.kind != "end":
            self._lost()
        _limit_height(found)
        return found

    def _or(self) -> Syntax:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            refuse(self._now.at, "嵌套太深：最多 {most} 层", most=MOST_DEPTH)
        parts = [self._and()]
        at = parts[0].at
        while self._take("keyword", "OR"):
            parts.append(self._and())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Syntax("or", at, tuple(parts))

    def _and(self) -> Syntax:
        parts = [self._not()]
        while self._take("keyword", "AND"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Syntax("and", parts[0].at, tuple(parts))

    def _not(self) -> Syntax:
        at, times = self._now.at, 0
        while self._take("keyword", "NOT"):
            times += 1
        if times > 1:
            refuse(at, "不要连写 NOT")
        found = self._condition()
        return Syntax("not", at, (found,)) if times else found

    def _condition(self) -> Syntax:
        left = self._sum()
        if self._compares():
            sign = self._next().text
            found = Syntax("compare", left.at, (left, self._sum()), sign)
            if self._compares():
                refuse(self._now.at, "比较不能连写；用 AND 分成两个")
            return found
        if self._take("keyword", "IS"):
            return self._is_what(left)
        negated = self._take("keyword", "NOT")
        for word, read in (("IN", self._in), ("BETWEEN", self._between), ("LIKE", self._like)):
            if self._take("keyword", word):
                return replace(read(left), negated=negated)
        if negated:
            self._lost("IN")
        return left

    def _compares(self) -> bool:
        return self._now.kind == "sign" and self._now.text in COMPARISONS

    def _is_what(self, left: Syntax) -> Syntax:
        negated = self._take("keyword", "NOT")
        token = self._now
        if token.kind == "keyword" and token.text in {"NULL", "TRUE", "FALSE"}:
            self._next()
            return Syntax("is", left.at, (left,), token.text, negated=negated)
        refuse(token.at, "IS 后面只能是 NULL、TRUE 或 FALSE")

    def _in(self, left: Syntax) -> Syntax:
        self._want("sign", "(")
        parts = [left, self._sum()]
        while self._take("sign", ","):
            parts.append(self._sum())
        self._want("sign", ")")
        return Syntax("in", left.at, tuple(parts))

    def _between(self, left: Syntax) -> Syntax:
        low = self._sum()
        self._want("keyword", "AND")
        return Syntax("between", left.at, (left, low, self._sum()))

    def _like(self, left: Syntax) -> Syntax:
        if self._now.kind != "string":
            refuse(self._now.at, "LIKE 后面只能是文本常量")
        return Syntax("like", left.at, (left,), self._next().text)

    def _sum(self) -> Syntax:
        return self._chain("+-", self._product)

    def _product(self) -> Syntax:
        return self._chain("*/", self._unary)

    def _chain(self, signs: str, read: Callable[[], Syntax]) -> Syntax:
        found = read()
        while self._now.kind == "sign" and self._now.text in signs:
            sign = self._next().text
            found = Syntax("arithmetic", found.at, (found, read()), sign)
        return found

    def _unary(self) -> Syntax:
        at = self._now.at
        if self._take("sign", "-"):
            if self._is("sign", "-"):
                refuse(self._now.at, "不要连写负号")
            return Syntax("negate", at, (self._primary(),))
        return self._primary()

    def _primary(self) -> Syntax:
        token = self._next()
        if token.kind in {"number", "string"}:
            return Syntax(token.kind, token.at, text=token.text)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "sign" and token.text == "(":
            found = self._or()
            self._want("sign", ")")
            return found
        if token.kind == "keyword":
            return self._keyword(token)
        self._i -= 1
        return self._lost()

    def _named(self, token: Token) -> Syntax:
        if self._take("sign", "("):
            parts: list[Syntax] = []
            if not self._is("sign", ")"):
                parts.append(self._or())
                while self._take("sign", ","):
                    parts.append(self._or())
            self._want("sign", ")")
            return Syntax("call", token.at, tuple(parts), token.text.lower())
        name = token.text
        if self._take("sign", "."):
            if self._now.kind not in {"name", "keyword"}:
                self._lost()
            name = f"{name}.{self._next().text}"
        return Syntax("name", token.at, text=name)

    def _keyword(self, token: Token) -> Syntax:
        if token.text in {"TRUE", "FALSE"}:
            return Syntax("bool", token.at, text=token.text)
        if token.text == "NULL":
            refuse(token.at, "NULL 只能写在 IS NULL、IS NOT NULL 里")
        if token.text == "DATE":
            if self._now.kind != "string":
                refuse(self._now.at, "DATE 后面写 '年年年年-月月-日日'")
            return Syntax("date", token.at, text=self._next().text)
        if token.text == "CASE":
            return self._case(token)
        self._i -= 1
        return self._lost()

    def _case(self, token: Token) -> Syntax:
        parts: list[Syntax] = []
        while self._take("keyword", "WHEN"):
            parts.append(self._or())
            self._want("keyword", "THEN")
            parts.append(self._or())
        if not parts:
            self._lost("WHEN")
        has_else = self._take("keyword", "ELSE")
        if has_else:
            parts.append(self._or())
        self._want("keyword", "END")
        return Syntax("case", token.at, tuple(parts), "else" if has_else else "")
