"""Which papers must be given, which are waived, and why. One sentence each, in words an applicant understands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.mask import mask_middle
from shuzheng.base.kernel.said import said
from shuzheng.services.items.types import (
    FieldSpec,
    FieldType,
    FormSpec,
    HeldLicence,
    MaterialSource,
    MaterialView,
    PaperProblem,
    PaperState,
    PaperView,
    SourceRef,
)


def chinese_date(on: date) -> str:
    """Return a date as a sentence has it.

    Example:
        >>> chinese_date(date(2024, 9, 8))
        '2024年9月8日'
    """
    return said("{year}年{month}月{day}日", year=on.year, month=on.month, day=on.day)


def mask_number(number: str) -> str:
    """Return a licence number that can be recognised by its holder and not be used by others."""
    return mask_middle(number, head=4, tail=4) if len(number) > 10 else mask_middle(number, head=1, tail=2)


def decide_papers(
    materials: Sequence[MaterialView],
    form: FormSpec | None,
    files: Mapping[int, FileView],
    held: Mapping[str, HeldLicence],
) -> tuple[PaperView, ...]:
    """Return one row a material.

    Order of the reasons: a file given; the form itself is the paper; a file the form insists on; a licence held and
    valid; a register or a department that answers; a paper needed only under a condition; else it must be given.

    Args:
        materials: Of the item's version.
        form: Its form, None for an item without one.
        files: Uploaded files by material.
        held: The best licence of each type that the firm or the acting person holds, valid or not.
    """
    fields = {
        spec.material_seq: spec
        for spec in (form.fields() if form else ())
        if spec.type is FieldType.FILE and spec.material_seq is not None
    }
    names = {spec.name: spec for spec in (form.fields() if form else ())}
    rows = (
        decide_paper(
            m,
            fields.get(m.seq),
            files.get(m.seq),
            held.get(m.licence_type),
            answer=names.get(m.covered_by.removeprefix("form:")),
        )
        for m in materials
    )
    return tuple(_spare(row) if (spec := fields.get(row.seq)) and not spec.asked else row for row in rows)


def _spare(row: PaperView) -> PaperView:
    """Return a paper that the answers make needless; one that was given stays."""
    if row.file is not None:
        return row
    why = said("照您填的，这份不用交")
    return replace(row, state=PaperState.NOT_NEEDED, why=why, source=said("申请表"), required=False)


def decide_paper(
    material: MaterialView,
    field: FieldSpec | None,
    file: FileView | None,
    licence: HeldLicence | None,
    *,
    answer: FieldSpec | None = None,
) -> PaperView:
    """Return the row of one material; see `decide_papers`. `answer` is the question that takes its place, if any."""
    asked = field is not None and field.required
    label = field.label if field is not None and field.label != material.name else ""
    row = PaperView(
        seq=material.seq,
        name=material.name,
        state=PaperState.TO_GIVE,
        why=said("请上传扫描件或照片（PDF、JPG、PNG，不超过 10 MB）"),
        source=said("申请人"),
        required=material.required or asked,
        label=label,
    )
    if file is not None:
        return replace(row, state=PaperState.GIVEN, why=said("已上传：{name}", name=file.name), file=file)
    if material.covered_by.partition(":")[0] == "form":
        what = said("申请表里的“{label}”", label=answer.label) if answer is not None else said("申请表")
        return replace(
            row,
            state=PaperState.GIVEN,
            why=said("您填写的{what}就是这份材料，不用另交", what=what),
            source=said("申请表"),
        )
    if asked:
        return replace(row, why=said("请上传{label}（PDF、JPG、PNG，不超过 10 MB）", label=label)) if label else row
    if material.source is MaterialSource.LICENCE:
        return _decide_by_licence(row, material, licence)
    if material.source is MaterialSource.APPLICANT:
        return row if material.required else _not_needed(row, material)
    return _from_departments(row, material)


def _from_departments(row: PaperView, material: MaterialView) -> PaperView:
    if material.source is MaterialSource.REGISTER:
        register = f"（{material.dataset}）" if material.dataset else ""
        why, source = said("由登记数据核验{register}，不用交", register=register), said("登记数据")
    else:
        why, source = said("由办理单位向有关部门取得，不用交"), said("有关部门")
    return replace(row, state=PaperState.DEPARTMENT, why=why, source=source, required=False)


def _not_needed(row: PaperView, material: MaterialView) -> PaperView:
    when = said("只有“{condition}”才要交", condition=material.condition) if material.condition else said("一般不用交")
    return replace(
        row, state=PaperState.NOT_NEEDED, why=said("{when}；需要时可以在这里上传", when=when), required=False
    )


def _decide_by_licence(row: PaperView, material: MaterialView, licence: HeldLicence | None) -> PaperView:
    if licence is not None and licence.valid:
        until = said("有效期至{day}", day=chinese_date(licence.valid_to)) if licence.valid_to else said("长期有效")
        why = said(
            "已查到{holder_name}的{type_name}（{number}，{until}），不用交",
            holder_name=licence.holder_name,
            type_name=licence.type_name,
            number=mask_number(licence.number),
            until=until,
        )
        ref = SourceRef("credentials.licence", licence.record, licence.version, said("电子证照"))
        return replace(row, state=PaperState.WAIVED, why=why, source=said("电子证照"), ref=ref)
    if not material.required:
        return _not_needed(row, material)
    if licence is None:
        why = said("没有查到您的{licence_type}，请上传", licence_type=material.licence_type)
    elif licence.valid_to is not None and not licence.why_not:
        why = said("{type_name}已于{day}到期，请上传", type_name=licence.type_name, day=chinese_date(licence.valid_to))
    else:
        why = said(
            "{type_name}{what}，请上传有效的证照", type_name=licence.type_name, what=licence.why_not or said("现在无效")
        )
    return replace(row, why=why)


def missing_papers(papers: Sequence[PaperView]) -> tuple[PaperProblem, ...]:
    """Return the papers without which nothing can be submitted."""
    return tuple(
        PaperProblem(paper.seq, paper.name, said("请上传{what}", what=paper.label or paper.name))
        for paper in papers
        if paper.required and paper.state in {PaperState.TO_GIVE, PaperState.REJECTED}
    )


def mark_asked(
    papers: Sequence[PaperView],
    asked: Collection[int],
    *,
    why: str,
    asked_at: datetime,
    given_at: Mapping[int, datetime],
) -> tuple[PaperView, ...]:
    """Return the papers with those an officer asked for marked, unless they were given since.

    Args:
        papers: As submitted.
        asked: Materials named in the last supplement request.
        why: The officer's words.
        asked_at: When they were asked for.
        given_at: When the present file of a material was given.
    """

    def marked(paper: PaperView) -> PaperView:
        given = given_at.get(paper.seq)
        if paper.seq not in asked or (given is not None and given > asked_at):
            return paper
        return replace(
            paper, state=PaperState.REJECTED, why=said("请补正：{why}", why=why) if why else said("请补正这份材料")
        )

    return tuple(map(marked, papers))
