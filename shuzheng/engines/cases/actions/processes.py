"""Publish a drawn process."""

import hashlib
from datetime import datetime

from django.db import transaction

from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.errors import ElementFault, ProcessRefused
from shuzheng.engines.cases.models import Process
from shuzheng.engines.cases.rules.compile import compile_process
from shuzheng.engines.cases.rules.table import ProcessTable, table_to_json
from shuzheng.engines.cases.types import ACTIONS, FACTS, ProcessView


@transaction.atomic
def publish_process(key: str, xml: str, *, actor: Actor, at: datetime) -> ProcessView:
    """Compile, check and publish a process (发布流程); open cases keep the version they started with.

    Args:
        key: Id of the process in the drawing; an item names it.
        xml: BPMN 2.0 document. The content of the latest version changes nothing and gives that version.
        actor: Who publishes.
        at: Moment of publication.

    Raises:
        ProcessRefused: With every fault of the drawing.
    """
    table = compile_named(key, xml)
    digest = hashlib.sha256(xml.encode()).digest()
    latest = Process.objects.filter(key=key).order_by("-version").defer("xml", "table").first()
    if latest is not None and bytes(latest.digest) == digest:
        return latest.to_view()
    row = Process.objects.create(
        key=key,
        version=1 if latest is None else latest.version + 1,
        name=table.name,
        xml=xml,
        table=table_to_json(table),
        digest=digest,
        published_at=at,
    )
    subject = f"urn:shuzheng:process:{key}:{row.version}"
    record("cases.process_published", subject, actor=actor, at=at, content={"sha256": digest.hex()})
    return row.to_view()


def compile_named(key: str, xml: str) -> ProcessTable:
    """Compile a drawing whose process must have the id `key`.

    Raises:
        ProcessRefused: With every fault of the drawing, or another id.
    """
    table = compile_process(xml, actions=ACTIONS, sources=tuple(FACTS))
    if table.key != key:
        what = f"流程编号是“{table.key}”，应与文件名“{key}”一致"
        raise ProcessRefused([ElementFault(table.key, table.name, what, "请改流程的 id 或文件名")])
    return table
