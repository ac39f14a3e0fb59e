"""The engine of this city: in the process, or on the cluster that was set."""

from dataclasses import replace

import pytest
from django.conf import settings

from shuzheng.base.kernel.types import OrgId
from shuzheng.config.configuration import Options
from shuzheng.config.management.commands.doctor import look_at_engine
from shuzheng.engines.lake.backends.duckdb import DuckEngine
from shuzheng.engines.lake.errors import EngineAway
from shuzheng.engines.lake.queries import hash_key, open_embedded, open_engine
from shuzheng.engines.lake.types.tables import Column, Table, TableCode
from shuzheng.engines.lake.types.trees import Scan

TABLE = Table(TableCode("nothing_yet"), "a", OrgId("11990100MBY0000455"), (Column("s", "s"),))
AWAY = "sc://127.0.0.1:1"


def test_without_a_cluster_jobs_run_in_the_process() -> None:
    engine = open_engine({TABLE.code: TABLE})
    assert isinstance(engine, DuckEngine)
    assert engine.run(Scan(TABLE.code, ("s",))).read_all().num_rows == 0
    engine.close()


def test_a_cluster_that_is_away_is_said_and_not_gone_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SHUZHENG", replace(settings.SHUZHENG, spark_url=AWAY))
    with pytest.raises(EngineAway):
        open_engine({TABLE.code: TABLE})
    assert not look_at_engine().well
    open_embedded({TABLE.code: TABLE}, opens_sealed=True).close()


def test_doctor_names_the_engine_in_the_process() -> None:
    assert look_at_engine().well


def test_the_key_of_hashes_is_not_the_key_it_is_made_from() -> None:
    assert len(hash_key()) == 32
    assert hash_key() != settings.SHUZHENG.read_key("index")


@pytest.mark.parametrize("url", ["http://127.0.0.1", "127.0.0.1:15002"])
def test_an_address_that_is_none_of_spark_connect_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="spark_url"):
        Options.model_validate({"spark_url": url})
