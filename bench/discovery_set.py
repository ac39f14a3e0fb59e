"""Labelled columns for discovery: real things, look-alikes and mixtures, made by a seed.

Families with different words and different ways of writing: `discovery_families`, `discovery_hard`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from stdnum import luhn
from stdnum.iso7064 import mod_11_2, mod_11_10

from shuzheng.base.kernel.codes import USCC_ALPHABET, uscc_check_character
from shuzheng.engines.lake.types.discovery import Found
from shuzheng.engines.lake.types.tables import Column, FieldKind

ROWS: Final = 600
TODAY: Final = date(2026, 1, 5)
Make = Callable[[Random], str]


@dataclass(frozen=True, slots=True)
class Words:
    """What names and places are put together from."""

    surnames: str
    compound: tuple[str, ...]
    given: tuple[str, ...]
    """Given names of one or two characters, or single characters to be put together, by `joined`."""
    joined: bool
    divisions: tuple[str, ...]
    villages: tuple[str, ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]
    trades: tuple[str, ...]
    brands: tuple[str, ...]
    forms: tuple[str, ...]
    bodies: tuple[str, ...]
    goods: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A column with its values and what really is in it.

    Attributes:
        what: What it is, in a few words.
        truth: Kinds a careful person would name; empty for look-alikes.
    """

    what: str
    column: Column
    values: tuple[str, ...]
    truth: frozenset[Found]


# ---- single values ----
HEADS: Final = ("110105", "310104", "330106", "340104", "420106", "440305", "510107", "610113", "320505", "370203")
_MOBILE_HEADS: Final = (
    "130 131 135 136 137 138 139 150 151 152 155 158 159 176 177 180 182 185 186 187 188 189 191 198 199"
)


def day(r: Random, least: int, most: int) -> date:
    """Return a day within years."""
    return date(least, 1, 1) + timedelta(days=r.randrange((most - least + 1) * 365))


def digits(r: Random, count: int) -> str:
    """Return so many digits."""
    return "".join(r.choices("0123456789", k=count))


def identity(r: Random) -> str:
    """Return an identity number."""
    first = f"{r.choice(HEADS)}{day(r, 1938, 2018):%Y%m%d}{digits(r, 3)}"
    return first + str(mod_11_2.calc_check_digit(first))


def identity_like(r: Random) -> str:
    """Return an order number that has a division and a day in it, and no check digit."""
    return f"{r.choice(HEADS)}{day(r, 2019, 2023):%Y%m%d}{digits(r, 4)}"


def identity_old(r: Random) -> str:
    """Return an identity number of before 1999."""
    return f"{r.choice(HEADS)}{day(r, 1938, 1985):%y%m%d}{digits(r, 3)}"


def uscc(r: Random) -> str:
    """Return a unified social credit code."""
    first = (
        r.choice(("91", "91", "91", "92", "12", "52")) + r.choice(HEADS) + "MA" + "".join(r.choices(USCC_ALPHABET, k=7))
    )
    return first + uscc_check_character(first)


def uscc_like(r: Random) -> str:
    """Return 18 characters of the same alphabet without the check."""
    return r.choice(("91", "92")) + r.choice(HEADS) + "MA" + "".join(r.choices(USCC_ALPHABET, k=8))


def mobile(r: Random) -> str:
    """Return a mobile number."""
    return r.choice(_MOBILE_HEADS.split()) + digits(r, 8)


def landline(r: Random) -> str:
    """Return a fixed telephone with a hyphen."""
    return f"{r.choice(('0564', '0551', '010', '021', '0571'))}-{r.choice('2345678')}{digits(r, r.choice((6, 7)))}"


def card(r: Random) -> str:
    """Return a bank card."""
    first = r.choice(("622848", "621700", "622202", "621661", "625912")) + digits(r, r.choice((9, 12)))
    return first + luhn.calc_check_digit(first)


def card_like(r: Random) -> str:
    """Return a number as long as a card that fails the check."""
    one = card(r)
    return one[:-1] + str((int(one[-1]) + r.randrange(1, 10)) % 10)


def imei(r: Random) -> str:
    """Return the number of a handset: fifteen digits under Luhn."""
    first = r.choice(("86", "35")) + digits(r, 12)
    return first + luhn.calc_check_digit(first)


def vin(r: Random) -> str:
    """Return a vehicle identification number."""
    alphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
    values = dict(zip(alphabet, map(int, "012345678912345678123457923456789"), strict=True))
    made = [
        *r.choice(("LFV", "LSV", "LGB", "LVS")),
        *r.choices(alphabet, k=5),
        "0",
        *r.choices(alphabet, k=4),
        *digits(r, 4),
    ]
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    made[8] = "0123456789X"[sum(values[c] * w for c, w in zip(made, weights, strict=True)) % 11]
    return "".join(made)


