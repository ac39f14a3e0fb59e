"""Reading the material rows of the editor: kept, changed, dropped and new ones."""

from collections.abc import Mapping

from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Json, JsonObject
from shuzheng.services.items.rules.changing.facts import MATERIAL, is_material, material_seq
from shuzheng.services.items.rules.changing.fields import (
    COPIES_MOST,
    MATERIAL_NAME,
    MATERIALS_MOST,
    NEW,
    REQUIRED,
    SOURCES,
    Reader,
    filled,
)
from shuzheng.services.items.rules.changing.limits import ItemBounds
from shuzheng.services.items.types import MaterialSource


def read_materials(reader: Reader, read: dict[str, Json], bounds: ItemBounds) -> None:
    """Put what was typed into `read`; a row with a problem stays as it was, a new one stays out."""
    last = max((material_seq(key) for key in read if is_material(key)), default=0)
    keys = [found[1] for name in reader.raw if (found := MATERIAL_NAME.fullmatch(name))]
    for key in sorted((key for key in keys if not key.startswith(NEW)), key=int):
        before = read.get(f"{MATERIAL}{key}")
        if isinstance(before, Mapping):
            _read_known(reader, read, key, before, bounds)
    for key in sorted((key for key in keys if key.startswith(NEW)), key=lambda key: int(key[1:])):
        row = (
            _read_row(reader, key, {"seq": last + 1, "dataset": ""}, bounds)
            if filled(reader.raw, f"m-{key}-")
            else None
        )
        if row is not None:
            last += 1
            read[f"{MATERIAL}{last}"] = row
    if sum(map(is_material, read)) > MATERIALS_MOST:
        reader.wrong("", said("一个事项最多 {materials_most} 份材料", materials_most=MATERIALS_MOST))


def _read_known(reader: Reader, read: dict[str, Json], key: str, before: JsonObject, bounds: ItemBounds) -> None:
    if not reader.text(f"m-{key}-drop"):
        read[f"{MATERIAL}{key}"] = _read_row(reader, key, before, bounds) or before
    elif int(key) in bounds.held:
        reader.wrong(
            f"m-{key}-drop",
            said("申请表里要填或上传这份材料，不能单独去掉；请改为“有条件提供”，或请管理员和申请表一起改"),
        )
    else:
        del read[f"{MATERIAL}{key}"]


def _read_row(reader: Reader, key: str, before: JsonObject, bounds: ItemBounds) -> dict[str, Json] | None:
    """Return a row, None when something in it is wrong."""
    known = len(reader.problems)
    name = reader.short(f"m-{key}-name", said("材料名称"), most=120)
    if not name:
        reader.wrong(f"m-{key}-name", said("请写材料名称，例如“营业执照”；不要这份材料，请勾选“不再要这份材料”"))
    row: dict[str, Json] = {
        "seq": before["seq"],
        "name": name,
        "source": _read_source(reader, key),
        "licence_type": _read_licence_type(reader, key, bounds),
        "dataset": before.get("dataset"),
        "copies": _read_copies(reader, key),
        **_read_required(reader, key),
    }
    return row if len(reader.problems) == known else None


def _read_source(reader: Reader, key: str) -> str:
    source = reader.text(f"m-{key}-source")
    if source not in SOURCES:
        reader.wrong(f"m-{key}-source", said("请选材料从哪里来，例如“申请人提交”"))
    return source


def _read_licence_type(reader: Reader, key: str, bounds: ItemBounds) -> str:
    name, field = reader.text(f"m-{key}-licence_type"), f"m-{key}-licence_type"
    if not name and reader.text(f"m-{key}-source") == MaterialSource.LICENCE:
        reader.wrong(field, said("由电子证照免交的材料，请写证照名称，例如“营业执照”"))
    elif name and name not in bounds.licence_types:
        reader.wrong(field, said("没有这种电子证照，请照证照目录里的名称写，例如“营业执照”；没有就留空"))
    return name


def _read_copies(reader: Reader, key: str) -> int:
    copies = reader.number(f"m-{key}-copies", said("份数"), most=COPIES_MOST, example="1")
    if copies == 0:
        reader.wrong(f"m-{key}-copies", said("份数至少是 1"))
    return copies or 1


def _read_required(reader: Reader, key: str) -> dict[str, Json]:
    required = reader.text(f"m-{key}-required")
    condition = reader.short(f"m-{key}-condition", said("什么情况下要提供"))
    if required not in REQUIRED:
        reader.wrong(f"m-{key}-required", said("请选“必须提供”或“有条件提供”"))
    if required == "conditional" and not condition:
        reader.wrong(f"m-{key}-condition", said("请写什么情况下要提供，例如：委托他人办理的"))
    return {"required": required, "condition_zh": condition}
