"""Which county the reader looks at: chosen on any page, kept in a cookie, else where they are registered."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shuzheng.base.directory.queries import county_of, get_firm, get_person, list_divisions
from shuzheng.base.kernel.types import Actor, DivisionCode, FirmId, PartyKind, PersonId
from shuzheng.portals.shell.city import get_city
from shuzheng.portals.shell.cookies import remember
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.types import Option

COOKIE: Final = "county"


@dataclass(frozen=True, slots=True)
class CountyChoice:
    """The counties of the city and the one looked at.

    Attributes:
        city: Division of the whole city, which may be chosen too.
        options: The city first, then its counties.
        chosen: Code of the one looked at.
        asked: It was chosen with this request.
    """

    city: DivisionCode
    options: tuple[Option, ...]
    chosen: str
    asked: bool

    @property
    def county(self) -> DivisionCode | None:
        """The county looked at, None for the whole city."""
        return None if self.chosen == self.city else DivisionCode(self.chosen)

    @property
    def name(self) -> str:
        """Name of what is looked at."""
        return next((option.label for option in self.options if option.value == self.chosen), "")

    @property
    def names(self) -> dict[str, str]:
        """Names of the counties by code, without the city."""
        return {option.value: option.label for option in self.options if option.value != self.city}


def choose_county(request: CityRequest) -> CountyChoice:
    """Return the county of `?county=`, else of the cookie, else of the reader's registration, else the city."""
    home = get_city().default_division
    city = DivisionCode(f"{home[:4]}00" if home else "")
    counties = list_divisions(city) if city else ()
    options = (Option(city, _("全市")), *(Option(county.code, county.name) for county in counties))
    known = {option.value for option in options}
    asked = request.GET.get("county", "")
    kept = request.COOKIES.get(COOKIE, "")
    own = _own_county(request.actor) if asked not in known and kept not in known else ""
    chosen = next((code for code in (asked, kept, own) if code in known), city)
    return CountyChoice(city, options, chosen, asked in known)


def _own_county(actor: Actor | None) -> str:
    if actor is None or actor.party is None:
        return ""
    if actor.party.kind is PartyKind.FIRM:
        return county_of(get_firm(FirmId(actor.party.id)).division)
    division = get_person(PersonId(actor.party.id)).division
    return county_of(division) if division else ""


def keep_county(response: HttpResponse, choice: CountyChoice) -> HttpResponse:
    """Keep a choice made with this request, in this browser."""
    if choice.asked:
        remember(response, COOKIE, choice.chosen)
    return response
