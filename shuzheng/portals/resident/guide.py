"""What a guide says of the papers: what to bring, what is waived for this reader, what only sometimes is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuzheng.base.kernel.types import Actor, PartyKind
from shuzheng.services.items.queries.known import held_licences
from shuzheng.services.items.rules.papers import decide_papers
from shuzheng.services.items.types import (
    FormSpec,
    GuideView,
    ItemView,
    MaterialSource,
    MaterialView,
    PaperState,
    PaperView,
)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One material of a guide; `tag` is the word beside a waived one."""

    name: str
    why: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class GuidePapers:
    """The materials in three heaps; `mine` when they were decided for the reader, else for anybody."""

    own: tuple[PaperLine, ...]
    free: tuple[PaperLine, ...]
    maybe: tuple[PaperLine, ...]
    mine: bool


def papers_for(actor: Actor, guide: GuideView, form: FormSpec | None, *, today: date) -> GuidePapers:
    """Return the papers as they stand for the party the actor acts for: licences held are counted."""
    covered = actor.limited_to is None or guide.item.code in actor.limited_to
    if actor.party is None or not covered:
        return papers_for_anyone(guide)
    types = {material.licence_type for material in guide.materials if material.licence_type}
    held = held_licences(actor.party, types, on=today)
    papers = decide_papers(guide.materials, form, {}, held)
    return GuidePapers(
        own=_lines(papers, {PaperState.TO_GIVE}),
        free=_lines(papers, {PaperState.WAIVED, PaperState.DEPARTMENT, PaperState.GIVEN}),
        maybe=_lines(papers, {PaperState.NOT_NEEDED}),
        mine=True,
    )


def _lines(papers: Iterable[PaperView], states: set[PaperState]) -> tuple[PaperLine, ...]:
    return tuple(
        PaperLine(paper.label or paper.name, paper.why, _tag(paper)) for paper in papers if paper.state in states
    )


def _tag(paper: PaperView) -> str:
    return _("填表即可") if paper.state is PaperState.GIVEN else _("免交")


def papers_for_anyone(guide: GuideView) -> GuidePapers:
    """Return the papers as anybody reads them: a licence that may stand in for a paper is said, not assumed."""
    needed = [material for material in guide.materials if material.required]
    return GuidePapers(
        own=tuple(_bring(m) for m in needed if _must_bring(m)),
        free=tuple(_waived(m) for m in needed if not _must_bring(m)),
        maybe=tuple(PaperLine(m.name, _when(m)) for m in guide.materials if not m.required),
        mine=False,
    )


def _must_bring(material: MaterialView) -> bool:
    return material.source is MaterialSource.APPLICANT and not _is_the_form(material)


def _is_the_form(material: MaterialView) -> bool:
    """Tell whether the form, or an answer in it, takes the paper's place."""
    return material.covered_by.partition(":")[0] == "form"


def _bring(material: MaterialView) -> PaperLine:
    return PaperLine(material.name, _("%(n)s 份") % {"n": material.copies} if material.copies > 1 else "")


def _waived(material: MaterialView) -> PaperLine:
    if _is_the_form(material):
        return PaperLine(material.name, _("您填写的申请表就是这份材料"), _("填表即可"))
    if material.source is MaterialSource.LICENCE:
        why = _("有%(licence)s电子证照的，系统自动取用") % {"licence": material.licence_type}
        return PaperLine(material.name, why, _("有证免交"))
    if material.source is MaterialSource.REGISTER:
        return PaperLine(material.name, _("由登记数据核验"), _("免交"))
    return PaperLine(material.name, _("由办理单位向有关部门取得"), _("免交"))


def _when(material: MaterialView) -> str:
    return _("只有“%(when)s”才要交") % {"when": material.condition} if material.condition else _("一般不用交")


def say_who(item: ItemView) -> str:
    """Return who may apply, in words."""
    if item.for_person and item.for_firm:
        return _("个人、企业都可以办")
    return _("企业办") if item.for_firm else _("个人办")


def say_wrong_party(item: ItemView, actor: Actor | None) -> str:
    """Return why this reader cannot apply in the role they have now, '' when they can."""
    party = actor.party if actor is not None else None
    if party is None:
        return ""
    if party.kind is PartyKind.PERSON and not item.for_person:
        return _("这个事项由企业申请，您现在是为自己办理。")
    if party.kind is PartyKind.FIRM and not item.for_firm:
        return _("这个事项由个人申请，您现在是为企业办理。")
    return ""