def food_licence(r: Random) -> str:
    """Return the number of a food licence."""
    first = r.choice("123") + r.choice(HEADS) + digits(r, 6)
    return "JY" + first + str(mod_11_10.calc_check_digit(first))


def registration(r: Random) -> str:
    """Return a registration number of fifteen digits, as before the credit code."""
    first = r.choice(HEADS) + digits(r, 8)
    return first + str(mod_11_10.calc_check_digit(first))


def plate(r: Random) -> str:
    """Return a plate, one in four of a new-energy vehicle."""
    tail = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    head = r.choice(("皖N", "皖A", "苏B", "浙C", "京A", "沪D", "豫S"))
    return head + (r.choice("DF") + digits(r, 5) if r.random() < 0.25 else "".join(r.choices(tail, k=3)) + digits(r, 2))


def email(r: Random) -> str:
    """Return an e-mail address."""
    who = "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=6))
    return f"{who}{digits(r, 3)}@{r.choice(('163.com', 'qq.com', 'gov.cn'))}"


def passport(r: Random) -> str:
    """Return a passport number of one of the series in use."""
    return r.choice(
        ("E" + digits(r, 8), f"E{r.choice('ABCDEFGHJK')}{digits(r, 7)}", "G" + digits(r, 8), "PE" + digits(r, 7))
    )


class Maker:
    """Makes values from the words of a family."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def name(self, r: Random) -> str:
        """Return a person's name; the commoner a surname, the earlier it stands."""
        w = self.words
        surname = r.choice(w.compound) if r.random() < 0.02 else w.surnames[int(len(w.surnames) * r.random() ** 2.2)]
        if not w.joined:
            return surname + r.choice(w.given)
        return surname + "".join(r.choices(w.given, k=1 if r.random() < 0.2 else 2))

    def firm(self, r: Random) -> str:
        """Return the name of a firm."""
        w = self.words
        return f"{r.choice(w.divisions)}{r.choice(w.brands)}{r.choice(w.brands)}{r.choice(w.trades)}{r.choice(w.forms)}"

    def body(self, r: Random) -> str:
        """Return the name of a public body."""
        return r.choice(self.words.divisions) + r.choice(self.words.bodies)

    def address(self, r: Random) -> str:
        """Return an address in town or in a village."""
        w = self.words
        if r.random() < 0.3:
            return (
                f"{r.choice(w.divisions)}{r.choice(w.villages)}{r.choice('一二三四五六七八')}组{r.randrange(1, 90)}号"
            )
        flat = f"{r.randrange(1, 40)}栋{r.randrange(1, 5)}单元{r.randrange(1, 30)}0{r.randrange(1, 5)}室"
        return f"{r.choice(w.divisions)}{r.choice(w.roads)}{r.randrange(1, 900)}号{r.choice(w.estates)}{flat}"

    def village(self, r: Random) -> str:
        """Return a place that is nobody's address."""
        return r.choice(self.words.divisions) + r.choice(self.words.villages)

    def note(self, r: Random) -> str:
        """Return a sentence that holds nothing."""
        return r.choice(self.words.notes)


# ---- columns ----
@dataclass(slots=True)
class Set:
    """Columns being made."""

    r: Random
    columns: list[Labelled]
    rows: int = ROWS

    def add(self, what: str, label: str, make: Make, *truth: Found, kind: FieldKind = FieldKind.TEXT) -> None:
        """Add a column whose name says nothing; its label says what it is to say."""
        values = tuple(make(self.r) for _ in range(self.rows))
        column = Column(f"f{len(self.columns) + 1}", label, kind)
        self.columns.append(Labelled(what, column, values, frozenset(truth)))

    def spoil(self, share: float, junk: Sequence[str]) -> None:
        """Make part of the values of the last column dirty: blanks, dashes, a character lost or changed."""
        last = self.columns[-1]
        self.columns[-1] = replace(last, values=tuple(self._spoilt(one, share, junk) for one in last.values))

    def _spoilt(self, one: str, share: float, junk: Sequence[str]) -> str:
        if self.r.random() >= share:
            return one
        return self.r.choice([*junk, one[:-1], f" {one} ", one[:4] + "?" + one[5:]])


def mixed(share: float, rare: Make, usual: Make) -> Make:
    """Return what gives one thing in a share of cases, another otherwise."""
    return lambda r: rare(r) if r.random() < share else usual(r)


def counting(head: str, start: int, width: int, step: int = 3) -> Make:
    """Return what counts upwards."""
    at = [start]

    def make(r: Random) -> str:
        at[0] += r.randrange(1, step + 1)
        return f"{head}{at[0]:0{width}}"

    return make


def wide(text: str) -> str:
    """Return digits in full width."""
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
