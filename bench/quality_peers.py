"""The ten rules of the bench `quality` as each peer states them; every call reads the file and gives counts.

A value that is missing is judged by none of the rules but the two that ask for it; each peer does so of itself or is
told to. Peers count, and keep no samples of failing rows, as we do.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from typing import Any, Final

from pyarrow.parquet import read_table

HAS_GX: Final = find_spec("great_expectations") is not None
HAS_PANDERA: Final = find_spec("pandera") is not None and find_spec("polars") is not None
HAS_POINTBLANK: Final = find_spec("pointblank") is not None and find_spec("polars") is not None
if HAS_GX:
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    gxe: Any = gx.expectations
if HAS_PANDERA or HAS_POINTBLANK:
    import polars as pl
if HAS_PANDERA:
    import pandera.polars as pa
if HAS_POINTBLANK:
    import pointblank as pb

SEXES: Final = ("1", "2", "9")
DISTRICTS: Final = ("341502", "341503", "341504", "341522", "341523", "341524", "341525")
Counts = Mapping[str, int]
"""Rows that break each rule, by code."""


class GreatExpectations:
    """Great Expectations over pandas, its usual engine; the context and the suite are made once."""

    def __init__(self, files: Sequence[str], today: date) -> None:
        self._files = list(files)
        context = gx.get_context(mode="ephemeral")
        kept: Any = context.variables
        kept.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("bench").add_dataframe_asset("people")
        batch = asset.add_batch_definition_whole_dataframe("all")
        suite = gx.ExpectationSuite(name="rules")
        for made in _expectations(today):
            suite.add_expectation(made)
        context.suites.add(suite)
        definition = gx.ValidationDefinition(name="v", data=batch, suite=suite)
        self._definition = context.validation_definitions.add(definition)

    def count(self) -> Counts:
        """Read the file and judge it."""
        frame = read_table(self._files).to_pandas()
        done = self._definition.run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
        return {_code_of(one): int(one.result["unexpected_count"]) for one in done.results}


def _code_of(result: Any) -> str:
    return str(result.expectation_config.meta["code"])


def _expectations(today: date) -> list[Any]:
    made: dict[str, Any] = {
        "id_length": (gxe.ExpectColumnValueLengthsToEqual, "id_no", {"value": 18}),
        "id_there": (gxe.ExpectColumnValuesToNotBeNull, "id_no", {}),
        "sex": (gxe.ExpectColumnValuesToBeInSet, "sex", {"value_set": list(SEXES)}),
        "born": (gxe.ExpectColumnValuesToBeBetween, "born", {"max_value": today}),
        "born_late": (gxe.ExpectColumnValuesToBeBetween, "born", {"min_value": date(1900, 1, 1)}),
        "mobile_there": (gxe.ExpectColumnValuesToNotBeNull, "mobile", {}),
        "mobile_length": (gxe.ExpectColumnValueLengthsToEqual, "mobile", {"value": 11}),
        "mobile_head": (gxe.ExpectColumnValuesToMatchRegex, "mobile", {"regex": "^1"}),
        "income": (gxe.ExpectColumnValuesToBeBetween, "income", {"min_value": 0, "max_value": 500_000}),
        "district": (gxe.ExpectColumnValuesToBeInSet, "district", {"value_set": list(DISTRICTS)}),
    }
    return [make(column=column, meta={"code": code}, **asked) for code, (make, column, asked) in made.items()]


class Pandera:
    """Pandera over polars."""

    def __init__(self, files: Sequence[str], today: date) -> None:
        self._files = list(files)
        check = pa.Check
        self._schema = pa.DataFrameSchema(
            {
                "id_no": pa.Column(str, [check.str_length(18, 18, error="id_length")], nullable=False),
                "sex": pa.Column(str, [check.isin(SEXES, error="sex")], nullable=True),
                "born": pa.Column(
                    pl.Date,
                    [check.le(today, error="born"), check.ge(date(1900, 1, 1), error="born_late")],
                    nullable=True,
                ),
                "mobile": pa.Column(
                    str,
                    [check.str_length(11, 11, error="mobile_length"), check.str_startswith("1", error="mobile_head")],
                    nullable=False,
                ),
                "income": pa.Column(pl.Int64, [check.in_range(0, 500_000, error="income")], nullable=True),
                "district": pa.Column(str, [check.isin(DISTRICTS, error="district")], nullable=True),
            }
        )

    def count(self) -> Counts:
        """Read the file and judge it."""
        frame = pl.read_parquet(self._files)
        try:
            self._schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as found:
            return _counted(found.failure_cases)
        return {}


def _counted(cases: Any) -> Counts:
    counted = cases.group_by("column", "check").len().iter_rows()
    there = {"id_no": "id_there", "mobile": "mobile_there"}
    return {(there[column] if check == "not_nullable" else check): count for column, check, count in counted}


class Pointblank:
    """Pointblank over polars."""

    def __init__(self, files: Sequence[str], today: date) -> None:
        self._files, self._today = list(files), today

    def count(self) -> Counts:
        """Read the file and judge it."""
        mobile = pl.col("mobile")
        plan = pb.Validate(pl.read_parquet(self._files))
        number = pl.col("id_no")
        plan = plan.col_vals_expr(_or_missing(number, number.str.len_chars() == 18), brief="id_length")
        plan = plan.col_vals_not_null("id_no", brief="id_there")
        plan = plan.col_vals_in_set("sex", [*SEXES, None], brief="sex")
        plan = plan.col_vals_le("born", self._today, na_pass=True, brief="born")
        plan = plan.col_vals_ge("born", date(1900, 1, 1), na_pass=True, brief="born_late")
        plan = plan.col_vals_not_null("mobile", brief="mobile_there")
        plan = plan.col_vals_expr(_or_missing(mobile, mobile.str.len_chars() == 11), brief="mobile_length")
        plan = plan.col_vals_expr(_or_missing(mobile, mobile.str.starts_with("1")), brief="mobile_head")
        plan = plan.col_vals_between("income", 0, 500_000, na_pass=True, brief="income")
        plan = plan.col_vals_in_set("district", [*DISTRICTS, None], brief="district")
        done = plan.interrogate(collect_extracts=False, collect_tbl_checked=False)
        failed = done.n_failed()
        return {str(step.brief): int(failed[place]) for place, step in enumerate(done.validation_info, 1)}


def _or_missing(column: Any, condition: Any) -> Any:
    return column.is_null() | condition
