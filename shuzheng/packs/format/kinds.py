"""How files, tables and columns of a pack are declared."""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Kind(StrEnum):
    """What a cell or key holds."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a CSV file or a key of a TOML table.

    Attributes:
        name: As written in the file.
        what: What it says, English, for the reference.
        kind: Shape of the value.
        choices: Words allowed, for `choice` and `choices`.
        blank: True when the value may be empty (CSV) or the key absent (TOML).
        optional: True when a CSV file may lack the whole column.
        longest: Most characters; 0 is no limit.
    """

    name: str
    what: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    blank: bool = False
    optional: bool = False
    longest: int = 0


GRADES = ("L1", "L2", "L3", "L4")
GRADE = Column(
    "sensitivity", "grade, not below its columns'; absent: theirs in column_grades.csv", Kind.CHOICE, GRADES, blank=True
)
"""The key by which a fact says how sensitive it is."""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A table of a TOML file.

    Attributes:
        name: `form` for `[[form]]` or `[form]`; `*` for a table under any key; '' for plain top-level keys.
        what: What one such table is.
        columns: Its keys.
        tables: Tables nested in it.
        key: Columns that together are unique among its siblings; empty: no rule.
        single: True for `[name]`, False for `[[name]]`.
        required: The file must have at least one.
    """

    name: str
    what: str
    columns: tuple[Column, ...]
    tables: "tuple[TableFormat, ...]" = ()
    key: tuple[str, ...] = ()
    single: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file of a pack.

    Attributes:
        name: Name, or a pattern such as `processes/*.bpmn`.
        what: What it holds.
        columns: Of a CSV file.
        key: Columns that together name a row.
        tables: Of a TOML file.
        required: A pack without it is not complete.
    """

    name: str
    what: str
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()
    tables: tuple[TableFormat, ...] = ()
    required: bool = True

    def matches(self, file: str) -> bool:
        """Tell whether a file name is meant."""
        return fnmatchcase(file, self.name) and file.count("/") == self.name.count("/")
