"""The pack part: checked with line and remedy, applied twice without change."""

from pathlib import Path

import pytest

from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.cases import pack
from shuzheng.engines.cases.models import Process
from tests.cases.making import AT, drawing


def make_pack(**drawings: str) -> PackRows:
    files = {f"processes/{key}.bpmn": [Row(f"processes/{key}.bpmn", 1, {"text": xml})] for key, xml in drawings.items()}
    return PackRows(files)


def test_the_template_is_sound() -> None:
    assert pack.check(make_pack(promised=drawing("promised"), instant=drawing("instant"))) == []


def test_a_fault_tells_file_line_and_remedy() -> None:
    xml = drawing("promised").replace("tests.issue_result", "tests.isue_result")
    (fault,) = pack.check(make_pack(promised=xml))
    assert (fault.file, fault.what) == ("processes/promised.bpmn", "issue 签发证照：动作“tests.isue_result”没有登记")
    assert 'id="issue"' in xml.splitlines()[fault.line - 1]
    assert fault.remedy


def test_the_file_is_named_as_its_process() -> None:
    (fault,) = pack.check(make_pack(another=drawing("promised")))
    assert "应与文件名“another”一致" in fault.what


@pytest.mark.django_db
def test_applying_twice_changes_nothing_and_a_new_drawing_is_a_new_version() -> None:
    rows = make_pack(promised=drawing("promised"), instant=drawing("instant"))
    assert pack.apply(rows, actor=SYSTEM, at=AT).added == 2
    again = pack.apply(rows, actor=SYSTEM, at=AT)
    assert (again.nothing_changed, again.unchanged) == (True, 2)
    newer = make_pack(promised=drawing("promised").replace("受理审查", "初审"))
    changes = pack.apply(newer, actor=SYSTEM, at=AT)
    assert (changes.changed, len(changes.notes)) == (1, 1)
    assert Process.objects.filter(key="promised").count() == 2


def test_both_packs_ship_the_same_processes() -> None:
    home = Path(__file__).parents[2] / "packs"
    for key in ("promised", "instant"):
        shipped = {(home / name / "processes" / f"{key}.bpmn").read_bytes() for name in ("template", "luan")}
        assert len(shipped) == 1
