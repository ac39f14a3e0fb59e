"""From YAML to rule tests: every value is typed by the schema of its fact, every fault has its line and column.

- 名称: 距污染源不足 25 米的不予许可      # name
  日期: 2023-06-01                       # on
  已知: {fact.pollution_m: 24.99}        # given, by the fact's name or label
  结论: 不符合                           # expect: 符合 不符合 待核; of a value or a table: what it gives
  理由: [经营场所距垃圾场等污染源不足25米]  # reasons
  缺少: [本市户籍]                       # missing: the facts that keep it open
  行: [2]                                # rows of a table
  说明: 第三十三条                        # note
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.rules.errors import FactInvalid, RuleTestsInvalid, TextFault
from shuzheng.engines.rules.rules.explaining import TODAY
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.rules.testing.yaml_text import Entry, read_yaml
from shuzheng.engines.rules.types import DATE, Fact, Kind, Schema, Value
from shuzheng.engines.rules.types.tables import OUTCOME_LABELS, Outcome
from shuzheng.engines.rules.types.testing import VERDICT_LABELS, Came, RuleTest, Verdict

MOST_TESTS: Final = 500
_KEYS: Final[Mapping[str, str]] = {
    "名称": "name",
    "日期": "on",
    "已知": "given",
    "结论": "expect",
    "理由": "reasons",
    "缺少": "missing",
    "行": "rows",
    "说明": "note",
}
_CHINESE: Final = {english: chinese for chinese, english in _KEYS.items()}
_VERDICTS: Final = {**{label: v for v, label in VERDICT_LABELS.items()}, **{v.value: v for v in Verdict}}
_OUTCOMES: Final[Mapping[str, Outcome]] = {
    OUTCOME_LABELS[Outcome.UNKNOWN]: Outcome.UNKNOWN,
    OUTCOME_LABELS[Outcome.NONE]: Outcome.NONE,
    OUTCOME_LABELS[Outcome.SEVERAL]: Outcome.SEVERAL,
}
_NOTHING: Final = frozenset({"~", "null", "Null", "NULL"})
_ROW: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_DAY: Final = Fact("", DATE, "日期")


def read_tests(text: str, schema: Schema, gives: Sequence[Fact] = ()) -> tuple[RuleTest, ...]:
    """Return the tests of a text.

    Args:
        text: YAML.
        schema: The facts they may give.
        gives: What a value or a table gives, by name and type; none for conditions.

    Raises:
        RuleTestsInvalid: With every fault, each with line and column.
    """
    root = read_yaml(text)
    if root is None:
        return ()
    reader = _Reader(schema, gives)
    tests = reader.tests(root)
    if reader.faults:
        raise RuleTestsInvalid(tuple(sorted(reader.faults, key=lambda one: (one.line, one.column))))
    return tests


@dataclass(slots=True)
class _Reader:
    schema: Schema
    gives: Sequence[Fact]
    faults: list[TextFault] = field(default_factory=list)

    def fault(self, entry: Entry, problem: str) -> None:
        self.faults.append(TextFault(entry.line, entry.column, problem))

    def tests(self, root: Entry) -> tuple[RuleTest, ...]:
        if root.items is None:
            self.fault(root, said("最外层是一列测试，每个以 - 开头"))
            return ()
        if len(root.items) > MOST_TESTS:
            self.fault(root, said("测试太多：最多 {most} 个", most=MOST_TESTS))
            return ()
        found = [self._test(item) for item in root.items]
        names: set[str] = set()
        for item, test in zip(root.items, found, strict=True):
            if test is not None and test.name in names:
                self.fault(item, said("名称重复：{name}", name=test.name))
            names.add("" if test is None else test.name)
        return tuple(test for test in found if test is not None)

    def _test(self, item: Entry) -> RuleTest | None:
        parts = self._parts(item)
        if parts is None:
            return None
        for key in ("name", "on", "expect"):
            if key not in parts:
                self.fault(item, said("缺少“{key}”", key=_CHINESE[key]))
        name = self._text(parts["name"]) if "name" in parts else ""
        day = self._day(parts["on"]) if "on" in parts else None
        facts = self._facts(parts["given"]) if "given" in parts else {}
        expected = self._expected(parts)
        if not name or day is None or expected is None:
            return None
        if TODAY in self.schema:
            facts.setdefault(TODAY, day)
        note = self._text(parts["note"]) if "note" in parts else ""
        return RuleTest(name, day, facts, expected, item.line, note or "")

    def _parts(self, item: Entry) -> dict[str, Entry] | None:
        if item.pairs is None:
            self.fault(item, said("一个测试要写 {keys}", keys="、".join(_KEYS)))
            return None
        found: dict[str, Entry] = {}
        for key, value in item.pairs:
            name = _KEYS.get(key.text or "", key.text or "")
            if name not in _CHINESE:
                near = get_close_matches(name, [*_KEYS, *_CHINESE], 1, 0.5)
                hint = said("；是不是“{near}”？", near=near[0]) if near else ""
                self.fault(key, said("没有“{key}”这一项{near}", key=name, near=hint))
            elif name in found:
                self.fault(key, said("“{key}”写了两次", key=_CHINESE[name]))
            else:
                found[name] = value
        return found

    # ---- parts ----
    def _text(self, entry: Entry) -> str:
        if entry.text is None or not entry.text.strip():
            self.fault(entry, said("这里要写文本"))
            return ""
        return entry.text.strip()

    def _texts(self, entry: Entry) -> tuple[tuple[Entry, str], ...]:
        items = (entry,) if entry.items is None else entry.items
        return tuple((item, self._text(item)) for item in items)

    def _day(self, entry: Entry) -> date | None:
        value = self._value(_DAY, entry)
        return value if isinstance(value, date) else None

    def _facts(self, entry: Entry) -> dict[str, Value]:
        if entry.pairs is None:
            if entry.text != "":
                self.fault(entry, said("“已知”要写成 事实: 值"))
            return {}
        found: dict[str, Value] = {}
        for key, given in entry.pairs:
            fact = self._fact(key)
            if fact is None:
                continue
            if fact.name in found:
                self.fault(key, said("“{key}”写了两次", key=key.text))
            found[fact.name] = self._value(fact, given)
        return found

    def _fact(self, key: Entry) -> Fact | None:
        name = (key.text or "").strip()
        if name in self.schema:
            return self.schema[name]
        called = [fact for fact in self.schema.values() if fact.label == name]
        if len(called) == 1:
            return called[0]
        if called:
            self.fault(
                key, said("有几个事实都叫“{name}”；写 {names}", name=name, names="、".join(f.name for f in called))
            )
            return None
        near = get_close_matches(name, [*self.schema, *(fact.label for fact in self.schema.values())], 1, 0.5)
        hint = said("；是不是 {near}？", near=near[0]) if near else ""
        self.fault(key, said("没有名为“{name}”的事实{near}", name=name, near=hint))
        return None

    def _value(self, fact: Fact, entry: Entry) -> Value:
        given: object = entry.text
        if fact.type.kind is Kind.LIST and entry.items is not None:
            given = [item.text for item in entry.items]
        elif entry.text is None:
            self.fault(entry, said("“{label}”只能写一个值", label=fact.label))
            return None
        elif entry.plain and entry.text in _NOTHING:
            self.fault(entry, said("不知道的事实不用写；真是“{text}”这个文本就加引号", text=entry.text))
            return None
        try:
            return read_value(fact, given)
        except FactInvalid as fault:
            self.fault(entry, fault.message)
            return None

    # ---- what is expected ----
    def _expected(self, parts: Mapping[str, Entry]) -> Came | None:
        if "expect" not in parts:
            return None
        expect = parts["expect"]
        came = self._of_values(expect) if self.gives else self._of_conditions(expect)
        if came is None:
            return None
        open_now = Verdict.TO_CHECK in {came.verdict} or came.outcome is Outcome.UNKNOWN
        if "reasons" in parts:
            if came.verdict is not Verdict.NOT_MET:
                self.fault(parts["reasons"], said("只有“不符合”才有理由"))
            came = replace(came, reasons=frozenset(text for _, text in self._texts(parts["reasons"])))
        if "missing" in parts:
            if not open_now:
                self.fault(parts["missing"], said("只有“待核”才有缺少的事实"))
            facts = [self._fact(item) for item, _ in self._texts(parts["missing"])]
            came = replace(came, missing=frozenset(fact.name for fact in facts if fact))
        if "rows" in parts:
            came = replace(came, rows=self._rows(parts["rows"]))
        return came

    def _rows(self, entry: Entry) -> tuple[int, ...]:
        found = []
        for item, text in self._texts(entry):
            if not _ROW.fullmatch(text):
                self.fault(item, said("这里写行号，从 1 起"))
            else:
                found.append(int(text))
        return tuple(found)

    def _of_conditions(self, entry: Entry) -> Came | None:
        verdict = _VERDICTS.get((entry.text or "").strip())
        if verdict is None:
            self.fault(entry, said("结论写 {words} 中的一个", words="、".join(VERDICT_LABELS.values())))
            return None
        return Came(verdict=verdict)

    def _of_values(self, entry: Entry) -> Came | None:
        outcome = _OUTCOMES.get((entry.text or "").strip()) if entry.plain else None
        if outcome is not None:
            return Came(outcome=outcome)
        before = len(self.faults)
        rows = [self._row(item) for item in (entry.items if entry.items is not None else (entry,))]
        if len(self.faults) > before:
            return None
        return Came(outcome=Outcome.DECIDED, values=tuple(rows))

    def _row(self, entry: Entry) -> dict[str, Value]:
        if entry.pairs is None:
            if len(self.gives) > 1:
                self.fault(
                    entry, said("有几列结果，要写成 {{{names}}}", names=": …, ".join(f.name for f in self.gives))
                )
                return {}
            return {self.gives[0].name: self._value(self.gives[0], entry)}
        named = {name: fact for fact in self.gives for name in (fact.label, fact.name)}
        found: dict[str, Value] = {}
        for key, given in entry.pairs:
            fact = named.get(key.text or "")
            if fact is None:
                self.fault(key, said("没有名为“{name}”的结果", name=key.text))
            else:
                found[fact.name] = self._value(fact, given)
        return found
