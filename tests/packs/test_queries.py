"""Finding and checking packs: every planted fault is reported at once, with file, line and remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shuzheng.packs.errors import PackNotFound
from shuzheng.packs.format import FORMAT, find_format
from shuzheng.packs.parts import PARTS
from shuzheng.packs.queries import check_pack, find_pack_dir, read_pack
from tests.packs.conftest import HOME, LUAN, TEMPLATE

Spoil = Callable[[str, str, str], None]

PLANTED: tuple[tuple[str, str, str, int, str], ...] = (
    # file, what stands there, what is put there, line of the fault, a word of it
    ("divisions.csv", "990122,砚田县,county,990100", "990122,砚田县,county,990199", 5, "990199"),
    ("divisions.csv", "墨溪区,county", "墨溪区,district", 4, "level"),
    ("organizations.csv", "样例市数据资源管理局,11990100", "样例市数据资源管理局,91990100", 5, ""),
    ("people.csv", "陆听松,男,1938-06-21", "陆听松,男,1938-6-21", 4, "birth_date"),
    ("people.csv", "19999980004", "1999998000", 5, "mobile"),
    ("people.csv", "邵旧简,男,1941-09-09,汉族", "邵旧简,,1941-09-09,汉族", 6, "sex"),
    ("firms.csv", "H6210,正餐服务,990122", "H6210,正餐服务,990123", 3, ""),
    ("posts.csv", "service_window;approval\n", "service_window,approval\n", 5, "格"),
    ("licences.csv", "从业人员健康证明,person", "健康证明,person", 7, ""),
    ("licences.csv", "2021-09-08,有效", "2021-09-31,有效", 7, "2021-09-31"),
    ("licence_types.csv", "自然人库,false", "自然人库,否", 2, "in_step"),
    ("items.csv", "both,promised,20,4", "both,promised,二十,4", 2, "legal_days"),
    ("items.csv", "000599001000,高龄补贴给付", "000199001001,高龄补贴给付", 4, "basic_code"),
    (
        "materials.csv",
        "000199001001,4,经营场所平面布局图,applicant",
        "000199001001,4,经营场所平面布局图,somebody",
        5,
        "source",
    ),
    ("implementers.csv", "department,level,division_code", "department,level,division", 1, "division_code"),
    ("forms.toml", 'label_zh = "统一社会信用代码"\n', 'label = "统一社会信用代码"\n', 20, "label_zh"),
    ("forms.toml", 'type = "uscc"', 'type = "code"', 20, "type"),
    ("guides.toml", 'question = "可以替家人查吗？"', "question = 可以替家人查吗？", 28, "TOML"),
    ("pack.toml", '"Asia/Shanghai"', '"Asia/Beijing"', 2, "Asia/Beijing"),
    ("processes/promised.bpmn", "items.issue_result", "items.issue_everything", 153, "items.issue_everything"),
    ("calendar.toml", "year = 2031\n", "", 3, "year"),
    ("items.csv", "卫生健康,document", f"{'卫' * 41},document", 3, "超过 40 个"),
    ("items.csv", "instant,,0,0,0", "instant,,2,0,0", 3, "即办件"),
    ("materials.csv", "conditional,委托他人办理的", "conditional,", 9, "condition_zh"),
    ("materials.csv", "002099001000,1,居民身份证", "002099009000,1,居民身份证", 10, "basic_code"),
    ("materials.csv", "银行账户信息,licence,社会保障卡", "银行账户信息,licence,社保卡", 13, "社保卡"),
    ("form_licence_fields.csv", "主体业态,expression,form.format", "主体业态,expression,form.formt", 9, "form.formt"),
    ("form_licence_fields.csv", "证照编号,system,licence_no", "证照编号,system,number", 2, "number"),
    ("forms.toml", 'covered_by = "form"', 'covered_by = "form:nothing"', 137, "form:nothing"),
    ("prefill.toml", 'field = "uscc"', 'field = "colour"', 5, "colour"),
    ("implementing_overrides.csv", "change,,,", "change,11990102MBY0000C0X,,", 2, "window"),
    ("implementing_overrides.csv", "0990-6600012", "1" * 401, 2, "phone"),
    ("benchmarks.csv", "000199001001,本省最优", "000199001009,本省最优", 3, "basic_code"),
    ("benchmarks.csv", "远山市,3,5", "远山市,三,5", 2, "promised_days"),
    ("onethings.toml", "answer.staff = TRUE", "answer.stuff = TRUE", 28, "stuff"),
    ("onethings.toml", "'热食'", "'烤食'", 28, "烤食"),
    ("onethings.toml", 'name = "小餐饮经营许可（新办）"', 'name = "小餐饮许可"', 22, "name"),
    ("onethings.toml", 'options = ["是", "否"]', 'options = ["是"]', 10, "options"),
    ("onethings.toml", "stage = 1", "stage = 0", 22, "stage"),
    ("onethings.toml", 'audience = "both"', 'audience = "all"', 3, "audience"),
)
OVERRIDDEN = "11990122MBY0000A444000199001001,change"
OVERRIDES: tuple[tuple[str, str], ...] = (
    # what stands instead of a sound unit and act, a word of the fault
    ("11990122MBY0000A454000199001001,change", "不是实施编码"),
    ("11990122mby0000a444000199001001,change", "小写"),
    ("11990122MBY0000A444000199009009,change", "不在 items.csv 里"),
    ("11990122MBY0000A445000199001001,change", "按规则没有"),
    ("11990122MBY0000D9N4000199001001,remove", "按规则没有"),
    ("11990122MBY0000D9N5000199001001,add", "层级 5 不在该事项的 levels 里"),
    ("11990100MBY0000P824000199001001,add", "不在 organizations.csv 里"),
    ("11990122MBY0000A444000199001001,replace", "act"),
)


def test_a_sound_pack_has_no_fault() -> None:
    assert check_pack(TEMPLATE) == ()


def test_the_pack_of_the_city_has_no_fault() -> None:
    assert check_pack(LUAN) == ()


@pytest.mark.parametrize(("file", "old", "new", "line", "word"), PLANTED)
def test_a_fault_is_found_where_it_was_planted(
    pack: Path, spoil: Spoil, file: str, old: str, new: str, line: int, word: str
) -> None:
    spoil(file, old, new)
    found = [f for f in check_pack(pack) if f.file == file and f.line == line and word in f.what]
    assert found, check_pack(pack)
    assert all(f.remedy for f in check_pack(pack))


@pytest.mark.parametrize(("unit", "word"), OVERRIDES)
def test_a_unit_that_cannot_be_overridden_so_is_told(pack: Path, spoil: Spoil, unit: str, word: str) -> None:
    spoil("implementing_overrides.csv", OVERRIDDEN, unit)
    found = check_pack(pack)
    assert [(f.file, f.line, bool(f.remedy)) for f in found] == [("implementing_overrides.csv", 2, True)]
    assert word in found[0].what


def test_an_override_that_says_nothing_and_days_that_cannot_be_are_told(pack: Path) -> None:
    head = (pack / "implementing_overrides.csv").read_text("utf-8").splitlines()[0]
    lines = (
        "11990102MBY000096A4000199001001,change,,,,,,,,",
        "11990100MBY000037A3000199001001,change,,,0,,,,,",
        "11990102MBY0000C0T4002099001000,change,,,2,,,,,",
    )
    (pack / "implementing_overrides.csv").write_text("\n".join((head, *lines)) + "\n", "utf-8")
    assert [(f.line, f.what) for f in check_pack(pack)] == [
        (2, "没有写有什么不同"),
        (3, "promised_days 是 0，承诺件没有承诺时限"),
        (4, "promised_days 写在即办件上"),
    ]


def test_all_faults_are_reported_at_once_in_order(pack: Path, spoil: Spoil) -> None:
    """One broken pack with every planted fault, and three of whole files."""
    for file, old, new, _, _ in PLANTED:
        spoil(file, old, new)
    (pack / "notes.docx").write_bytes(b"x")
    (pack / "README.md").unlink()
    (pack / "processes" / "instant.bpmn").write_bytes(b"\x00")
    faults = check_pack(pack)
    planted = [(file, line, word) for file, _, _, line, word in PLANTED]
    planted += [("notes.docx", 1, "不认识"), ("README.md", 1, "缺少"), ("processes/instant.bpmn", 1, "不是文本")]
    assert len(planted) >= 40
    missed = [p for p in planted if not any((f.file, f.line) == p[:2] and p[2] in f.what for f in faults)]
    assert not missed
    assert all(fault.remedy for fault in faults)
    assert [(f.file, f.line) for f in faults] == sorted((f.file, f.line) for f in faults)
    assert len(faults) == len(set(faults))


def test_one_slip_is_not_reported_twice_for_its_column(pack: Path, spoil: Spoil) -> None:
    spoil("people.csv", "1938-06-21", "1938-6-21")
    assert len([f for f in check_pack(pack) if f.what.startswith("birth_date")]) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_pack_saved_by_a_spreadsheet_reads_the_same(pack: Path, encoding: str) -> None:
    for file in pack.glob("*.csv"):
        text = file.read_text("utf-8")
        file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert check_pack(pack) == ()
    assert read_pack(pack) == read_pack(TEMPLATE)


def test_links_and_binary_files_are_refused(pack: Path) -> None:
    (pack / "people.csv").unlink()
    (pack / "people.csv").symlink_to(TEMPLATE / "people.csv")
    (pack / "posts.csv").write_bytes(b"\x00\x01")
    found = {(f.file, f.what) for f in check_pack(pack)}
    assert ("people.csv", "不是普通文件") in found
    assert ("posts.csv", "文件不是文本，或者是 UTF-16 编码") in found


def test_hidden_files_are_passed_over(pack: Path) -> None:
    (pack / ".git").mkdir()
    (pack / ".git" / "config").write_text("x", "utf-8")
    (pack / ".DS_Store").write_bytes(b"\x00")
    assert check_pack(pack) == ()


def test_an_empty_folder_is_told_every_file_it_lacks(tmp_path: Path) -> None:
    assert {f.file for f in check_pack(tmp_path)} >= {f.name for f in FORMAT if f.required}


def test_every_file_a_part_reads_is_declared() -> None:
    for title, part in PARTS:
        for file in part.FILES:
            assert find_format(file.replace("*", "a")) is not None, f"{title}: {file}"


def test_every_declared_file_is_read_by_some_part() -> None:
    read = {file for _, part in PARTS for file in part.FILES}
    own = {"pack.toml", "README.md", "LICENSE*", "boundaries/LICENSE*"}
    assert {file.name for file in FORMAT} - own == read


class TestFindPackDir:
    def test_a_shipped_pack_is_found_by_its_name(self) -> None:
        assert find_pack_dir("template", HOME / "packs") == TEMPLATE.resolve()

    def test_any_folder_is_found_by_its_path(self, pack: Path) -> None:
        assert find_pack_dir(str(pack), HOME / "packs") == pack.resolve()

    @pytest.mark.parametrize("name", ["nowhere", "./nowhere", "template/pack.toml"])
    def test_what_is_not_there_is_said(self, name: str) -> None:
        with pytest.raises(PackNotFound) as refused:
            find_pack_dir(name, HOME / "packs")
        assert name in refused.value.message
        assert refused.value.hint
