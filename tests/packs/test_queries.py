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
    ("processes/promised.bpmn", "items.issue_result", "items.issue_everything", 134, "items.issue_everything"),
    ("calendar.toml", "year = 2031\n", "", 3, "year"),
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


def test_all_faults_are_reported_at_once_in_order(pack: Path, spoil: Spoil) -> None:
    separate = {entry[0]: entry for entry in PLANTED}.values()
    for file, old, new, _, _ in separate:
        spoil(file, old, new)
    (pack / "notes.docx").write_bytes(b"x")
    (pack / "README.md").unlink()
    faults = check_pack(pack)
    found = {(f.file, f.line) for f in faults}
    assert found >= {(file, line) for file, _, _, line, _ in separate} | {("notes.docx", 1), ("README.md", 1)}
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
