"""The same scores from every engine: quality goes by the one that is set, and by the process where that stumbles."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from django.conf import LazySettings

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions import check_quality, discover, gather, load_tables, quality, seal_table
from shuzheng.engines.lake.backends.duckdb import DuckEngine
from shuzheng.engines.lake.backends.spark import UNPLANNED, SparkEngine
from shuzheng.engines.lake.errors import EngineAway, EngineFailed
from shuzheng.engines.lake.models import QualityRun, QualityScore
from shuzheng.engines.lake.types.quality import RuleScore
from shuzheng.engines.lake.types.trees import Tree
from tests.lake.making import define, put
from tests.lake.sail import sail
from tests.lake.sealing_city import CODE, content, definition
from tests.lake.times import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake")]
RULES = [
    {"code": "early", "text": "born < DATE '1990-01-05'", "label": "早", "dimension": "准确性"},
    {"code": "wage", "text": "wage * 2 >= visits OR name = '密甲某'", "label": "工资", "dimension": "一致性"},
    {"code": "short", "text": "length(name) <= 3 AND name IS NOT NULL", "label": "短", "dimension": "规范性"},
    {"code": "past", "text": "born <= today", "label": "过去", "dimension": "准确性"},
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with sail() as url:
        yield url


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the engines that ran a pass."""
    seen: list[str] = []
    real = quality._counted

    def counted(engine: Any, *rest: Any) -> Any:
        seen.append(engine.name)
        return real(engine, *rest)

    monkeypatch.setattr(quality, "_counted", counted)
    return seen


def scored() -> tuple[RuleScore, ...]:
    QualityScore.objects.all().delete()
    QualityRun.objects.all().delete()
    return check_quality(CODE, actor=SYSTEM, at=AT).scores


def stored(keys: tuple[str, ...], name: str = "L1") -> Mapping[str, Any]:
    """Define the table with its keys, and gather rows: some lack what is asked, some stand twice by day."""
    found = definition(name=name)
    columns = [{**one, "key": one["name"] in keys, "required": False} for one in found["column"]]
    made = {**found, "column": columns, "rule": RULES, "fresh_days": 4}
    define(mode="append")
    load_tables([made], actor=SYSTEM, at=AT)
    for first in (1, 40):
        put(content(first, first + 39) + f"9{first},,,,\n")
        gather("people", actor=SYSTEM, at=AT)
    return made


@pytest.mark.parametrize("keys", [(), ("id_no",), ("name", "born")], ids=len)
def test_both_engines_give_the_same_scores(
    keys: tuple[str, ...], server: str, settings: LazySettings, ran: list[str]
) -> None:
    stored(keys)
    alone = scored()
    assert any(one.no for one in alone)
    assert any(one.unknown for one in alone) is ("born" not in keys)
    settings.SHUZHENG = replace(settings.SHUZHENG, spark_url=server)
    assert scored() == alone
    assert ran == ["duckdb", "spark"]


@pytest.mark.parametrize("sealed", [False, True], ids=["asked", "sealed"])
def test_what_is_l4_is_scored_alike_before_it_is_sealed_and_after(
    sealed: bool, server: str, settings: LazySettings
) -> None:
    made = stored(("id_no",))
    names = [
        {**one, "grade": "L4", "mask": "drop"} if one["name"] in {"name", "wage"} else one for one in made["column"]
    ]
    load_tables([{**made, "column": names}], actor=SYSTEM, at=AT)
    if sealed:
        seal_table(CODE, actor=SYSTEM, at=AT)
    alone = scored()
    assert [one.code for one in alone if not one.judged] == ["wage", "short"]
    settings.SHUZHENG = replace(settings.SHUZHENG, spark_url=server)
    assert scored() == alone


def test_where_the_cluster_stumbles_the_process_scores(
    server: str, settings: LazySettings, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(("id_no",))
    alone = scored()
    settings.SHUZHENG = replace(settings.SHUZHENG, spark_url=server)

    def fail(engine: SparkEngine, tree: Tree) -> pa.RecordBatchReader:
        raise EngineFailed(engine=engine.name, why=UNPLANNED)

    monkeypatch.setattr(SparkEngine, "run", fail)
    assert scored() == alone
    assert ran == ["duckdb", "spark", "duckdb"]
    monkeypatch.setattr(DuckEngine, "run", fail)
    with pytest.raises(EngineFailed):
        scored()


def test_a_cluster_that_is_away_is_said(settings: LazySettings) -> None:
    stored(("id_no",))
    settings.SHUZHENG = replace(settings.SHUZHENG, spark_url="sc://127.0.0.1:1")
    with pytest.raises(EngineAway):
        scored()
    assert discover(CODE, actor=SYSTEM, at=AT).rows == 80, "looking through is in the process"
