"""A family of hard columns, held out: the detectors were never changed for it, and may not be.

Each column is one a careful person has to look at twice: brands that are called like persons, houses built over a
century, a tenth of something rare, names of peoples who have no surname.
"""

from random import Random
from typing import Final

from bench.discovery_families import FIRST, SECOND
from bench.discovery_set import (
    Labelled,
    Maker,
    Set,
    card,
    day,
    digits,
    identity,
    mixed,
    mobile,
    plate,
    registration,
    uscc,
    vin,
)
from shuzheng.engines.lake.types.discovery import Found
from shuzheng.engines.lake.types.tables import FieldKind

_BRANDS: Final = (
    "王老吉",
    "张小泉",
    "李锦记",
    "陈克明",
    "马应龙",
    "老干妈",
    "王致和",
    "周黑鸭",
    "谢馥春",
    "李宁",
    "徐福记",
)
_PEOPLES: Final = ("阿依古丽·买买提", "巴特尔", "卓玛", "扎西顿珠", "乌兰", "古丽娜尔", "艾力·吐尔逊", "其其格")
_SCHOOLS: Final = ("高中", "白马小学", "金海幼儿园", "安民中学", "石桥小学")
_STATIONS: Final = ("马家堡", "刘家窑", "宋家庄", "高碑店", "丁香路", "向阳里", "龙泽", "安河桥", "白石桥", "张自忠路")


def third(seed: int) -> list[Labelled]:
    """Return the hard family."""
    made = Set(Random(seed), [])
    _there(made, Maker(FIRST), Maker(SECOND))
    _not_there(made)
    return made.columns


def _there(made: Set, m: Maker, other: Maker) -> None:
    made.add("one in ten identity numbers", "证件", mixed(0.1, identity, lambda _: "未提供"), Found.IDENTITY)
    made.add("identity numbers in JSON", "报文", lambda r: f'{{"sfzh":"{identity(r)}","ok":1}}', Found.IDENTITY)
    made.add("one in ten mobiles", "电话", mixed(0.1, mobile, lambda _: "无"), Found.MOBILE)
    made.add("two mobiles in a value", "c1", lambda r: f"{mobile(r)}/{mobile(r)}", Found.MOBILE)
    made.add("mobiles with zero", "c2", lambda r: f"0{mobile(r)}", Found.MOBILE)
    made.add("extensions", "分机", lambda r: f"3{digits(r, 6)}转{digits(r, 3)}", Found.LANDLINE)
    made.add("landlines without area", "办公电话", lambda r: f"3{digits(r, 6)}", Found.LANDLINE)
    made.add("names, two thirds of peoples", "c3", mixed(0.6, lambda r: r.choice(_PEOPLES), m.name), Found.PERSON_NAME)
    made.add("names with their number", "c4", lambda r: f"{other.name(r)}（{identity(r)}）", Found.IDENTITY)
    made.add("couples", "户主及配偶", lambda r: f"{m.name(r)}、{other.name(r)}", Found.PERSON_NAME)
    made.add("addresses without a number", "住址", other.village, Found.ADDRESS)
    made.add(
        "addresses of villages", "c5", lambda r: f"{m.village(r)}{r.choice(('东', '西', '上', '下'))}组", Found.ADDRESS
    )
    made.add("plates in small letters", "c6", lambda r: plate(r).lower(), Found.PLATE)
    made.add("vehicles, one in five", "c7", mixed(0.2, vin, lambda r: "工程机械" + digits(r, 4)), Found.VIN)
    made.add("codes of organizations", "机构代码", _organization, Found.LICENCE)
    made.add("registration numbers, dirty", "c8", registration, Found.LICENCE)
    made.spoil(0.4, ("", "无照"))
    made.add("cards with a bank", "开户行及卡号", lambda r: f"农业银行{card(r)}", Found.BANK_CARD)
    made.add("births, months only", "出生年月", lambda r: f"{day(r, 1940, 2015):%Y-%m}", Found.BIRTH_DATE)
    made.add("births of pensioners", "c9", lambda r: str(day(r, 1930, 1958)), Found.BIRTH_DATE, kind=FieldKind.DATE)
    made.add(
        "owners of all kinds",
        "c10",
        mixed(0.5, uscc, mixed(0.5, identity, mobile)),
        Found.USCC,
        Found.IDENTITY,
        Found.MOBILE,
    )
    made.add(
        "degrees in words",
        "c11",
        lambda r: f"东经{103 + r.random():.4f}度，北纬{30 + r.random():.4f}度",
        Found.COORDINATES,
    )


def _organization(r: Random) -> str:
    first = digits(r, 8)
    total = 11 - sum(int(c) * w for c, w in zip(first, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return f"{first}-{ {10: 'X', 11: '0'}.get(total, str(total)) }"


def _not_there(made: Set) -> None:
    made.add("brands called like persons", "d1", lambda r: r.choice(_BRANDS))
    made.add("stations", "d2", lambda r: r.choice(_STATIONS))
    made.add("schools", "年级", lambda r: r.choice(_SCHOOLS[:1]) + r.choice("一二三") + "班")
    made.add("houses built", "d3", lambda r: str(day(r, 1940, 2020)), kind=FieldKind.DATE)
    made.add("meters", "d4", lambda r: f"{90 + r.random() * 8:.4f}", kind=FieldKind.DECIMAL)
    made.add("households", "户号", lambda r: "34" + digits(r, 8))
    made.add("chat numbers", "d5", lambda r: "1" + digits(r, r.choice((7, 8, 9, 10))))
    made.add("account of a shop", "会员号", lambda r: "8" + digits(r, 15))
    made.add("barcodes", "条码", lambda r: "69" + digits(r, 11))
    made.add("batches by day", "d6", lambda r: f"{day(r, 2020, 2025):%Y%m%d}{digits(r, 3)}")
    made.add("telephones of services", "服务热线", lambda r: f"400-{digits(r, 3)}-{digits(r, 4)}")
    made.add("seats", "d7", lambda r: f"{r.randrange(1, 9)}排{r.randrange(1, 40)}座")
    made.add("files of an archive", "档号", lambda r: f"X{digits(r, 3)}-{day(r, 1990, 2020).year}-{digits(r, 4)}")
    made.add(
        "trees", "树种", lambda r: r.choice(("白杨", "柳", "梅", "马尾松", "金桂", "黄杨", "水杉", "云杉", "石楠"))
    )
