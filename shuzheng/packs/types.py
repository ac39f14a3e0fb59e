"""What a loaded pack says of its city, and what reading a folder gives."""

from dataclasses import dataclass, field

from shuzheng.base.kernel.pack import Fault, PackRows, Row
from shuzheng.base.kernel.types import DivisionCode


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One step on the way through a life event: what to do, and the items that do it, in order.

    Attributes:
        name: What to do.
        hint: When it is needed, or what to mind.
        items: Basic codes.
    """

    name: str
    hint: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A way into the items from the home page (人生大事).

    Attributes:
        icon: Name of a symbol in the icon sheet, such as `food`.
        name: What happens in a person's life.
        hint: A few words below it.
        search: Words the item search is opened with.
        steps: What to do, in order; without any, the entry opens the search.
    """

    icon: str
    name: str
    hint: str
    search: str
    steps: tuple[LifeStep, ...] = ()


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Whose city this is: names and texts the portals show (`pack.toml`).

    Attributes:
        name: Code of the pack, such as `template`.
        city: Name of the city.
        resident_portal: Name of the front for residents.
        enterprise_portal: Name of the front for firms.
        officer_portal: Name of the officers' desk.
        resident_seal: Two lines of the seal beside the portal's name; likewise the two below.
        government: Body that answers for the site (主办单位).
        department: Body that runs it (承办单位).
        hotline: Telephone number of the government service line.
        zone: IANA time zone.
        languages: Language codes offered, the pack's own first.
        demo_note: What every page says while demonstration content is loaded; '' in earnest use.
        default_division: Division assumed until a visitor chooses.
        search_example: Placeholder of the home page's search box.
        popular_searches: Words offered below it.
        popular_items: Basic codes of the items most asked for, the first first.
        life_events: Entries of the home page.
        try_first: Lines printed after set-up: what to try first.
    """

    name: str
    city: str
    resident_portal: str
    enterprise_portal: str
    officer_portal: str
    government: str
    department: str
    hotline: str
    zone: str
    languages: tuple[str, ...]
    demo_note: str
    default_division: DivisionCode
    resident_seal: tuple[str, ...] = ()
    enterprise_seal: tuple[str, ...] = ()
    officer_seal: tuple[str, ...] = ()
    search_example: str = ""
    popular_searches: tuple[str, ...] = ()
    popular_items: tuple[str, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    try_first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A folder that was read: the rows, what could not be read, and a hash of every file's bytes.

    Attributes:
        rows: Rows by file name.
        faults: What is wrong with the files themselves.
        content_hash: SHA-256 in hex over names and bytes of the files the format knows.
    """

    rows: PackRows
    faults: tuple[Fault, ...] = ()
    content_hash: str = ""


@dataclass(slots=True)
class FileRows:
    """Rows of one file and what was wrong while reading it.

    Attributes:
        rows: Good and half-good rows; a fault never hides the rows after it.
        columns: Header of a CSV file, in order.
        faults: What is wrong.
    """

    rows: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)
