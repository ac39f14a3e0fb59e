"""Composite services (一件事) and benchmarks (对标): data for guides, figures and the composites' own pages."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.pack import Changes, Fault, PackRows, Row, Table, rows_of, to_json
from shuzheng.base.kernel.types import Actor, Json
from shuzheng.services.items.models import Benchmark, Composite
from shuzheng.services.items.rules.composites import QuestionKind, problems_of_condition

FILES = ("benchmarks.csv", "onethings.toml")
BENCHMARKS, COMPOSITES = FILES
BATCH: Final = 500
_KINDS: Final = frozenset(QuestionKind)


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of composite services and benchmarks."""
    names = {row.text("basic_code"): row.text("name") for row in pack.of("items.csv")}
    faults = [
        Fault(row.file, row.line, "basic_code 不在 items.csv 里", "改成该文件中的事项编码")
        for row in pack.of(BENCHMARKS)
        if row.text("basic_code") not in names
    ]
    for row in rows_of(pack, COMPOSITES, "onething"):
        faults += _check_questions(row)
        faults += _check_items(row, names)
    return faults


def _check_questions(row: Row) -> Iterator[Fault]:
    for table in row.tables("question"):
        options, kind = table.get("options"), table.get("kind")
        if kind == QuestionKind.BOOLEAN and (not isinstance(options, list) or len(options) != 2):
            yield Fault(row.file, table.line, "options 不是两个词", 'boolean 的问题写 options = ["是", "否"]')
        elif not options:
            yield Fault(row.file, table.line, "options 没有选项", 'options = ["甲", "乙"]')


def _check_items(row: Row, names: Mapping[str, str]) -> Iterator[Fault]:
    questions = {str(table.get("id", "")): table for table in row.tables("question")}
    for table in row.tables("item"):
        code = str(table.get("basic_code", ""))
        if code not in names:
            yield Fault(row.file, table.line, f"basic_code {code} 不在 items.csv 里", "改成该文件中的事项编码")
        elif names[code] != table.get("name"):
            yield Fault(row.file, table.line, "name 与 items.csv 中该事项的不一致", f"改成“{names[code]}”")
        stage = table.get("stage")
        if isinstance(stage, int) and stage < 1:
            yield Fault(row.file, table.line, "stage 小于 1", "从 1 开始；同一阶段的事项一起办")
        options = {name: _options(question) for name, question in questions.items()}
        for what in problems_of_condition(str(table.get("when", "")), options):
            remedy = "写成 has(answer.问题, '选项')、answer.问题 = '选项' 或 answer.问题 = TRUE"
            yield Fault(row.file, table.line, f"when {what}", remedy)


def _options(question: Table) -> tuple[QuestionKind, tuple[str, ...]]:
    kind, options = question.get("kind"), question.get("options")
    known = QuestionKind(str(kind)) if kind in _KINDS else QuestionKind.SINGLE
    return known, tuple(map(str, options)) if isinstance(options, list) else ()


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:  # noqa: ARG001 - the shape of every part
    """Write both inside the caller's transaction; applying twice changes nothing.

    A composite service whose content changed gets a new version.
    """
    changes = Changes()
    _apply_composites(pack, at, changes)
    _apply_benchmarks(pack, changes)
    return changes


def _apply_composites(pack: PackRows, at: datetime, changes: Changes) -> None:
    newest = {row.code: row for row in Composite.objects.order_by("code", "version")}
    known = bool(newest)
    for row in rows_of(pack, COMPOSITES, "onething"):
        code, content = row.text("code"), _content(row)
        digest = hashlib.sha256(canonical_json(content)).hexdigest()
        before = newest.pop(code, None)
        if before is not None and before.current and before.digest == digest:
            changes.unchanged += 1
            continue
        if before is None:
            changes.added += 1
            if known:
                changes.note(f"新增一件事“{row.text('name')}”")
        else:
            changes.changed += 1
            changes.note(f"一件事“{row.text('name')}”有改动，第 {before.version + 1} 版")
            Composite.objects.filter(pk=before.pk, current=True).update(current=False, retired_at=at)
        version = 1 if before is None else before.version + 1
        Composite.objects.create(code=code, version=version, current=True, digest=digest, added_at=at, **content)
    for before in newest.values():
        if before.current:
            changes.retired += 1
            changes.note(f"不再提供一件事“{before.name}”")
            Composite.objects.filter(pk=before.pk).update(current=False, retired_at=at)


def _content(row: Row) -> dict[str, Json]:
    return {
        "name": row.text("name"),
        "audience": row.text("audience"),
        "department": row.text("lead_department"),
        "summary": row.text("summary"),
        "questions": [to_json(table) for table in row.tables("question")],
        "items": [{"when": "", **_object(table)} for table in row.tables("item")],
    }


def _object(table: Table) -> dict[str, Json]:
    return {key: to_json(value) for key, value in table.items()}


def _apply_benchmarks(pack: PackRows, changes: Changes) -> None:
    known = {(row.item_code, row.place): row for row in Benchmark.objects.all()}
    new: list[Benchmark] = []
    changed: list[Benchmark] = []
    for row in pack.of(BENCHMARKS):
        before = known.pop((row.text("basic_code"), row.text("place")), None)
        after = Benchmark(
            pk=None if before is None else before.pk,
            item_code=row.text("basic_code"),
            place=row.text("place"),
            place_name=row.text("place_name"),
            promised_days=int(row.text("promised_days")),
            papers=int(row.text("papers")),
        )
        if before is None:
            new.append(after)
        elif before.to_view() != after.to_view():
            changed.append(after)
            changes.note(f"{after.place}对标 {after.item_code}：{_said(before)} → {_said(after)}")
        else:
            changes.unchanged += 1
    Benchmark.objects.bulk_create(new, batch_size=BATCH)
    Benchmark.objects.bulk_update(changed, ["place_name", "promised_days", "papers"], batch_size=BATCH)
    gone = [row.pk for row in known.values()]
    for start in range(0, len(gone), BATCH):
        Benchmark.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    changes.added += len(new)
    changes.changed += len(changed)
    changes.retired += len(gone)


def _said(row: Benchmark) -> str:
    return f"{row.place_name} {row.promised_days} 日 {row.papers} 份"
