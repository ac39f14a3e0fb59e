"""A Spark Connect server for tests: Sail, in this process or as a cluster of its own."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MISSING = "{} is not installed: it comes with the extra `cluster`"


@contextmanager
def sail() -> Iterator[str]:
    """Run a server; give its address. `LAKE_SPARK_URL` names another that runs already, such as a real cluster."""
    if url := os.environ.get("LAKE_SPARK_URL"):
        yield url
        return
    servers = pytest.importorskip("pysail.spark", reason=MISSING.format("pysail"))
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")  # the client's opinion of the pandas that is installed
        package = pytest.importorskip("pyspark", reason=MISSING.format("pyspark-client"))
        if "SPARK_HOME" not in os.environ:
            patch.setenv("SPARK_HOME", str(Path(package.__file__).parent))
        server = servers.SparkConnectServer(ip="127.0.0.1", port=0)
        server.start(background=True)
        host, port = server.listening_address
        yield f"sc://{host}:{port}"
        server.stop()
