"""Item administration as pages show it: editor rows with today's value beside, differences, tags, who may act."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from shuzheng.portals.officer.presenting import Tag
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.services.items.rules.changing.fields import REQUIRED, SOURCES
from shuzheng.services.items.types import CHANNEL_NAMES
from shuzheng.services.items.types.changing import (
    CHANGE_STATE_LABELS,
    ChangeProblem,
    ChangeRow,
    ChangeState,
    Clash,
    Editor,
    FieldDifference,
    Line,
)

STATE_TAGS: Final[Mapping[ChangeState, tuple[str, str]]] = {
    ChangeState.DRAFT: ("", "edit"),
    ChangeState.REVIEW: ("warn", "clock"),
    ChangeState.RETURNED: ("bad", "undo"),
    ChangeState.APPROVED: ("b", "calendar"),
    ChangeState.IN_FORCE: ("ok", "check"),
    ChangeState.DROPPED: ("", "x"),
}
_MATERIAL: Final = re.compile(r"材料 (\d+)(?:：(.*))?", re.DOTALL)


def state_tag(state: ChangeState) -> Tag:
    """Return the tag of a change."""
    kind, icon = STATE_TAGS[state]
    return Tag(tr(CHANGE_STATE_LABELS[state]), kind, icon)


def say_label(label: str) -> str:
    """Return the label of a field in the reader's language; the name of a material stays as it is."""
    found = _MATERIAL.fullmatch(label)
    if found is None:
        return tr(label)
    number = _("材料 %(n)s") % {"n": found[1]}
    return f"{number}：{found[2]}" if found[2] else number


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a difference, in words; `mark` is `same`, `gone` or `new`."""

    mark: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A field that differs."""

    label: str
    lines: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class ClashRow:
    """A field changed on both sides."""

    label: str
    was: str
    mine: str
    now: str


def say_lines(lines: Sequence[Line]) -> tuple[LineRow, ...]:
    """Return lines with our own words in the reader's language."""
    return tuple(LineRow(line.mark, tr(line.label), tr(line.text) if line.ours else line.text) for line in lines)


def difference_rows(found: Iterable[FieldDifference]) -> tuple[DifferenceRow, ...]:
    """Return what differs as rows."""
    return tuple(DifferenceRow(say_label(row.label), say_lines(row.lines)) for row in found)


def clash_rows(found: Iterable[Clash]) -> tuple[ClashRow, ...]:
    """Return what was changed on both sides as rows."""
    return tuple(ClashRow(say_label(row.label), _join(row.was), _join(row.mine), _join(row.now)) for row in found)


