"""What comes in as it comes: each fault costs its own rows, and is named."""

import errno
from pathlib import Path
from typing import Any

import pytest

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions import gathering
from shuzheng.engines.lake.actions.gathering import gather
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.backends.sources.delimited import DelimitedReader
from shuzheng.engines.lake.backends.staging import Stage
from shuzheng.engines.lake.errors import HeaderInvalid, NotStored, SourceBusy, SourceChanged, SourceEmpty
from shuzheng.engines.lake.models import Batch
from shuzheng.engines.lake.queries.gathering import get_source
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.types.gathering import WHOLE, BatchState, BatchView
from tests.lake.making import define, put, quarantine, rows
from tests.lake.times import AT

pytestmark = pytest.mark.usefixtures("lake")

HEAD = "证件号,姓名,出生日期,工资,次数\n"


def take(content: str | bytes, **source: Any) -> BatchView:
    define(**source)
    put(content)
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert batch.read == batch.landed + batch.quarantined
    return batch


def ids() -> list[str]:
    return [row[0] for row in rows("id_no")]


def test_broken_quotes() -> None:
    take(HEAD + '1,张三,,,\n2,"李四,,,\n3,"王五",,,\n4,赵"六,,,\n5,"钱"七,,,\n6,孙八,,,\n')
    assert ids() == ["1", "3", "6"]
    assert quarantine() == [
        (2, "quote", {WHOLE: '2,"李四,,,'}),
        (4, "quote", {WHOLE: '4,赵"六,,,'}),
        (5, "quote", {WHOLE: '5,"钱"七,,,'}),
    ]


def test_embedded_newlines() -> None:
    take(HEAD + '1,"张\n三",,,\n2,"李\r\n四",,,\n3,"王""五""",,,\n')
    assert rows("_row, name") == [(1, "张\n三"), (2, "李\r\n四"), (3, '王"五"')]
    assert quarantine() == []


def test_mixed_encodings() -> None:
    take(
        (HEAD + "1,张三,,,\n").encode() + "2,李四,,,\n".encode("gb18030") + b"3,\xff\xfe,,,\n" + "4,王五,,,\n".encode()
    )
    assert ids() == ["1", "4"]
    assert quarantine() == [
        (2, "encoding", {WHOLE: "2,李四,,,"}),
        (3, "encoding", {WHOLE: "3,\\xff\\xfe,,,"}),
    ]


def test_a_file_in_gb18030_with_a_header_of_its_own() -> None:
    take("姓名|身份证明|生日\n张三|1|19900105\n李㐂|2|\n".encode("gb18030"), delimiter="|", missing_columns="ignore",
         map=[{"column": "id_no", "header": "身份证明"}, {"column": "born", "header": "生日"}])  # fmt: skip
    assert rows("id_no, name") == [("1", "张三"), ("2", "李㐂")]


def test_a_mark_of_byte_order() -> None:
    take(b"\xef\xbb\xbf" + (HEAD + "1,张三,,,\n").encode())
    assert ids() == ["1"]


def test_a_date_that_is_not() -> None:
    take(HEAD + "1,张三,2023-02-29,,\n2,李四,2024-02-29,,\n3,王五,昨天,,\n")
    assert ids() == ["2"]
    assert [(row, rule) for row, rule, _ in quarantine()] == [(1, "type:born"), (3, "type:born")]


def test_separators_of_thousands() -> None:
    take(HEAD + '1,张三,,"1,234,567.80",\n2,李四,,"12,34",\n3,王五,,,"1,000"\n')
    assert [(row[0], str(row[1]), row[2]) for row in rows("id_no, wage, visits")] == [
        ("1", "1234567.80", None),
        ("3", "None", 1000),
    ]
    assert [(row, rule) for row, rule, _ in quarantine()] == [(2, "type:wage")]


def test_full_width_digits() -> None:
    take(HEAD + "1,张三,２０２３－０１－０５,１２．５０,－３\n")
    assert [(str(row[0]), str(row[1]), row[2]) for row in rows("born, wage, visits")] == [("2023-01-05", "12.50", -3)]


def test_keys_that_stand_twice() -> None:
    take(HEAD + "1,张三,,,\n1,张四,,,\n")
    assert rows("_row, name") == [(2, "张四")]
    assert [(row, rule) for row, rule, _ in quarantine()] == [(1, "duplicate")]


