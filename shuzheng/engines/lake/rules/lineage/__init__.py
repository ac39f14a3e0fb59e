"""Column lineage, read off a tree or off the text of a vetted query."""

from shuzheng.engines.lake.rules.lineage.queries import lineage_of_sql
from shuzheng.engines.lake.rules.lineage.tables import Followed, lineage_of_table
from shuzheng.engines.lake.rules.lineage.trees import lineage_of_tree

__all__ = ["Followed", "lineage_of_sql", "lineage_of_table", "lineage_of_tree"]