def _join(lines: Sequence[Line]) -> str:
    return "\n".join(f"{row.label}：{row.text}" if row.label else row.text for row in say_lines(lines)) or "—"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a list of changes."""

    row: ChangeRow
    tag: Tag
    what: str


def change_lines(rows: Iterable[ChangeRow]) -> tuple[ChangeLine, ...]:
    """Return changes as lines of a list."""
    return tuple(ChangeLine(row, state_tag(row.state), "、".join(map(say_label, row.what)) or "—") for row in rows)


# The editor


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the editor: `kind` is `text`, `textarea`, `select` or `ticks`; `now` is today's value in words."""

    name: str
    label: str
    value: str
    now: str
    kind: str = "text"
    hint: str = ""
    error: str = ""
    mode: str = ""
    rows: int = 3
    options: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class InputGroup:
    """A material or a question, folded unless something in it was changed or is wrong."""

    title: str
    inputs: tuple[Input, ...]
    open: bool
    drop: str = ""
    dropped: bool = False
    drop_error: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The editor in parts."""

    facts: tuple[Input, ...]
    guide: tuple[Input, ...] = ()
    materials: tuple[InputGroup, ...] = ()
    questions: tuple[InputGroup, ...] = ()


class _Builder:
    """Builds inputs from an editor and the problems found."""

    def __init__(self, editor: Editor, problems: Iterable[ChangeProblem]) -> None:
        self._editor = editor
        self._errors: dict[str, str] = {}
        for problem in problems:
            self._errors.setdefault(problem.field, tr(problem.message))

    def input(self, name: str, label: str, **more: object) -> Input:
        values: dict[str, object] = {
            "name": name,
            "label": label,
            "value": self.typed(name),
            "now": self.now(name),
            "error": self._errors.get(name, ""),
            **more,
        }
        return Input(**values)  # type: ignore[arg-type]

    def choice(self, name: str, label: str, options: Mapping[str, str], **more: object) -> Input:
        now = tr(options.get(self.now(name), self.now(name)))
        offered = tuple((value, tr(words)) for value, words in options.items())
        chosen = (self.typed(name) or next(iter(options)),)
        return self.input(name, label, kind="select", now=now, options=offered, chosen=chosen, **more)

    def typed(self, name: str) -> str:
        return "".join(self._editor.typed.get(name, ())[:1])

    def now(self, name: str) -> str:
        return "".join(self._editor.now.get(name, ())[:1])

    def error(self, name: str) -> str:
        return self._errors.get(name, "")

    def differs(self, prefix: str) -> bool:
        """Tell whether anything that begins so was changed or is wrong."""
        names = {name for name in (*self._editor.typed, *self._errors) if name.startswith(prefix)}
        return any(self.typed(name) != self.now(name) or name in self._errors for name in names)


def editor_page(editor: Editor, problems: Iterable[ChangeProblem]) -> EditorPage:
    """Return the parts of the editor."""
    build = _Builder(editor, problems)
    if editor.unit is not None:
        return EditorPage(_unit_inputs(build, editor))
    return EditorPage(
        _fact_inputs(build, editor),
        _guide_inputs(build),
        tuple(_material(build, editor, key) for key in editor.materials),
        tuple(_question(build, n) for n in editor.questions),
    )


def _unit_inputs(build: _Builder, editor: Editor) -> tuple[Input, ...]:
    days = _("比事项的 %(n)s 个工作日短；和事项一样就留空") % {"n": editor.item.promised_days}
    return (
        build.choice("window", _("受理窗口"), dict(editor.windows)),
        build.input(
            "promised_days", _("承诺时限（工作日）"), hint=days, mode="numeric", optional=True,
            now=build.now("promised_days") or _("和事项一样"),
        ),
        build.input("address", _("办理地址"), optional=True),
        build.input("phone", _("咨询电话"), hint=_("例如 0564-3333333；有几个就用顿号隔开"), optional=True),
        build.input("hours", _("办理时间"), hint=_("例如：周一至周五 9:00—12:00，13:00—17:00"), optional=True),
    )  # fmt: skip


def _fact_inputs(build: _Builder, editor: Editor) -> tuple[Input, ...]:
    legal = editor.item.legal_days
    hint = _("法律没有规定时限") if legal is None else _("法定时限 %(n)s 个工作日，不能超过") % {"n": legal}
    now = "\n".join(tr(CHANNEL_NAMES.get(name, name)) for name in editor.now.get("channels", ()))
    return (
        build.input("promised_days", _("承诺时限（工作日）"), hint=hint, mode="numeric"),
        build.input("visits", _("到现场次数"), mode="numeric"),
        build.input("fee", _("收费（元）"), hint=_("不收费填 0"), mode="decimal"),
        build.input(
            "channels", _("办理渠道"), kind="ticks", now=now, chosen=tuple(editor.typed.get("channels", ())),
            options=tuple((value, tr(words)) for value, words in CHANNEL_NAMES.items()),
        ),
    )  # fmt: skip


def _guide_inputs(build: _Builder) -> tuple[Input, ...]:
    return (
        build.input("scope", _("适用范围"), kind="textarea"),
        build.input("conditions", _("申请条件"), kind="textarea", hint=_("一行一条"), rows=5),
        build.input("flow", _("办理流程"), kind="textarea", hint=_("一行一步，按先后"), rows=5),
    )


def _material(build: _Builder, editor: Editor, key: str) -> InputGroup:
    new = not key.isdigit()
    name = build.typed(f"m-{key}-name")
    title = _("再加一份材料") if new and not name else name
    return InputGroup(
        title=title if new else _("材料 %(n)s：%(name)s") % {"n": key, "name": name},
        inputs=(
            build.input(f"m-{key}-name", _("材料名称")),
            build.choice(f"m-{key}-source", _("从哪里来"), SOURCES),
            build.input(
                f"m-{key}-licence_type", _("电子证照名称"), optional=True,
                hint=_("申请人有这种证照就免交，例如“营业执照”"),
            ),
            build.choice(f"m-{key}-required", _("要求"), REQUIRED),
            build.input(f"m-{key}-condition", _("什么情况下要提供"), optional=True, hint=_("有条件提供的要写")),
            build.input(f"m-{key}-copies", _("份数"), mode="numeric", value=build.typed(f"m-{key}-copies") or "1"),
        ),
        open=bool(name) and build.differs(f"m-{key}-"),
        drop="" if new else f"m-{key}-drop",
        dropped=bool(build.typed(f"m-{key}-drop")),
        drop_error=build.error(f"m-{key}-drop"),
        held=not new and int(key) in editor.held,
    )  # fmt: skip


def _question(build: _Builder, n: int) -> InputGroup:
    question = build.typed(f"faq-{n}-question")
    return InputGroup(
        title=question or _("再加一个问题"),
        inputs=(
            build.input(f"faq-{n}-question", _("问题")),
            build.input(f"faq-{n}-answer", _("回答"), kind="textarea"),
        ),
        open=build.differs(f"faq-{n}-"),
    )
