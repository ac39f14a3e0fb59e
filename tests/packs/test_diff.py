"""What a new version would change, in numbers and in words."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from shuzheng.base.kernel.pack import NOTES_MOST, Changes
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.actions import load_pack, pack_diff
from shuzheng.packs.errors import OtherPackLoaded
from shuzheng.services.items.models import Item, Unit
from tests.packs.conftest import TEMPLATE

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
Spoil = Callable[[str, str, str], None]
NEW_BODY = (
    "12990122MBY0000P6R,砚田县茶业中心,样例市砚田县茶业服务中心,11990122MBY000088E,institution,990122,county,,"
    "public_institution,11990100MBY000010J,11990122MBY000088E,12990122MBY0000P6R,\n"
)

CHANGES: tuple[tuple[str, str, str, str, str], ...] = (
    # file, what stands there, what is put there, part, words
    ("items.csv", "both,promised,20,4", "both,promised,20,3", "事项", "（000199001001）：承诺时限 4 → 3"),
    ("items.csv", "行业准营", "准营准办", "事项", "主题 行业准营 → 准营准办"),
    ("materials.csv", "经营场所平面布局图", "平面图", "事项", "增加材料“平面图”；减少材料“经营场所平面布局图”"),
    ("guides.toml", "scope_zh", 'scope_zh = "另一种"\n#', "事项", "办事指南有改动"),
    (
        "organizations.csv",
        "样例市墨溪区市场监督管理局",
        "墨溪区市场监管局本级",
        "机构与人员",
        "机构“墨溪区市场监管局”：全称 样例市墨溪区市场监督管理局 → 墨溪区市场监管局本级",
    ),
    ("people.csv", "19999980004", "19999980044", "机构与人员", "人员“方*笺”：内容有改动"),
    ("posts.csv", "受理岗,service_window", "受理岗,approval", "机构与人员", "墨溪区市场监管局的岗位“受理岗”：职责"),
    ("divisions.csv", "松烟村委会", "松烟社区", "机构与人员", "区划“松烟村委会”：名称 松烟村委会 → 松烟社区"),
    ("licence_types.csv", ",person,10,", ",person,20,", "电子证照", "证照类型“社会保障卡”有改动"),
    (
        "implementing_overrides.csv",
        "change,,,,,",
        "change,,,3,1,",
        "实施事项",
        "砚田县市场监管局的“小餐饮经营许可（新办）”：承诺时限 未定 → 3；到场次数 未定 → 1",
    ),
    (
        "implementing_overrides.csv",
        "change,,,,,online;window,砚田县石桥路1号政务服务中心二楼,0990-6600012,",
        "remove,,,,,,,,",
        "实施事项",
        "事项“小餐饮经营许可（新办）”减少 1 个实施机构",
    ),
    ("benchmarks.csv", "远山市,3,5", "远山市,2,5", "一件事和对标", "远山市 3 日 5 份 → 远山市 2 日 5 份"),
    ("onethings.toml", "stage = 2", "stage = 1", "一件事和对标", "一件事“开小餐馆一件事”有改动，第 2 版"),
)


@pytest.mark.parametrize(("file", "old", "new", "part", "words"), CHANGES)
def test_a_change_is_said_in_words_of_its_part(
    pack: Path, spoil: Spoil, file: str, old: str, new: str, part: str, words: str
) -> None:
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    spoil(file, old, new)
    found = pack_diff(pack, actor=SYSTEM, at=AT)
    assert any(words in note for note in found[part].notes), found[part].notes
    assert not found[part].nothing_changed


def test_a_diff_of_the_same_pack_says_nothing() -> None:
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    assert not [note for changes in pack_diff(TEMPLATE, actor=SYSTEM, at=AT).values() for note in changes.notes]


def test_a_first_load_is_counted_and_not_listed_row_by_row() -> None:
    found = pack_diff(TEMPLATE, actor=SYSTEM, at=AT)
    assert found["事项"].added
    assert not [note for changes in found.values() for note in changes.notes]


def test_items_and_bodies_that_come_and_go_are_named(pack: Path, spoil: Spoil) -> None:
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    text = (pack / "items.csv").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("000599001000"))
    new = line.replace("000599001000,高龄补贴给付", "000599002000,护理补贴给付")
    (pack / "items.csv").write_text(text + new + "\n", "utf-8")
    found = pack_diff(pack, actor=SYSTEM, at=AT)
    assert found["事项"].notes == ["新增事项“护理补贴给付”（000599002000）"]
    assert found["实施事项"].notes == ["事项“护理补贴给付”增加 2 个实施机构"]
    load_pack(pack, actor=SYSTEM, at=AT)
    back = pack_diff(TEMPLATE, actor=SYSTEM, at=AT)
    assert back["事项"].notes == ["不再提供事项“护理补贴给付”（000599002000）"]
    assert back["实施事项"].retired == 2
    assert Item.objects.get(code="000599002000").current
    assert Unit.objects.filter(item_code="000599002000", current=True).count() == 2


def test_a_diff_with_another_city_is_refused(pack: Path, spoil: Spoil) -> None:
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    spoil("pack.toml", 'code = "template"', 'code = "another"')
    with pytest.raises(OtherPackLoaded):
        pack_diff(pack, actor=SYSTEM, at=AT)


def test_the_command_says_the_first_changes_and_how_many_more(pack: Path, spoil: Spoil) -> None:
    load_pack(TEMPLATE, actor=SYSTEM, at=AT)
    spoil("items.csv", "both,promised,20,4", "both,promised,20,3")
    spoil("items.csv", "promised,15,5", "promised,15,4")
    out = StringIO()
    call_command("pack", "diff", str(pack), "--most", "1", stdout=out)
    said = out.getvalue()
    assert "事项: 新增 0，变更 2，停用 0" in said
    assert "  事项“小餐饮经营许可（新办）”（000199001001）：承诺时限 4 → 3\n  … 还有 1 处" in said
    out = StringIO()
    call_command("pack", "diff", str(pack), "--json", stdout=out)
    found = json.loads(out.getvalue())["事项"]
    assert (found["changed"], len(found["notes"]), found["more"]) == (2, 2, 0)


def test_more_changes_than_anyone_reads_are_counted() -> None:
    changes = Changes()
    for number in range(NOTES_MOST + 3):
        changes.note(str(number))
    assert (len(changes.notes), changes.more) == (NOTES_MOST, 3)
