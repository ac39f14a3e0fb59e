"""Forms: sections, fields and what they take."""

from dataclasses import dataclass

from shuzheng.base.kernel.types import ItemCode
from shuzheng.services.items.types.words import FieldType


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field: what is sent and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Precision:
    """num(p,s): at most `digits` digits in all, `decimals` of them after the point."""

    digits: int
    decimals: int


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question of a form.

    Attributes:
        choices: Allowed values of a choice or multichoice.
        options: What a page offers: choices, yes and no, or divisions with their names.
        material_seq: The material a file field takes.
        prefill: `<dataset>.<column>` the answer may come from, or ''.
        asked: False where what is known already decides everything the answer could matter for.
    """

    name: str
    label: str
    type: FieldType
    required: bool
    choices: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    precision: Precision | None = None
    unit: str = ""
    hint: str = ""
    material_seq: int | None = None
    prefill: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One step of a form."""

    title: str
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form in one version (申请表)."""

    item: ItemCode
    version: int
    title: str
    sections: tuple[SectionSpec, ...]

    def fields(self) -> tuple[FieldSpec, ...]:
        """Return every field in order."""
        return tuple(spec for section in self.sections for spec in section.fields)
