"""The luan pack end to end for its first demonstration firm."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.queries import forget_depths
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.cases import pack as cases_pack
from shuzheng.engines.credentials import pack as credentials_pack
from shuzheng.engines.credentials.queries import find_licences_of_case
from shuzheng.packs.queries import read_pack
from shuzheng.services.items import actions, pack, queries
from shuzheng.services.items.models import Unit
from tests.items.city import AT, PDF, act, for_firm, typed_of, wire

LUAN = Path(__file__).parents[2] / "packs" / "luan"
PERMIT = "000125005002"
OWNER, FIRM = "341522197611099916", "92341502MBY6N0708H"
CLERK, APPROVER = "341502198502099908", "341502198206299913"


def test_the_luan_pack_is_sound_and_its_forms_can_be_read() -> None:
    rows = read_pack(LUAN)
    assert [fault.what for fault in pack.check(rows)] == []


@pytest.mark.slow
def test_a_restaurant_of_luan_gets_its_permit(db: None) -> None:
    forget_depths()
    wire()
    rows = read_pack(LUAN)
    for part in (directory_pack, cases_pack, credentials_pack, pack):
        part.apply(rows, actor=SYSTEM, at=AT)
    assert pack.apply(rows, actor=SYSTEM, at=AT).nothing_changed
    levels = [Unit.objects.filter(item_code=PERMIT, level=level).count() for level in ("city", "county")]
    assert levels == [1, 7]
    assert Unit.objects.filter(item_code="000508001000").count() == 146 + 1969

    actor = for_firm(OWNER, FIRM)
    unit = queries.suggest_unit(PERMIT, actor=actor)
    assert unit is not None
    assert unit.organization_name == "金安区市场监管局"
    draft = actions.start_draft(PERMIT, unit.code, actor=actor, at=AT)
    assert draft.answers["ent_name"].value == "六安市金安区瓜瑞餐饮管理（个体工商户）"
    papers = {paper.seq: paper for paper in queries.list_papers(draft.id, actor=actor, at=AT)}
    assert {seq: str(paper.state) for seq, paper in papers.items()} == {
        1: "given", 2: "waived", 3: "waived", 4: "to_give", 5: "to_give", 6: "department", 7: "to_give", 8: "waived",
    }  # fmt: skip
    assert papers[7].why == "从业人员健康证明已于2024年9月8日到期，请上传"

    typed: tuple[dict[str, list[str]], ...] = (
        {"contact": ["黄白露"], "contact_mobile": ["13800001234"]},
        {"place_address": ["城北镇瓦屋台村167号"], "division": ["金安区"], "area": ["86"], "kitchen_area": ["20"],
         "place_right": ["自有"]},
        {"format": ["餐饮服务经营者"], "projects": ["热食类食品制售", "自制饮品制售"], "online": ["否"], "staff": ["5"],
         "staff_health": ["5"], "manager_name": ["黄白露"]},
    )  # fmt: skip
    for index, step in enumerate(typed):
        _, problems, _ = actions.save_section(
            draft.id, index, {**typed_of(draft, index, actor), **step}, actor=actor, at=AT
        )
        assert problems == ()
    for seq in (4, 5, 7):
        actions.attach_paper(draft.id, seq, BytesIO(PDF), "材料.pdf", actor=actor, at=AT)
    case = actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT)
    assert case.number.startswith("34150220261124")
    act(case, CLERK, "accept")
    act(case, APPROVER, "grant")
    licence = find_licences_of_case(case.id, at=AT)[0]
    assert licence.type_name == "食品经营许可证"
    assert licence.fields["经营项目"] == "热食类食品制售、自制饮品制售"
    assert licence.issuer_name == "六安市金安区市场监督管理局"
    assert replace(actor).on_behalf_of == licence.holder
