"""Official letters of a case (文书): receipt, acceptance, what to supply, decision. They can be printed and checked.

A letter is written in Chinese whatever language the reader's pages are in: it is the authority's text, not ours.
Its code is a keyed hash of what makes it that letter, so that anyone holding the paper can ask whether we wrote it.

Sources: 行政许可法 第三十二条（受理、补正、不予受理）、第三十八条（准予、不予许可）.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from shuzheng.base.directory.queries import get_organizations
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import OrgId, PartyKind
from shuzheng.engines.cases.types import CaseState, CaseView, DeadlineProof, HistoryView
from shuzheng.engines.credentials.types import LicenceView
from shuzheng.portals.resident.remedies import remedies_against
from shuzheng.services.items.types import ApplicationView, PaperState

LICENSING: Final = "01"
"""Items of this kind follow 行政许可法."""
CODE_CHARACTERS: Final = 12
_SALT: Final = "shuzheng.resident.letters"


class LetterKind(StrEnum):
    """What a letter says; the value stands in its address."""

    RECEIVED = "received"
    SUPPLEMENT = "supplement"
    ACCEPTED = "accepted"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.

    Attributes:
        paragraphs: Before the list; `after` stand below it.
        listed: Papers or reasons, numbered.
        organ: Full name of who signs.
        code: What the paper is checked by, in groups of four.
    """

    kind: LetterKind
    title: str
    number: str
    to: str
    paragraphs: tuple[str, ...]
    listed: tuple[str, ...]
    after: tuple[str, ...]
    organ: str
    on: date
    code: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that letters are written from."""

    case: CaseView
    history: Sequence[HistoryView]
    application: ApplicationView
    deadlines: Sequence[DeadlineProof]
    licences: Sequence[LicenceView]

    @property
    def is_licensing(self) -> bool:
        """Tell whether 行政许可法 applies."""
        return self.application.item.kind == LICENSING

    @property
    def you(self) -> str:
        """How the applicant is addressed."""
        return "你单位" if self.case.applicant.kind is PartyKind.FIRM else "您"

    @property
    def asked_for(self) -> str:
        """The application in words."""
        return f"{self.you}于{say_day(local(self.case.opened_at))}提出的“{self.case.title}”申请"

    def law(self, article: str) -> str:
        """Return the clause that names the law, '' where another law applies."""
        return f"根据《中华人民共和国行政许可法》{article}的规定，" if self.is_licensing else ""

    def due(self, kind: str) -> DeadlineProof | None:
        """Return the proof of one clock."""
        return next((proof for proof in self.deadlines if proof.kind == kind), None)


def local(at: datetime) -> date:
    """Return the city's day of an instant."""
    return local_date(at, settings.SHUZHENG.zone)


def say_day(on: date) -> str:
    """Return a day as letters write it.

    Example:
        >>> say_day(date(2026, 11, 4))
        '2026年11月4日'
    """
    return f"{on.year}年{on.month}月{on.day}日"


def write_letters(file: CaseFile) -> tuple[Letter, ...]:
    """Return the letters of a case so far, in the order they were written."""
    names = _organs(file.case)
    drafts = [_received(file), _supplement(file), _accepted(file), _decision(file)]
    letters = [_seal(draft, file.case, names) for draft in drafts if draft is not None]
    return tuple(sorted(letters, key=lambda letter: letter.on))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A letter before its organ is named and its code made."""

    kind: LetterKind
    title: str
    at: datetime
    organ: OrgId | None
    paragraphs: tuple[str, ...]
    listed: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _organs(case: CaseView) -> Mapping[OrgId, str]:
    return {code: view.full_name for code, view in get_organizations(case.parts.values()).items()}


def _seal(draft: _Draft, case: CaseView, names: Mapping[OrgId, str]) -> Letter:
    organ = names.get(draft.organ, "") if draft.organ is not None else ""
    on = local(draft.at)
    facts = "|".join((case.number, draft.kind, draft.title, organ, on.isoformat(), case.applicant.name))
    digest = base64.b32encode(salted_hmac(_SALT, facts, algorithm="sha256").digest()).decode()[:CODE_CHARACTERS]
    return Letter(
        kind=draft.kind,
        title=draft.title,
        number=case.number,
        to=case.applicant.name,
        paragraphs=draft.paragraphs,
        listed=draft.listed,
        after=draft.after,
        organ=organ,
        on=on,
        code="-".join(digest[i : i + 4] for i in range(0, CODE_CHARACTERS, 4)),
    )


def is_code_of(letter: Letter, typed: str) -> bool:
    """Tell whether a typed code is a letter's; blanks, hyphens and small letters do not matter."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return constant_time_compare(plain, letter.code.replace("-", ""))


def _window(case: CaseView) -> OrgId | None:
    return case.parts.get("window") or case.parts.get("decider")


def _received(file: CaseFile) -> _Draft:
    given = tuple(_paper(paper.name, paper.state) for paper in file.application.papers if paper.state in _COUNTED)
    proof = file.due("acceptance")
    answer = f"是否受理，最晚{say_day(proof.due_on)}答复{file.you}。" if proof is not None else ""
    return _Draft(
        LetterKind.RECEIVED,
        "申请材料接收凭证",
        file.case.opened_at,
        _window(file.case),
        (f"{file.asked_for}已经收到。" + ("材料如下：" if given else ""),),
        given,
        (f"收到申请不等于受理。{answer}",),
    )


_COUNTED: Final[Mapping[PaperState, str]] = {
    PaperState.GIVEN: "",
    PaperState.WAIVED: "（免交，由系统取得）",
    PaperState.DEPARTMENT: "（由办理单位取得）",
    PaperState.REJECTED: "（要补正）",
}


