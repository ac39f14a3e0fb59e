"""`shuzheng lake …`: gather, query, check, look through and tidy the tables of the lake."""

import csv
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from shuzheng.base.directory.queries import find_account, get_actor, list_posts_of
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import SYSTEM, Actor, PostId
from shuzheng.engines.lake import queries as lake
from shuzheng.engines.lake.actions import (
    check_all_quality,
    check_quality,
    discard,
    discover,
    export_query,
    gather,
    mend,
    open_row,
    run_query,
    seal_table,
    tidy_table,
)
from shuzheng.engines.lake.errors import NotSealed
from shuzheng.engines.lake.types.gathering import BatchView, QuarantinedId, QuarantineState
from shuzheng.engines.lake.types.lineage import TableLineage
from shuzheng.engines.lake.types.quality import QualityView
from shuzheng.engines.lake.types.reading import ExportForm
from shuzheng.engines.lake.types.sealing import GRACE

_PARTLY: Final = 5
ROWS: Final = 1000


class Command(BaseCommand):
    """The lake on the command line: whatever the pages do."""

    help = (
        "Gather, query, check and tidy the tables of the lake. Examples: shuzheng lake gather · "
        "shuzheng lake query 'SELECT sex, count(*) FROM person GROUP BY sex' --as shuju --purpose 统计分析"
    )

    @override
    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        _add(verbs, "tables", "tables, their rows, freshness and score")
        _add(verbs, "sources", "sources and their last batch")
        one = _add(verbs, "gather", "gather one source, or all")
        one.add_argument("source", nargs="?", default="", help="code; none: every source")
        one = _add(verbs, "batches", "batches, newest first")
        one.add_argument("source", nargs="?", default="", help="code; none: of every source")
        one = _add(verbs, "quarantine", "rows that did not land, without their values")
        one.add_argument("table", nargs="?", default="", help="code; none: of every table")
        one = _add(verbs, "mend", "put a quarantined row right and replay it")
        one.add_argument("row", type=UUID, help="id, see `lake quarantine`")
        one.add_argument("--set", action="append", default=[], metavar="HEADER=VALUE", help="a value; repeatable")
        one = _add(verbs, "discard", "give a quarantined row up")
        one.add_argument("row", type=UUID, help="id, see `lake quarantine`")
        one.add_argument("--reason", required=True, help="why, Chinese")
        one = _add(verbs, "quality", "score the rules of one table, or of all")
        one.add_argument("table", nargs="?", default="", help="code; none: every table that has rows")
        one = _add(verbs, "discover", "look through a table for what should be graded higher")
        one.add_argument("table", help="code")
        one = _add(verbs, "seal", "go on with sealing columns that became L4 in tables that hold rows")
        one.add_argument("table", nargs="?", default="", help="code; none: every table that waits")
        one.add_argument("--now", action="store_true", help="remove files in clear at once, under whoever reads them")
        one = _add(verbs, "query", "ask one SELECT through the gate, as an officer, for a purpose")
        one.add_argument("text", help="SQL; - reads it from standard input")
        one.add_argument("--as", required=True, dest="who", help="sign-in name of the officer it is asked as")
        one.add_argument("--post", type=UUID, help="post acted in; the first without it")
        one.add_argument("--purpose", required=True, help="what for; one of those granted")
        one.add_argument("--limit", type=int, default=ROWS, help="most rows")
        one.add_argument("--out", type=Path, metavar="FILE", help="every row into a new file: .csv or .xlsx")
        one = _add(verbs, "lineage", "where each column of a table comes from and what reads it")
        one.add_argument("table", help="code")
        one.add_argument("--column", default="", help="of this column alone")
        one.add_argument("--as", default="", dest="who", help="sign-in name; with the saved queries this officer reads")
        one.add_argument("--post", type=UUID, help="post acted in; the first without it")
        one = _add(verbs, "compact", "join small files, remove old ones")
        one.add_argument("table", nargs="?", default="", help="code; none: every table")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[[dict[str, Any]], None]] = {
            "tables": self.tables,
            "sources": self.sources,
            "gather": self.gather,
            "batches": self.batches,
            "quarantine": self.quarantine,
            "mend": self.mend,
            "discard": self.discard,
            "quality": self.quality,
            "discover": self.discover,
            "seal": self.seal,
            "query": self.query,
            "lineage": self.lineage,
            "compact": self.compact,
        }
        verbs[options["verb"]](options)

    def tables(self, options: dict[str, Any]) -> None:
        """List tables."""
        scores = {one.table: one.score for one in lake.list_latest_quality()}
        fresh = {one.table: one.state for one in lake.freshness(now())}
        place = lake.store()
        rows = []
        for code, table in lake.list_tables().items():
            version = place.version(code)
            rows.append(
                (
                    code,
                    table.label,
                    "" if version is None else version.rows,
                    fresh.get(code, ""),
                    _score(scores.get(code)),
                )
            )
        self.show(("表", "名称", "行数", "新鲜度", "质量"), rows, options)

    def sources(self, options: dict[str, Any]) -> None:
        """List sources."""
        last = lake.last_batches()
        rows = [
            (code, one.label, one.table, one.kind, *(_outcome(last[code]) if code in last else ("", "")))
            for code, one in lake.list_sources().items()
        ]
        self.show(("来源", "名称", "表", "类型", "上一批", "读入 = 入湖 + 隔离"), rows, options)

    def gather(self, options: dict[str, Any]) -> None:
        """Gather; exit code 5 when a source failed."""
        codes = [options["source"]] if options["source"] else list(lake.list_sources())
        failed = 0
        done: list[BatchView] = []
        for code in codes:
            try:
                done += gather(code, actor=SYSTEM, at=now(), progress=self.tell(code))
            except ShuzhengError as refused:
                failed += 1
                self.stderr.write(f"✗ {code}：{refused.message} {refused.hint}")
        self.show(("来源", "批次", "结果", "读入 = 入湖 + 隔离"), [_line(one) for one in done], options)
        if failed:
            sys.exit(_PARTLY)

    def tell(self, code: str) -> Callable[..., None]:
        """Return what shows progress on standard error."""

        def progress(*, rows: int, done: int, total: int) -> None:
            share = f"{done * 100 // total} %" if total else f"{done / 1e6:.0f} MB"
            self.stderr.write(f"  … {code}：{rows:,} 行，{share}")

        return progress

    def batches(self, options: dict[str, Any]) -> None:
        """List batches."""
        found, _more = lake.list_batches(source=options["source"])
        self.show(("来源", "批次", "结果", "读入 = 入湖 + 隔离"), [_line(one) for one in found], options)

    def quarantine(self, options: dict[str, Any]) -> None:
        """List rows in quarantine."""
        found, _more = lake.list_quarantined(
            actor=SYSTEM, table=options["table"], state=QuarantineState.OPEN, limit=200
        )
        rows = [(str(one.id), one.table, one.source, one.row, one.reason) for one in found]
        self.show(("编号", "表", "来源", "行号", "为什么"), rows, options)

    def mend(self, options: dict[str, Any]) -> None:
        """Replay a row with other values."""
        pairs = [one.partition("=") for one in options["set"]]
        if not pairs or any(not sign for _name, sign, _value in pairs):
            raise CommandError("用 --set 表头=值 写要改的值，例如 --set 手机号=13800000000")
        row = QuarantinedId(options["row"])
        held = open_row(row, actor=SYSTEM, purpose="命令行更正", at=now()).values or {}
        mend(row, {**held, **{name: value for name, _sign, value in pairs}}, actor=SYSTEM, at=now())
        self.stdout.write("已重放，这一行入了湖")

    def discard(self, options: dict[str, Any]) -> None:
        """Give a row up."""
        discard(QuarantinedId(options["row"]), options["reason"], actor=SYSTEM, at=now())
        self.stdout.write("已舍弃，理由记在案")

    def quality(self, options: dict[str, Any]) -> None:
        """Score tables."""
        if options["table"]:
            found: Sequence[QualityView] = [check_quality(options["table"], actor=SYSTEM, at=now())]
        else:
            found = check_all_quality(actor=SYSTEM, at=now())
        rows = [(one.table, one.label, one.rows, _score(one.score), one.fails, one.milliseconds) for one in found]
        self.show(("表", "名称", "行数", "得分", "低于目标的规则", "毫秒"), rows, options)

    def discover(self, options: dict[str, Any]) -> None:
        """Look through a table."""
        report = discover(options["table"], actor=SYSTEM, at=now())
        rows = [
            (one.column, one.found, f"{one.now_grade} → {one.grade}", one.mask, one.reason) for one in report.proposals
        ]
        self.show(("列", "查出", "级别", "遮盖", "理由"), rows, options)

    def seal(self, options: dict[str, Any]) -> None:
        """Seal columns of tables that hold rows; exit code 5 when one failed."""
        codes = [options["table"]] if options["table"] else [one.table for one in lake.list_sealing()]
        grace = timedelta() if options["now"] else GRACE
        rows, failed = [], 0
        for code in codes:
            try:
                done = seal_table(code, actor=SYSTEM, at=now(), progress=self.tell_rows(code), grace=grace)
            except NotSealed as refused:
                failed += 1
                self.stderr.write(f"✗ {code}：{refused.message} {refused.hint}")
                continue
            rows.append((code, "、".join(done.columns), done.rows, done.removed, done.clear_until or ""))
        self.show(("表", "加密的列", "行数", "删去的明文文件", "明文文件留到"), rows, options)
        if failed:
            sys.exit(_PARTLY)

    def tell_rows(self, code: str) -> Callable[[int, int], None]:
        """Return what shows on standard error how many rows were written anew."""

        def progress(rows: int, total: int) -> None:
            self.stderr.write(f"  … {code}：已写 {rows:,} / {total:,} 行")

        return progress

    def query(self, options: dict[str, Any]) -> None:
        """Ask the lake."""
        text = sys.stdin.read() if options["text"] == "-" else options["text"]
        actor = actor_named(options["who"], options["post"])
        if options["out"] is not None:
            self.take_out(text, options["out"], actor, options["purpose"])
            return
        answer = run_query(text, actor=actor, purpose=options["purpose"], at=now(), limit=options["limit"])
        rows = list(zip(*answer.values, strict=True))
        self.show([one.name for one in answer.columns], rows, options)
        if answer.more:
            self.stderr.write(f"只列前 {options['limit']} 行")

    def take_out(self, text: str, file: Path, actor: Actor, purpose: str) -> None:
        """Write an answer into a new file that nobody else of the machine reads."""
        ending = file.suffix.lower().removeprefix(".")
        if ending not in set(ExportForm):
            raise CommandError("--out 的文件名要以 .csv 或 .xlsx 结尾，例如 --out 统计.xlsx")
        if file.exists():
            raise CommandError(f"{file} 已经有了，换一个文件名")
        chunks = export_query(text, actor=actor, purpose=purpose, at=now(), form=ExportForm(ending))
        with open(file, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as made:
            made.writelines(chunks)
        self.stdout.write(f"已写入 {file}")

    def lineage(self, options: dict[str, Any]) -> None:
        """Show where columns come from and what reads them."""
        actor = actor_named(options["who"], options["post"]) if options["who"] else SYSTEM
        found = lake.table_lineage(options["table"], actor=actor, at=now())
        if options["column"] and options["column"] not in found.columns:
            raise CommandError(f"{found.table} 没有列 {options['column']}；有 {'、'.join(found.columns)}")
        columns = [options["column"]] if options["column"] else found.columns
        self.show(
            ("列", "方向", "来源或去处", "名称", "怎么"), [row for one in columns for row in _ways(found, one)], options
        )
        if found.more:
            self.stderr.write("保存的查询太多，只看了最近的 200 条")

    def compact(self, options: dict[str, Any]) -> None:
        """Tidy tables."""
        codes = [options["table"]] if options["table"] else list(lake.list_tables())
        tidied = [(code, tidy_table(code, actor=SYSTEM, at=now())) for code in codes]
        rows = [(code, one.before, one.after, one.removed) for code, one in tidied]
        self.show(("表", "原有文件", "现有文件", "删去的旧文件"), rows, options)

    def show(self, head: Sequence[str], rows: Iterable[Sequence[object]], options: dict[str, Any]) -> None:
        """Write a table for people, or JSON."""
        if options["as_json"]:
            given = [dict(zip(head, row, strict=True)) for row in rows]
            self.stdout.write(json.dumps(given, ensure_ascii=False, default=str))
            return
        writer = csv.writer(self.stdout, delimiter="\t", lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _ways(found: TableLineage, column: str) -> Iterator[tuple[str, str, str, str, str]]:
    for one in found.into(column):
        yield column, "来", one.source, " 或 ".join(one.headers), one.taken
    for use in found.out_of(column):
        yield column, "去", use.title or use.kind, use.name or use.kind, "、".join(use.ways(column))


def _add(verbs: Any, name: str, what: str) -> ArgumentParser:
    parser: ArgumentParser = verbs.add_parser(name, help=what)
    parser.add_argument("--json", action="store_true", dest="as_json", help="for programs")
    return parser


def actor_named(name: str, post: UUID | None) -> Actor:
    """Return the officer a query is asked as; records say that it came from the command line.

    Raises:
        CommandError: No such account, or it holds no post.
    """
    account = find_account(name)
    if account is None:
        raise CommandError(f"没有登录名 {name}")
    person = get_actor(account.id, at=now())
    posts = [] if person.person is None else list(list_posts_of(person.person))
    if not posts:
        raise CommandError(f"{name} 没有岗位；查数据要以岗位身份")
    actor = get_actor(account.id, at=now(), post=PostId(post) if post else posts[0].id)
    return replace(actor, name=f"{actor.name}（命令行）")


def _score(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f}"


def _outcome(batch: BatchView) -> tuple[str, str]:
    return batch.state, f"{batch.read} = {batch.landed} + {batch.quarantined}"


def _line(batch: BatchView) -> tuple[str, int, str, str]:
    return (batch.source, batch.number, *_outcome(batch))
