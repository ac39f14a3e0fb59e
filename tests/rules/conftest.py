"""The engines that rules are asked on."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.rules.asking import DuckDB, Spark

MISSING = "{} is not installed: it comes with the extra `cluster`"


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckDB]:
    with duckdb.connect() as connection:
        yield DuckDB(connection)


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """A Spark Connect server of this process (Sail) and a session of its client."""
    servers = pytest.importorskip("pysail.spark", reason=MISSING.format("pysail"))
    pyarrow = pytest.importorskip("pyarrow", reason=MISSING.format("pyarrow"))
    package = pytest.importorskip("pyspark", reason=MISSING.format("pyspark-client"))
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(Path(package.__file__).parent))  # or the client ends a worker that has none
        warnings.simplefilter("ignore")  # the client's opinion of the pandas that is installed
        client = pytest.importorskip("pyspark.sql.connect.session", reason=MISSING.format("pyspark-client"))
        server = servers.SparkConnectServer(ip="127.0.0.1", port=0)
        server.start(background=True)
        host, port = server.listening_address
        session = client.SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()
        yield Spark(session, pyarrow)
        session.stop()
        server.stop()
