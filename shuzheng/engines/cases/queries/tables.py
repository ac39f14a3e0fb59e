"""Compiled processes in memory, and the city's calendar: what every command needs and never asks twice."""

from collections import OrderedDict
from typing import Final

from django.conf import settings

from shuzheng.base.directory.queries import working_days
from shuzheng.engines.cases.models import Process
from shuzheng.engines.cases.rules.clocks import Calendar
from shuzheng.engines.cases.rules.state import CaseData
from shuzheng.engines.cases.rules.table import ProcessTable, table_from_json

_KEPT: Final = 500
_tables: OrderedDict[tuple[int, bytes], ProcessTable] = OrderedDict()


def table_of(case: CaseData) -> ProcessTable:
    """Return the process a case follows; one statement the first time, none after."""
    return get_table(case.process_pk, case.process_digest)


def get_table(process_pk: int, digest: bytes) -> ProcessTable:
    """Return a process version. The digest is part of the key: a primary key may be another row after a restore."""
    key = (process_pk, digest)
    table = _tables.get(key)
    if table is None:
        table = table_from_json(Process.objects.values_list("table", flat=True).get(pk=process_pk))
        _tables[key] = table
        if len(_tables) > _KEPT:
            _tables.popitem(last=False)
    return table


def city_calendar() -> Calendar:
    """Return the working days and the time zone of the city."""
    return Calendar(working_days(), settings.SHUZHENG.zone)
