"""The API of rules: public books for everybody, the others for officers; the same permission as on the pages."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from shuzheng.base.kernel.types import Actor, PersonId, PostId
from shuzheng.services.rulebook.errors import MayNotRead
from shuzheng.services.rulebook.rules.permitting import check_may_read, readable_books
from shuzheng.services.rulebook.types import RuleCode
from tests.rulebook.builders import AT, CODE, load, make_rule

pytestmark = pytest.mark.django_db
RESIDENT = Actor(name="林知墨", person=PersonId(UUID(int=2)))


def both_books() -> None:
    load(make_rule())
    load(make_rule(code=RuleCode("table/x")), book="table")


def test_everybody_reads_public_rules() -> None:
    both_books()
    answer = Client().get("/api/rules").json()
    (rule,) = answer["rules"]
    assert (rule["code"], rule["in_words"], rule["owner"]) == (CODE, "经营场所面积不低于10平方米", "000199001001")
    assert answer["next"] is None


def test_a_rule_comes_with_its_facts_and_its_editions() -> None:
    load(make_rule())
    load(make_rule(text="form.area >= 12"), at=AT + timedelta(days=30))
    whole = Client().get(f"/api/rules/{CODE}?on=2026-11-25").json()
    assert (whole["edition"], whole["text"]) == (1, "form.area >= 10")
    assert [(fact["name"], fact["type"], fact["unit"]) for fact in whole["facts"]] == [
        ("form.area", "num(12,2)", "平方米")
    ]
    assert [(one["edition"], one["valid_to"]) for one in whole["editions"]] == [(2, None), (1, "2026-12-24")]
    assert Client().get(f"/api/rules/{CODE}?on=2027-01-01").json()["edition"] == 2


def test_what_is_not_public_is_refused_in_list_and_detail() -> None:
    both_books()
    assert Client().get("/api/rules?book=table").json()["rules"] == []
    refused = Client().get("/api/rules/table/x")
    assert (refused.status_code, refused.json()["code"]) == (403, "rulebook.may_not_read")


def test_a_rule_that_is_not_there_is_a_problem_document() -> None:
    missing = Client().get("/api/rules/form/none/1")
    assert (missing.status_code, missing.json()["code"]) == (404, "rulebook.rule_not_found")
    assert Client().get("/api/rules?limit=0").status_code == 422


def test_one_place_decides_who_reads() -> None:
    officer = replace(RESIDENT, post=PostId(UUID(int=1)))
    assert "table" in readable_books(officer)
    for reader in (None, RESIDENT):
        assert "table" not in readable_books(reader)
        with pytest.raises(MayNotRead):
            check_may_read("table", reader)
    check_may_read("table", officer)
    check_may_read("form", None)