def _paper(name: str, state: PaperState) -> str:
    return f"{name}{_COUNTED[state]}"


def _supplement(file: CaseFile) -> _Draft | None:
    asked = next((entry for entry in reversed(file.history) if entry.outcome == "supplement" and entry.org), None)
    if asked is None:
        return None
    names = {paper.seq: paper.name for paper in file.application.papers}
    task = next((task for task in file.case.tasks if task.org is None and task.due_on is not None), None)
    until = f"请在{say_day(task.due_on)}前补交。" if task is not None and task.due_on is not None else ""
    said = tuple(dict.fromkeys((*asked.reasons, *filter(None, (asked.opinion,)))))
    papers = tuple(names.get(seq, str(seq)) for seq in asked.papers)
    why = (f"原因：{'；'.join(said)}。",) if papers and said else ()
    return _Draft(
        LetterKind.SUPPLEMENT,
        "补正材料一次性告知书",
        asked.at,
        asked.org,
        (f"{file.asked_for}，经审查要补正材料。{file.law('第三十二条第一款第四项')}现一次告知需要补正的全部内容：",),
        papers or said,
        (*why, f"{until}补正期间不计入办理期限；逾期没有补正的，终止办理，以后可以重新申请。"),
    )


def _accepted(file: CaseFile) -> _Draft | None:
    case = file.case
    if case.accepted_at is None:
        return None
    proof = file.due("decision")
    term = () if proof is None else (_term(proof),)
    ground = (
        f"材料齐全、符合法定形式。{file.law('第三十二条第一款第五项')}决定予以受理。"
        if any(entry.outcome == "accept" for entry in file.history)
        else f"受理期限届满没有答复。{file.law('第三十二条第一款第四项')}自收到申请之日起视为受理。"
    )
    return _Draft(
        LetterKind.ACCEPTED,
        "行政许可申请受理通知书" if file.is_licensing else "受理通知书",
        case.accepted_at,
        _window(case),
        (f"{file.asked_for}，{ground}", *term),
    )


def _term(proof: DeadlineProof) -> str:
    until = f"办理期限为 {proof.working_days} 个工作日，最晚{say_day(proof.due_on)}作出决定。"
    return f"{until}办理中要补正的，补正期间不计入期限。"


def _decision(file: CaseFile) -> _Draft | None:
    case = file.case
    if case.closed_at is None or case.state is not CaseState.DONE:
        return None
    writers = {"granted": _granted, "refused": _refused, "not_accepted": _not_accepted, "lapsed": _lapsed}
    write = writers.get(case.result)
    return None if write is None else write(file, case.closed_at)


def _decided(file: CaseFile) -> HistoryView | None:
    return next((entry for entry in reversed(file.history) if entry.org is not None and entry.outcome), None)


def _granted(file: CaseFile, at: datetime) -> _Draft:
    decided = _decided(file)
    opinion = (decided.opinion,) if decided is not None and decided.opinion else ()
    licences = tuple(_licence(licence) for licence in file.licences)
    if file.is_licensing:
        title, verdict = "准予行政许可决定书", "决定准予行政许可。"
    else:
        title, verdict = "办理结果通知书", "已经办结，同意办理。"
    return _Draft(
        LetterKind.DECISION,
        title,
        at,
        decided.org if decided is not None else file.case.parts.get("decider"),
        (
            f"{file.asked_for}，经审查，符合法定条件、标准。{file.law('第三十八条第一款')}{verdict}",
            *opinion,
            *(("发给下列证照：",) if licences else ()),
        ),
        licences,
    )


def _licence(licence: LicenceView) -> str:
    until = "长期有效" if licence.valid_to is None else f"有效期至{say_day(licence.valid_to)}"
    return f"《{licence.type_name}》，编号 {licence.number}，{until}"


def _refused(file: CaseFile, at: datetime) -> _Draft:
    title = "不予行政许可决定书" if file.is_licensing else "不予办理决定书"
    verdict = "决定不予行政许可。" if file.is_licensing else "决定不予办理。"
    ground = f"经审查，不符合法定条件、标准。{file.law('第三十八条第二款')}{verdict}理由如下："
    return _against(file, at, title, ground, file.case.parts.get("decider"))


def _not_accepted(file: CaseFile, at: datetime) -> _Draft:
    title = "行政许可申请不予受理决定书" if file.is_licensing else "不予受理决定书"
    return _against(file, at, title, f"{file.law('第三十二条')}决定不予受理。理由如下：", _window(file.case))


def _against(file: CaseFile, at: datetime, title: str, ground: str, organ: OrgId | None) -> _Draft:
    decided = _decided(file)
    said = (*decided.reasons, *filter(None, (decided.opinion,))) if decided is not None else ()
    signed = decided.org if decided is not None else organ
    where = (_remedies(file.you, signed, at),) if signed is not None else ()
    return _Draft(LetterKind.DECISION, title, at, signed, (f"{file.asked_for}，{ground}",), said, where)


def _remedies(you: str, organ: OrgId, at: datetime) -> str:
    where = remedies_against(organ, decided_on=local(at))
    return (
        f"{you}对本决定不服的，可以自知道本决定之日起六十日内向{where.government}申请行政复议，"
        "也可以自知道本决定之日起六个月内依法向人民法院提起行政诉讼。"
    )


def _lapsed(file: CaseFile, at: datetime) -> _Draft:
    ground = "在规定期限内没有补正材料，终止办理。材料备齐后可以重新申请。"
    return _Draft(LetterKind.DECISION, "终止办理通知书", at, _window(file.case), (f"{file.asked_for}，{ground}",))
