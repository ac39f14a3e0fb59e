"""Pure decisions of the room: reading answers, units, papers, prefill, licence fields, wording."""

from shuzheng.services.items.rules.reading import describe_value, read_answers, read_field
from shuzheng.services.items.rules.units import LEVEL_DIGITS, resolve_units

__all__ = ["LEVEL_DIGITS", "describe_value", "read_answers", "read_field", "resolve_units"]
