"""The conditions of an item, decided over one application's answers and what else is known.

An application form declares fields (`form.x`) and facts (`fact.x`); its conditions are rules over both and `today`.
What no answer and no register has told yet stays unknown: it is never taken for "no".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shuzheng.base.kernel.types import ItemCode, JsonObject
from shuzheng.engines.rules.errors import FactInvalid, RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.explaining import TODAY, explain
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Fact, Facts, Rule, Sensitivity, Type, Value, number
from shuzheng.services.items.rules.grading import grade_in
from shuzheng.services.items.rules.prefill import Known, look_up
from shuzheng.services.items.rules.specs import conditions_of, form_of, objects, parse_precision, texts
from shuzheng.services.items.types import Answer, ConditionView, FieldType, Judged, PaperState, PaperView, PrefillRule
from shuzheng.services.rulebook.types import FactSheet, NewRule, RuleCode, RuleKind, RuleView, SheetCode

_THERE: Final = frozenset({PaperState.GIVEN, PaperState.WAIVED, PaperState.DEPARTMENT})
_TYPES: Final[Mapping[FieldType, Type]] = {
    FieldType.BOOLEAN: BOOL,
    FieldType.DATE: DATE,
    FieldType.MULTICHOICE: LIST,
}
_FACT_TYPES: Final[Mapping[str, Type]] = {"text": TEXT, "date": DATE, "boolean": BOOL, "list": LIST}
_DATES: Final = frozenset({"birth_on", "registered_on"})
"""Columns of the directory that are days."""
_MATCH: Final = re.compile(r"(?:uscc|id_no) = (form\.\w+)")
_NUMBERS: Final = {"firm": "uscc", "person": "id_no"}
"""By origin, the field that says whose record it is."""
_WHO_KNOWS: Final = {"officer": "由审查人员核查", "derived": "由申请表算出"}


def schema_of(form: JsonObject) -> dict[str, Fact]:
    """Return the facts the conditions of a form may ask about, by name."""
    found = {TODAY: Fact(TODAY, DATE, "办理当天", sensitivity=Sensitivity.L1, changeable=False)}
    grades = {table.get("name"): grade_in(table) for table in _fields(form)}
    for field in form_of(ItemCode(""), 0, form).fields():
        kind = _TYPES.get(field.type, TEXT)
        if field.type is FieldType.NUMBER and field.precision is not None:
            kind = number(field.precision.digits, field.precision.decimals)
        name = f"form.{field.name}"
        found[name] = Fact(
            name, kind, field.label, unit=field.unit, sensitivity=grades[field.name], choices=field.choices
        )
    for table in objects(form.get("fact")):
        name, written = f"fact.{table.get('name')}", str(table.get("type", ""))
        precision = parse_precision(written)
        kind = number(precision.digits, precision.decimals) if precision else _FACT_TYPES.get(written, TEXT)
        found[name] = Fact(
            name,
            kind,
            str(table.get("label_zh", "")),
            unit=str(table.get("unit", "")),
            null_means=str(table.get("null_zh", "")),
            choices=texts(table.get("values")),
            register=str(table.get("dataset", "")),
            column=str(table.get("column_zh", "")),
            sensitivity=grade_in(table),
        )
    return found


def _fields(form: JsonObject) -> Iterator[JsonObject]:
    return (field for section in objects(form.get("section")) for field in objects(section.get("field")))


def faults_of(form: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    """Yield what is wrong in the rules of a form: the table it stands in, and the sentence with its place."""
    schema = schema_of(form)
    for table in objects(form.get("fact")):
        kind = str(table.get("type", ""))
        if kind not in _FACT_TYPES and parse_precision(kind) is None:
            yield table, f"事实 {table.get('name')} 的类型“{kind}”不能用；写 text、date、boolean 或 num(12,2)"
    texts = [(table, str(table.get("expression", "")), BOOL) for table in objects(form.get("condition"))]
    for table in objects(form.get("fact")):
        if table.get("source") == "derived" and (fact := schema.get(f"fact.{table.get('name')}")):
            texts.append((table, str(table.get("derive", "")), fact.type))
    for table, text, wanted in texts:
        try:
            check_rule(text, schema, kind=wanted.kind)
        except RuleTextInvalid as fault:
            yield table, fault.message


def facts_of_answers(
    form: JsonObject, answers: Mapping[str, Answer], papers: Iterable[PaperView] = (), *, today: date
) -> dict[str, Value]:
    """Return what an application tells, typed; an answer that is missing or wrong tells nothing.

    A file's field is answered when its paper needs no upload any more: given, waived by a licence, or fetched.
    """
    schema, there = schema_of(form), {paper.seq: paper.name for paper in papers if paper.state in _THERE}
    found: dict[str, Value] = {TODAY: today}
    for spec in form_of(ItemCode(""), 0, form).fields():
        name, answer = f"form.{spec.name}", answers.get(spec.name)
        if spec.type is FieldType.FILE:
            found[name] = there.get(spec.material_seq or 0)
        elif answer is not None:
            found[name] = _read(schema[name], answer)
    return derive(form, found)


def _read(fact: Fact, answer: Answer) -> Value:
    try:
        return read_value(fact, answer.value)
    except FactInvalid:
        return None


def register_keys(form: JsonObject) -> dict[str, str]:
    """Return by fact the `dataset.column` it is read from, as prefill keys are written."""
    return {
        f"fact.{table.get('name')}": f"{table.get('dataset')}.{table.get('column_zh')}"
        for table in objects(form.get("fact"))
        if table.get("source") == "register"
    }


def facts_known(
    form: JsonObject, rules: Mapping[str, PrefillRule], known: Known, facts: Facts
) -> tuple[dict[str, Value], dict[str, str]]:
    """Return the facts that records of the applicant tell already, and by fact the label of who told.

    A fact of one record's column is its value, or a condition on it (`exists`, `none`), or an expression over it. One
    that needs other rows or columns stays unknown until its register is there, and so does one about somebody else
    than the applicant: the answer the register is asked with must name the record's own subject.

    Args:
        form: As the pack has it.
        rules: Where a `dataset.column` is answered from.
        known: Records of the applicant.
        facts: The typed answers, and today.
    """
    schema, keys = schema_of(form), register_keys(form)
    told: dict[str, Value] = {}
    tellers: dict[str, str] = {}
    for table in objects(form.get("fact")):
        name = f"fact.{table.get('name')}"
        rule = rules.get(keys.get(name, ""))
        found = None if rule is None else look_up(rule, known)
        if rule is None or found is None or not _is_subject(table, rule, known, facts):
            continue
        value = _fact_of_column(table, schema[name], rule, found[0], facts)
        if value is not None:
            told[name], tellers[name] = value, found[1].label
    return told, tellers


def _is_subject(table: JsonObject, rule: PrefillRule, known: Known, facts: Facts) -> bool:
    asked = _MATCH.fullmatch(str(table.get("match", "")))
    record = known.records.get(rule.origin)
    number = None if record is None else record.fields.get(_NUMBERS.get(rule.origin, ""))
    return asked is not None and bool(number) and facts.get(asked[1]) == number


def _fact_of_column(table: JsonObject, fact: Fact, rule: PrefillRule, text: str, facts: Facts) -> Value:
    how = str(table.get("aggregate", ""))
    expression = str(table.get("where" if how in {"exists", "none"} else "value", ""))
    column = Fact(str(table.get("column_en", "")), DATE if rule.field in _DATES else TEXT, fact.column)
    try:
        if how == "value" and not expression:
            return read_value(fact, text)
        if how not in {"value", "exists", "none"}:
            return None
        day = Fact(TODAY, DATE, "")
        rooted = check_rule(expression, {column.name: column, TODAY: day}, kind=fact.type.kind).root
        value = make_closure(rooted)({column.name: read_value(column, text), TODAY: facts.get(TODAY)})
    except (RuleTextInvalid, FactInvalid):
        return None
    return not value if how == "none" and value is not None else value


def derive(form: JsonObject, facts: Facts) -> dict[str, Value]:
    """Return the facts with those that are computed from others."""
    schema, found = schema_of(form), dict(facts)
    for table in objects(form.get("fact")):
        if table.get("source") == "derived":
            name = f"fact.{table.get('name')}"
            rule = check_rule(str(table.get("derive", "")), schema, kind=schema[name].type.kind)
            found[name] = make_closure(rule.root)(found)
    return found


def checkable(form: JsonObject) -> dict[str, str]:
    """Return the facts an officer may find out, with who could tell them: all but sums over the form."""
    tellers = _tellers(form)
    return {
        name: tellers[name]
        for table in objects(form.get("fact"))
        if table.get("source") != "derived" and (name := f"fact.{table.get('name')}")
    }


def sheet_of(item: ItemCode, form: JsonObject) -> FactSheet:
    """Return the facts of a form as the rule book keeps them."""
    return FactSheet(SheetCode(f"form/{item}"), str(form.get("item_name") or form.get("title", "")), schema_of(form))


def rules_of(item: ItemCode, form: JsonObject) -> tuple[NewRule, ...]:
    """Return the conditions of a form as rules of the book, in order."""
    return tuple(
        NewRule(
            code=RuleCode(f"form/{item}/{view.seq}"),
            kind=RuleKind.CONDITION,
            sheet=SheetCode(f"form/{item}"),
            label=view.label,
            text=text,
            failure=view.failure,
            source=view.law,
            position=view.seq,
            department=str(form.get("department", "")),
        )
        for view, text in _texts_of(form)
    )


def _texts_of(form: JsonObject) -> Iterator[tuple[ConditionView, str]]:
    tables = objects(form.get("condition"))
    for view, table in zip(conditions_of(form), tables, strict=True):
        yield view, str(table.get("expression", ""))


def judge(
    form: JsonObject,
    facts: Facts,
    told_by: Mapping[str, str] | None = None,
    rules: Sequence[RuleView] = (),
) -> tuple[Judged, ...]:
    """Return every condition of an item with what it comes to; one that cannot be read is not known.

    Args:
        form: As the pack has it.
        facts: What is known, by name.
        told_by: By fact, which record told it; facts of the form itself are not named.
        rules: The item's conditions as the rule book had them for this case; the form's own where it had none.
    """
    return judge_each(conditions_to_decide(form, rules), form, facts, told_by)


def judge_each(
    conditions: Iterable["Condition"], form: JsonObject, facts: Facts, told_by: Mapping[str, str] | None = None
) -> tuple[Judged, ...]:
    """Return conditions that were checked before with what each comes to; arguments as `judge`."""
    schema, tellers = schema_of(form), _Tellers(_tellers(form), told_by or {})
    return tuple(
        _judge(one, fitting(facts, schema, one.rule.schema) if one.rule else {}, tellers) for one in conditions
    )


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that decides, and its rule: None for a text that is none."""

    view: ConditionView
    rule: Rule | None


