"""The second wall: DuckDB's own tree of exactly the text that will run, held to lists of what it may hold.

It knows nothing of how the first wall read the text. Kinds of nodes, functions by DuckDB's names, and tables by their
whole path: whatever is not on a list is refused, so that a new version's new thing is refused until somebody lists it.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import QueryRefused

_FUNCTIONS: Final = """
+ - * / // % || = <> < > <= >= ~~ !~~ ~~* !~~* like_escape not_like_escape ilike_escape not_ilike_escape abs
round floor ceil ceiling greatest least sign power pow sqrt ln exp log mod trunc isfinite isnan coalesce
nullif if ifnull lower upper trim ltrim rtrim length substr substring left right replace concat concat_ws
starts_with prefix ends_with suffix contains strpos position instr reverse ascii unicode regexp_matches
regexp_full_match regexp_extract regexp_replace split_part string_split year month day quarter week hour
minute dayofweek isodow dayofyear weekofyear date_part date_trunc date_diff datediff date_sub date_add
last_day make_date strftime try_strptime age to_days to_months to_years to_hours to_weeks to_quarters
monthname dayname epoch count count_star sum avg min max median quantile_cont quantile_disc stddev stddev_samp
stddev_pop var_samp var_pop variance approx_count_distinct bool_and bool_or arg_min
arg_max string_agg listagg list array_agg corr covar_samp covar_pop regr_slope regr_intercept regr_r2
count_if sum_no_overflow grouping grouping_id row_number rank dense_rank percent_rank cume_dist ntile lag lead
first_value last_value nth_value list_contains list_value unnest len array_length struct_pack struct_extract
row array_extract list_extract element_at list_distinct list_sort list_unique list_has_any current_date today
get_current_date
"""
FUNCTIONS: Final = frozenset(_FUNCTIONS.split())
"""By DuckDB's names. Not here: whatever reads files, settings, the catalogue or other SQL, raises on purpose, or makes
texts of any length (`repeat`, `lpad`, `rpad`, `format`)."""
CLASSES: Final = frozenset(
    {
        "COLUMN_REF", "CONSTANT", "COMPARISON", "CONJUNCTION", "FUNCTION", "OPERATOR", "CASE", "CAST", "BETWEEN",
        "SUBQUERY", "STAR", "WINDOW", "POSITIONAL_REFERENCE", "COLLATE", "TYPE",
    }
)  # fmt: skip
NODES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE"})
SOURCES: Final = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY", "EMPTY_FROM", "EXPRESSION_LIST"})
JOINS: Final = frozenset({"REGULAR", "NATURAL", "CROSS"})


def verify(serialized: str, allowed: Collection[tuple[str, ...]], own: str) -> None:
    """Let pass a text of which DuckDB gave the tree.

    Args:
        serialized: What `json_serialize_sql` gave for exactly the text that will run.
        allowed: Whole paths of the tables it may read.
        own: With what names of common tables begin.

    Raises:
        QueryRefused: With the thing that is on no list.
    """
    found: Mapping[str, Any] = json.loads(serialized)
    if found.get("error") or len(found.get("statements", ())) != 1:
        raise QueryRefused(why=said("只能写一条 SELECT"))
    for node in _nodes(found["statements"]):
        _check(node, frozenset(allowed), own)


def _nodes(given: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a tree, but not the values of constants."""
    waiting = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            yield one
            if one.get("class") != "CONSTANT":
                waiting.extend(one.values())


def _check(node: Mapping[str, Any], allowed: frozenset[tuple[str, ...]], own: str) -> None:
    kind = node.get("class")
    if kind is not None:
        _check_expression(node, str(kind))
    elif "query_location" in node and "sample" in node and "alias" in node:
        _check_source(node, allowed, own)
    elif str(node.get("type", "")).endswith("_NODE") and node["type"] not in NODES:
        raise QueryRefused(why=said("不能用 {what}", what=str(node["type"])))
    if node.get("sample"):
        raise QueryRefused(why=said("不能用 {what}", what="TABLESAMPLE"))


def _check_expression(node: Mapping[str, Any], kind: str) -> None:
    if kind not in CLASSES:
        raise QueryRefused(why=said("不能用 {what}", what=kind))
    if kind == "STAR" and node.get("columns"):
        raise QueryRefused(why=said("不能用 {what}", what="COLUMNS"))
    if kind == "COLUMN_REF" and len(node.get("column_names", ())) > 2:
        raise QueryRefused(why=said("列名前最多写一个表名"))
    name = str(node.get("function_name") or "").lower()
    if kind in {"FUNCTION", "WINDOW"} and name and name not in FUNCTIONS:
        raise QueryRefused(why=said("不能用函数 {name}", name=name))
    if kind in {"FUNCTION", "WINDOW"} and (node.get("schema") or node.get("catalog")):
        raise QueryRefused(why=said("不能用函数 {name}", name=name))


def _check_source(node: Mapping[str, Any], allowed: frozenset[tuple[str, ...]], own: str) -> None:
    kind = node.get("type")
    if kind not in SOURCES:
        raise QueryRefused(why=said("FROM 后面不能用函数"))
    if kind == "JOIN" and node.get("ref_type") not in JOINS:
        raise QueryRefused(why=said("不能用 {what}", what=f"{node.get('ref_type')} JOIN"))
    if kind == "BASE_TABLE":
        path = tuple(node["qualified_name"]["path"])
        known = path in allowed or (len(path) == 1 and path[0].startswith(own))
        if not known or node.get("at_clause"):
            raise QueryRefused(why=said("FROM 后面有不能读的内容"))
