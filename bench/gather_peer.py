"""dlt loads a CSV file into a DuckDB database; the peer of `gather`."""

import os
import shutil
from pathlib import Path

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")

import dlt
from dlt.sources.filesystem import filesystem, read_csv


def load(path: Path, folder: Path) -> None:
    """Load a file into an empty database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = filesystem(bucket_url=path.parent.as_uri(), file_glob=path.name)
    pipeline = dlt.pipeline(
        "gather",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(folder / "peer.duckdb")),
        dataset_name="made",
    )
    pipeline.run((files | read_csv()).with_name("people"), write_disposition="replace")
