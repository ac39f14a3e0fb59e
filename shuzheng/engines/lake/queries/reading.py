"""Who reads the lake, by what plan; the one place where an actor becomes a reader."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from shuzheng.base.access.queries import scope_of
from shuzheng.base.directory.queries import get_organization
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.seal import read_index_ring
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.backends.guarded import Job, Limits
from shuzheng.engines.lake.queries.engines import hash_key, seal_ring
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.rules.planning import plan_for_system, plan_reading
from shuzheng.engines.lake.rules.securing import needs_opening
from shuzheng.engines.lake.types.reading import Reader, ReadingPlan
from shuzheng.engines.lake.types.tables import Table


def place_of(actor: Actor) -> Reader:
    """Return what decides an actor's sight of the lake.

    Raises:
        NoSuchOrganization: The post's organization is unknown.
    """
    scope = scope_of(actor)
    if not scope.posts:
        return Reader(system=scope.system)
    [post] = scope.posts
    organization = get_organization(post.org)
    above = frozenset(one for one in organization.levels.as_tuple() if one is not None)
    return Reader(post.org, above | {post.org}, organization.division, post.roles)


def plan_of(actor: Actor, tables: Iterable[Table], *, purpose: str, at: datetime, grouped: bool = False) -> ReadingPlan:
    """Return what an actor sees of some tables; the platform's own work has a plan of its own.

    Args:
        actor: Who reads.
        tables: What is read.
        purpose: What for.
        at: When; its day is the `today` of row conditions.
        grouped: See `rules.planning.plan_reading`.

    Raises:
        ReadingPurposeMissing, GrantMissing, NotOfThisUnit, PurposeNotGranted: See `rules.planning.plan_reading`.
    """
    reader = place_of(actor)
    if reader.system:
        return plan_for_system(tables, purpose=purpose)
    today = local_date(at, settings.SHUZHENG.zone)
    return plan_reading(tables, reader, purpose=purpose, today=today, grouped=grouped)


def job_of(plan: ReadingPlan, sql: str, *, limits: Limits, vetted: bool = True) -> Job:
    """Return what the guarded process is told: files of the present versions, and no key that is not needed.

    Raises:
        SealChanged: A column was sealed since the plan was made.
    """
    lake = store()
    versions = {code: lake.version(code) for code in plan.tables}
    for code, version in versions.items():
        if version is not None:
            version.check(plan.tables[code].table)
    subjects = read_index_ring(settings.SHUZHENG.read_key("index"))
    opens = any(needs_opening(one, subject=True) for one in plan.tables.values())
    return Job(
        plan=plan,
        files={code: () if one is None else one.files for code, one in versions.items()},
        root=lake.root,
        hash_key=hash_key(),
        subject_key=subjects.keys[subjects.active],
        ring=seal_ring() if opens else None,
        sql=sql,
        vetted=vetted,
        limits=limits,
        versions={code: one.number for code, one in versions.items() if one is not None},
    )
