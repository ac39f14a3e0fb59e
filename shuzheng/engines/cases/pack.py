"""The room's part of a pack: `processes/*.bpmn`, one drawn process a file, named by the process's id."""

from datetime import datetime
from pathlib import PurePosixPath

from shuzheng.base.kernel.pack import Changes, Fault, PackRows
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.actions.processes import compile_named, publish_process
from shuzheng.engines.cases.errors import ProcessRefused
from shuzheng.engines.cases.queries import find_process

FILES: tuple[str, ...] = ("processes/*.bpmn",)


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of every drawn process."""
    faults = []
    for file, key, xml in _drawings(pack):
        try:
            compile_named(key, xml)
        except ProcessRefused as refused:
            faults += [
                Fault(file, _line_of(xml, fault.element), f"{fault.element} {fault.name}：{fault.what}", fault.hint)
                for fault in refused.faults
            ]
    return faults


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Publish the processes; one that is published already with the same content stays as it is."""
    changes = Changes()
    for _, key, xml in _drawings(pack):
        before = find_process(key)
        after = publish_process(key, xml, actor=actor, at=at)
        if before is None:
            changes.added += 1
        elif before.version == after.version:
            changes.unchanged += 1
        else:
            changes.changed += 1
            changes.notes.append(f"流程“{after.name}”升为第 {after.version} 版，在办件仍按原版本办理")
    return changes


def _drawings(pack: PackRows) -> list[tuple[str, str, str]]:
    files = pack.matching("processes/", ".bpmn")
    return [(file, PurePosixPath(file).stem, row.text("text")) for file in files for row in pack.of(file)]


def _line_of(xml: str, element: str) -> int:
    """Return the line on which an element of the drawing begins, 1 when it has no id."""
    at = xml.find(f'id="{element}"')
    return 1 if at < 0 else xml.count("\n", 0, at) + 1
