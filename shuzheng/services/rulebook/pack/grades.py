"""`column_grades.csv`: how sensitive the columns are that facts and prefilled answers are read from."""

from typing import Final

from shuzheng.base.kernel.pack import PackRows
from shuzheng.engines.rules.types import Sensitivity
from shuzheng.services.rulebook.rules.grading import Grades

GRADES: Final = "column_grades.csv"


def read_grades(pack: PackRows) -> Grades:
    """Return the grades of a pack's columns; a row whose grade is none is passed over, the format tells it."""
    found: dict[tuple[str, str], Sensitivity] = {}
    for row in pack.of(GRADES):
        if row.text("sensitivity") in set(Sensitivity):
            grade = Sensitivity(row.text("sensitivity"))
            for resource in (row.text("register"), row.text("dataset")):
                for column in (row.text("column_zh"), row.text("column_en")):
                    found[resource, column] = grade
    return Grades(found)
