"""809 policies: Python and DuckDB find the same people and firms; what is not known stays apart from what is false."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from shuzheng.engines.rules.rules.duckdb import quote_name
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.rules.finding import count_everyone, find_everyone
from shuzheng.engines.rules.types import Fact, Kind, Value
from shuzheng.services.benefits.queries.tables import column_of, open_engine
from shuzheng.services.benefits.rules.deciding import fits, seek
from shuzheng.services.benefits.rules.expansion import expand
from shuzheng.services.benefits.rules.sheets import facts_for
from shuzheng.services.benefits.types import Published, Target
from tests.benefits.luan import TODAY, City, luan

RANDOM_ROWS = 300


@pytest.fixture(scope="module")
def city() -> City:
    return luan()


def test_125_families_expand_to_809_policies_with_codes_of_their_own(city: City) -> None:
    assert len(city.families) == 125
    assert len(city.published) == len({one.code for one in city.published}) == 809
    assert (len(city.of(Target.FIRM)), len(city.of(Target.PERSON))) == (555, 254)
    assert "FW-SW-02-341524-2023" in {one.code for one in city.published}
    assert sum(city.families[one.family].budget_fen for one in city.of(Target.FIRM) if one.year == 2023) > 0


def test_a_policy_is_in_force_within_its_family_and_its_year(city: City) -> None:
    for one in city.published:
        family = city.families[one.family]
        assert one.valid_from == max(family.valid_from, date(one.year, 1, 1))
        assert one.valid_from <= one.last_on == min(family.last_on, date(one.year, 12, 31))


def test_every_family_fits_somebody_of_the_demonstration_by_the_facts_of_2023(city: City) -> None:
    """Two families were published for 2022 only; by the facts of 2023 they would fit somebody too."""
    fitting: set[str] = set()
    for target in Target:
        families = [replace(one, years=(2023,)) for one in city.families.values() if one.target is target]
        policies = [one for family in families for one in expand(family, city="341500")]
        rows = known_rows(city, target, policies[0])
        for policy in policies:
            for row in rows:
                found, amount = fits(city.terms[policy.family], policy, row, today=TODAY)
                if found:
                    assert amount is not None
                    assert amount > 0
                    fitting.add(policy.family)
    assert len(fitting) == 125


def test_what_was_gathered_for_one_year_is_not_known_for_another(city: City) -> None:
    policies = {one.code: one for one in city.published}
    sheet = city.sheets[Target.PERSON]
    stored = {"birth_date": "1950-03-02", "medical_insured": "true", "is_alive": "true"}
    for year, age, insured in ((2022, 71, None), (2023, 72, True)):
        policy = replace(next(iter(policies.values())), year=year)
        known = facts_for(sheet, stored, policy)
        assert known["person.age"] == age
        assert known["person.medical_insured"] is insured
        assert known["person.is_alive"] is True
        assert known["person.volunteer_hours"] == 0


def known_rows(city: City, target: Target, policy: Published) -> list[dict[str, Value]]:
    return [facts_for(city.sheets[target], stored, policy) for stored in city.subjects[target].values()]


class Draws:
    """Random rows near what conditions ask: of a domain, the demonstration's own, borders, one in six NULL."""

    def __init__(self, city: City, target: Target, policy: Published) -> None:
        self.random = random.Random(809)
        self.rows = known_rows(city, target, policy)
        self.city, self.target = city, target

    def row(self) -> dict[str, Value]:
        base = self.random.choice(self.rows)
        drawn = {spec.fact.name: self.value(spec.fact, base) for spec in self.city.sheets[self.target].specs}
        return {name: None if self.random.random() < 0.15 else value for name, value in drawn.items()}

    def value(self, fact: Fact, base: Mapping[str, Value]) -> Value:
        if self.random.random() < 0.6:
            return base[fact.name]
        if fact.choices:
            return self.random.choice(fact.choices)
        match fact.type.kind:
            case Kind.BOOL:
                return self.random.random() < 0.5
            case Kind.DATE:
                return date(2021, 6, 1) + timedelta(days=self.random.randrange(900))
            case Kind.NUMBER:
                most = self.random.choice([1, 2, 10, 100, 10_000, 6_000_000, 10**9])
                whole = min(most, 10 ** (fact.type.digits - fact.type.scale) - 1)
                number = Decimal(self.random.randint(0, whole * 10**fact.type.scale)).scaleb(-fact.type.scale)
                return read_value(fact, f"{number:f}")
            case _:
                return self.random.choice(["341502", "341524", "340100", "C1311", "I6510", "", "无"])


@pytest.mark.parametrize("target", list(Target))
@pytest.mark.parametrize("year", [2022, 2023])
def test_python_and_duckdb_find_the_same_for_every_policy(city: City, target: Target, year: int) -> None:
    policies = [one for one in city.of(target) if (one.year == 2022) == (year == 2022)]
    draws = Draws(city, target, policies[0])
    rows = draws.rows + [draws.row() for _ in range(RANDOM_ROWS)]
    specs = city.sheets[target].specs
    rules = [seek(city.terms[one.family], one, key=i, today=TODAY) for i, one in enumerate(policies)]
    with open_engine() as engine:
        columns = ", ".join(f"{quote_name(spec.fact.name)} {column_of(spec.fact)}" for spec in specs)
        engine.execute(f"CREATE TABLE facts (subject UUID, {columns})")
        places = ", ".join("?" * (len(specs) + 1))
        engine.executemany(
            f"INSERT INTO facts VALUES ({places})",
            [[UUID(int=n), *(row[spec.fact.name] for spec in specs)] for n, row in enumerate(rows)],
        )
        find_everyone(engine, rules, relation="facts", subject="subject", into="found")
        found = {
            (rule, subject.int): (holds, None if value is None else int(value * 100))
            for rule, subject, holds, value in engine.execute("SELECT * FROM found").fetchall()
        }
        counts = count_everyone(engine, rules, relation="facts", subject="subject")
    ours: dict[tuple[int, int], tuple[bool | None, int | None]] = {}
    for i, policy in enumerate(policies):
        for n, row in enumerate(rows):
            decision = fits(city.terms[policy.family], policy, row, today=TODAY)
            if decision[0] is not False:
                ours[i, n] = decision
    assert found == ours
    assert sum(one.fits for one in counts) == sum(1 for holds, _ in ours.values() if holds) > 0
    assert sum(one.open for one in counts) == sum(1 for holds, _ in ours.values() if holds is None) > 0
    assert [one.key for one in counts] == list(range(len(policies)))