def conditions_to_decide(form: JsonObject, rules: Sequence[RuleView] = ()) -> tuple[Condition, ...]:
    """Return the conditions of an item, checked: those of the rule book, the form's own where it holds none."""
    if rules:
        return tuple(Condition(condition_of(rule), _rule(rule.text, rule.schema)) for rule in rules)
    schema = schema_of(form)
    return tuple(Condition(view, _rule(text, schema)) for view, text in _texts_of(form))


def _rule(text: str, schema: Mapping[str, Fact]) -> Rule | None:
    try:
        return check_rule(text, schema)
    except RuleTextInvalid:
        return None


def condition_of(rule: RuleView) -> ConditionView:
    """Return a rule of the book as an item's condition."""
    return ConditionView(rule.position, rule.label, rule.failure, rule.source)


def fitting(facts: Facts, told: Mapping[str, Fact], asked: Mapping[str, Fact]) -> dict[str, Value]:
    """Return the facts whose type is the one the rule was written on: the form may have another edition."""
    return {
        name: value
        for name, value in facts.items()
        if name in told and name in asked and told[name].type.kind is asked[name].type.kind
    }


@dataclass(frozen=True, slots=True)
class _Tellers:
    could: Mapping[str, str]
    did: Mapping[str, str]


def _judge(condition: Condition, facts: Facts, tellers: _Tellers) -> Judged:
    view, rule = condition.view, condition.rule
    if rule is None:
        return Judged(view, None, None, ())
    schema, found = rule.schema, explain(rule, facts)
    unknown = dict.fromkeys(name for one in found.findings if one.holds is None for name in one.missing)
    missing = tuple(_say_missing(schema[name], tellers.could) for name in unknown)
    told = tuple(dict.fromkeys(tellers.did[name] for name in sorted(facts_of(rule.root)) if name in tellers.did))
    return Judged(view, found.holds, found, missing, told, rule)


def _say_missing(fact: Fact, tellers: Mapping[str, str]) -> str:
    teller = tellers.get(fact.name, "")
    return f"{fact.label}（{teller}）" if teller else fact.label


def _tellers(form: JsonObject) -> dict[str, str]:
    """Return who could tell each fact: a register's column, an officer, a sum over the form."""
    return {
        f"fact.{table.get('name')}": _WHO_KNOWS.get(str(table.get("source")), "")
        or f"{table.get('dataset')}：{table.get('column_zh')}"
        for table in objects(form.get("fact"))
    }
