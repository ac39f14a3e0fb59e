"""The engines that rules are asked on."""

import warnings
from collections.abc import Iterator

import duckdb
import pytest

from tests.lake.sail import MISSING, sail
from tests.rules.asking import DuckDB, Spark


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckDB]:
    with duckdb.connect() as connection:
        yield DuckDB(connection)


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """A Spark Connect server (Sail in this process, or what `LAKE_SPARK_URL` names) and a session of its client."""
    pyarrow = pytest.importorskip("pyarrow", reason=MISSING.format("pyarrow"))
    with sail() as url, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's opinion of the pandas that is installed
        client = pytest.importorskip("pyspark.sql.connect.session", reason=MISSING.format("pyspark-client"))
        session = client.SparkSession.builder.remote(url).getOrCreate()
        yield Spark(session, pyarrow)
        session.stop()