def test_a_column_missing() -> None:
    define()
    put("证件号,姓名,出生日期,工资\n1,张三,,\n")
    with pytest.raises(HeaderInvalid, match="缺少的列：次数"):
        gather("people", actor=SYSTEM, at=AT)
    assert rows() == []
    take("证件号,姓名,出生日期,工资\n1,张三,,\n", missing_columns="ignore")
    assert rows("id_no, visits") == [("1", None)]


def test_a_column_more() -> None:
    content = "证件号,姓名,出生日期,工资,次数,备注\n1,张三,,,,好\n"
    define(new_columns="refuse")
    put(content)
    with pytest.raises(HeaderInvalid, match="多出的列：备注"):
        gather("people", actor=SYSTEM, at=AT)
    assert rows() == []
    take(content)
    assert ids() == ["1"]


def test_columns_moved() -> None:
    take("次数,工资,姓名,证件号,出生日期\n3,1.5,张三,1,\n")
    assert rows("id_no, name, visits") == [("1", "张三", 3)]


def test_an_empty_file() -> None:
    define()
    put(HEAD + "1,张三,,,\n")
    gather("people", actor=SYSTEM, at=AT)
    for content in ("", "\n\n", "\ufeff", HEAD):
        put(content)
        with pytest.raises(SourceEmpty):
            gather("people", actor=SYSTEM, at=AT)
    assert ids() == ["1"]


def test_a_file_cut_short() -> None:
    take(HEAD + "1,张三,,,\n2,李四,1990-0")
    assert ids() == ["1"]
    assert quarantine() == [(2, "columns", {WHOLE: "2,李四,1990-0"})]


def test_a_file_cut_short_within_quotes() -> None:
    take(HEAD + '1,张三,,,\n2,"李')
    assert ids() == ["1"]
    assert quarantine() == [(2, "quote", {WHOLE: '2,"李'})]


def test_a_file_that_grows_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    define()
    path = put(HEAD + "1,张三,,,\n")
    inner = Stage.take

    def grow(self: Stage, chunk: Any) -> None:
        inner(self, chunk)
        with path.open("a") as file:
            file.write("2,李四,,,\n")

    monkeypatch.setattr(Stage, "take", grow)
    with pytest.raises(SourceChanged):
        gather("people", actor=SYSTEM, at=AT)
    assert rows() == []
    monkeypatch.undo()
    gather("people", actor=SYSTEM, at=AT)
    assert ids() == ["1", "2"]


@pytest.mark.parametrize("where", ["stage", "commit", "list"])
def test_a_full_disk(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    define()
    put(HEAD + "1,张三,,,\n")
    gather("people", actor=SYSTEM, at=AT)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    owner, name = {"stage": (Stage, "_write"), "commit": (Store, "adopt"), "list": (Stage, "seal")}[where]
    monkeypatch.setattr(owner, name, full)
    put(HEAD + "2,李四,,,\n")
    with pytest.raises(NotStored, match="磁盘已满"):
        gather("people", actor=SYSTEM, at=AT)
    monkeypatch.undo()
    assert ids() == ["1"]
    assert Batch.objects.filter(state=BatchState.RUNNING).count() == 0
    assert not [path for path in (store().root / "_work").rglob("*") if path.suffix != ".lock" and path.is_file()]
    gather("people", actor=SYSTEM, at=AT)
    assert ids() == ["2"]


def test_blocks_however_small_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    content = HEAD + "".join(
        f'{n},"张\n{n}",,"1,{n % 900 + 100}",\n' if n % 7 else f'{n},"坏,,,\n' for n in range(1, 400)
    )
    monkeypatch.setattr(DelimitedReader.__init__, "__kwdefaults__", {"block": 257})
    batch = take(content)
    small = (rows("_row, id_no, name, wage"), [(row, rule) for row, rule, _ in quarantine()])
    assert batch.read == 399
    monkeypatch.undo()
    Batch.objects.update(fingerprint="")
    [again] = gather("people", actor=SYSTEM, at=AT)
    assert again.id != batch.id
    assert rows("_row, id_no, name, wage") == small[0]
    assert len(small[1]) == 57


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    define()
    put(HEAD + "1,张三,,,\n")
    with gathering.hold_source(get_source("people")), pytest.raises(SourceBusy):
        gather("people", actor=SYSTEM, at=AT)
