"""The whole city's policies without a database: the pack's rows as the room reads them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import JsonObject
from shuzheng.packs.queries import read_pack
from shuzheng.services.benefits.pack.loading import stored_of
from shuzheng.services.benefits.pack.reading import facts_of, meta_of, rows_of
from shuzheng.services.benefits.rules.deciding import Terms, make_terms
from shuzheng.services.benefits.rules.expansion import expand
from shuzheng.services.benefits.rules.reading import read_family, read_spec
from shuzheng.services.benefits.rules.sheets import Sheet, make_sheet
from shuzheng.services.benefits.types import Family, Published, Target

LUAN = Path(__file__).parents[2] / "packs" / "luan"
TODAY = date(2023, 12, 15)


@dataclass(frozen=True)
class City:
    """Families, published policies, sheets and facts of subjects of one pack."""

    pack: PackRows
    families: dict[str, Family]
    published: tuple[Published, ...]
    sheets: dict[Target, Sheet]
    terms: dict[str, Terms]
    subjects: dict[Target, dict[str, JsonObject]]

    def of(self, target: Target) -> list[Published]:
        return [one for one in self.published if self.families[one.family].target is target]


@lru_cache(maxsize=1)
def luan() -> City:
    pack = read_pack(LUAN)
    specs = list(map(read_spec, facts_of(pack)))
    year = int(str(meta_of(pack)["facts_year"]))
    sheets = {target: make_sheet(specs, target, year=year) for target in Target}
    families = {row.text("code"): read_family(row.values) for row in rows_of(pack, "policy")}
    city = str(meta_of(pack)["city_code"])
    return City(
        pack=pack,
        families=families,
        published=tuple(one for family in families.values() for one in expand(family, city=city)),
        sheets=sheets,
        terms={code: make_terms(family, sheets[family.target]) for code, family in families.items()},
        subjects={target: stored_of(pack, specs, target) for target in Target},
    )
