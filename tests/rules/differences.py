"""Every difference ever found between Python and an engine, as a text with its one meaning.

Each is asked of Python, DuckDB and Spark. What is new goes at the end of its part and stays.
"""

from datetime import date
from decimal import Decimal

from shuzheng.engines.rules.types import Value

_NINES = Decimal("999999999999999999")
_WIDEST = Decimal("98765432109876543210987654321098765.432")
_FINEST = Decimal("98765432.109876543210987654321098765432")

FOUND: tuple[tuple[str, dict[str, Value], Value], ...] = (
    # Python rounds abs and unary minus of a Decimal to 28 digits.
    ("abs(w2)", {"w2": Decimal("-12345678901234567890.123456789012")}, Decimal("12345678901234567890.123456789012")),
    ("-w2", {"w2": Decimal("12345678901234567890.123456789012")}, Decimal("-12345678901234567890.123456789012")),
    ("w2 + w2", {"w2": Decimal("12345678901234567890.123456789012")}, Decimal("24691357802469135780.246913578024")),
    # DuckDB divides into floating point, 1/0 is infinity, // and % by zero fail; Sail cuts a quotient off.
    ("round(i1 / 3, 6)", {"i1": 2}, Decimal("0.666667")),
    ("round(i1 / i2, 2)", {"i1": 1, "i2": 0}, None),
    ("round(i1 / i2, 0)", {"i1": 999999999999999999, "i2": 2}, Decimal("500000000000000000")),
    ("round(d1 / d2, 4)", {"d1": Decimal("0.01"), "d2": Decimal("0.0003")}, Decimal("33.3333")),
    ("round(d1 / d2, 0)", {"d1": Decimal("-0.50"), "d2": Decimal("1.0000")}, Decimal(-1)),
    ("round(d1 / d2, 0)", {"d1": Decimal("0.49"), "d2": Decimal("1.0000")}, Decimal(0)),
    ("round(d2 / d1, 0)", {"d1": Decimal("100.00"), "d2": Decimal("-250.0000")}, Decimal(-3)),
    # A dividend of 32 digits: DuckDB overflowed while its point was taken off, Spark with the decimals it adds.
    ("round(w1 / d1, 3)", {"w1": Decimal(10) ** 25 - 1, "d1": Decimal("0.01")}, (Decimal(10) ** 25 - 1) * 100),
    # A sum or product of whole numbers overflows INT and BIGINT, in DuckDB also DECIMAL of 18 digits.
    ("i1 + i1", {"i1": 999999999999999999}, 2 * _NINES),
    ("i1 * i1", {"i1": 999999999999999999}, Decimal("999999999999999998000000000000000001")),
    ("i2 * i2 * i2", {"i2": 999999999}, Decimal("999999997000000002999999999")),
    ("length(s1) * i1", {"s1": "ab", "i1": -999999999999999999}, -2 * _NINES),
    ("days_between(form.t1, t2) * i1", {"form.t1": date.min, "t2": date.max, "i1": 10**17}, Decimal(3652058 * 10**17)),
    # Engines round half away from zero, Python half to even.
    ("round(d1, 1)", {"d1": Decimal("0.25")}, Decimal("0.3")),
    ("round(d1, 0)", {"d1": Decimal("-2.50")}, Decimal(-3)),
    ("round(d1, 0)", {"d1": Decimal("999999999999.99")}, Decimal(10**12)),
    ("floor(d1)", {"d1": Decimal("-0.01")}, Decimal(-1)),
    ("ceil(d1)", {"d1": Decimal("-0.99")}, Decimal(0)),
    # A date plus months is a timestamp in DuckDB; a date may leave the calendar.
    ("add_months(form.t1, 1)", {"form.t1": date(2024, 1, 31)}, date(2024, 2, 29)),
    ("add_years(form.t1, 1)", {"form.t1": date(2024, 2, 29)}, date(2025, 2, 28)),
    ("add_years(form.t1, 4)", {"form.t1": date(2024, 2, 29)}, date(2028, 2, 29)),
    ("add_years(form.t1, 1)", {"form.t1": date.max}, None),
    ("add_months(form.t1, -1)", {"form.t1": date.min}, None),
    ("add_days(form.t1, 1)", {"form.t1": date.max}, None),
    ("add_days(form.t1, -1)", {"form.t1": date.min}, None),
    ("add_days(form.t1, i1)", {"form.t1": date(2024, 1, 1), "i1": 999999999999999999}, None),
    ("add_years(form.t1, i1)", {"form.t1": date(2024, 1, 1), "i1": -10000}, None),
    # Engines count ages and months each in their own way; born on 29 February, of age on 1 March.
    ("years_between(form.t1, t2)", {"form.t1": date(2004, 2, 29), "t2": date(2022, 2, 28)}, Decimal(17)),
    ("years_between(form.t1, t2)", {"form.t1": date(2004, 2, 29), "t2": date(2022, 3, 1)}, Decimal(18)),
    ("years_between(form.t1, t2)", {"form.t1": date(2024, 12, 31), "t2": date(2025, 1, 1)}, Decimal(0)),
    ("years_between(form.t1, t2)", {"form.t1": date(2025, 1, 1), "t2": date(2024, 12, 31)}, Decimal(-1)),
    ("months_between(form.t1, t2)", {"form.t1": date(2024, 1, 31), "t2": date(2024, 2, 29)}, Decimal(0)),
    ("months_between(form.t1, t2)", {"form.t1": date(2024, 1, 31), "t2": date(2024, 3, 1)}, Decimal(1)),
    ("days_between(form.t1, t2)", {"form.t1": date(1582, 10, 4), "t2": date(1582, 10, 15)}, Decimal(11)),
    # Case and spaces.
    ("upper(s1)", {"s1": "aßıéﬁ"}, "Aßıéﬁ"),
    ("lower(s1)", {"s1": "AẞİÉ"}, "aẞİÉ"),
    ("trim(s1)", {"s1": "　 a\t　"}, "a\t"),
    ("trim(s1)", {"s1": "\u00a0a\u200b"}, "\u00a0a\u200b"),
    # Texts: places of letters, not of bytes; order by code point.
    ("substr(s1, 2, 1)", {"s1": "a👨b"}, "👨"),
    ("substr(s1, 9, 2)", {"s1": "abc"}, ""),
    ("substr(s1, 1, 0)", {"s1": "abc"}, ""),
    ("length(s1)", {"s1": "e\u0301👨‍👩‍👧"}, 7),
    ("s1 < s2", {"s1": "\ud7ff", "s2": "\U0010ffff"}, True),
    ("s1 < s2", {"s1": "Z", "s2": "a"}, True),
    ("s1 = s2", {"s1": "é", "s2": "e\u0301"}, False),
    ("s1 = s2", {"s1": "a", "s2": "a "}, False),
    # A backslash and a quote in a constant; LIKE over lines and with signs of other patterns.
    ("s1 = 'it''s'", {"s1": "it's"}, True),
    ("s1 = 'a\\b'", {"s1": "a\\b"}, True),
    ("s1 = 'a\\nb'", {"s1": "a\nb"}, False),
    ("s1 = '\\'''", {"s1": "\\'"}, True),
    ("s1 LIKE 'a%b'", {"s1": "a\n\\b"}, True),
    ("s1 LIKE 'a_b'", {"s1": "a\nb"}, True),
    ("s1 LIKE '_'", {"s1": "👩"}, True),
    ("s1 LIKE '.*'", {"s1": "ab"}, False),
    ("s1 LIKE '%'", {"s1": ""}, True),
    ("s1 LIKE ''", {"s1": ""}, True),
    ("s1 LIKE 'a'", {"s1": "a\n"}, False),
    ("s1 LIKE '%ab%ab'", {"s1": "ab"}, False),
    ("s1 LIKE '%a_%a'", {"s1": "aaa"}, True),
    ("s1 NOT LIKE 'a%'", {"s1": "ab"}, False),
    ("starts_with(s1, s2)", {"s1": "%a", "s2": "%"}, True),
    ("contains(s1, s2)", {"s1": "", "s2": ""}, True),
    # An empty list does not contain NULL, DuckDB 2 and Spark find; with us that is not known.
    ("has(l1, s1)", {"l1": [], "s1": None}, None),
    ("has(l1, s1)", {"l1": ["a"], "s1": None}, None),
    ("has(l1, s1)", {"l1": [], "s1": "a"}, False),
    ("has(l1, s1)", {"l1": None, "s1": "a"}, None),
    # NULL among constants, branches and choices.
    ("i1 IN (1, 2)", {"i1": None}, None),
    ("NOT i1 IN (1, 2)", {"i1": None}, None),
    ("i1 = 1 AND FALSE", {"i1": None}, False),
    ("i1 = 1 OR TRUE", {"i1": None}, True),
    ("CASE WHEN i1 = 1 THEN 'a' END", {"i1": None}, None),
    ("CASE WHEN i1 = 1 THEN 'a' ELSE 'b' END", {"i1": None}, "b"),
    ("greatest(i1, i2)", {"i1": None, "i2": 3}, Decimal(3)),
    ("least(i1, i2)", {"i1": None, "i2": None}, None),
    ("coalesce(i1, d1)", {"i1": None, "d1": Decimal("0.10")}, Decimal("0.10")),
    ("b1 IS NOT TRUE", {"b1": None}, True),
    # Spark (on Java) rounds abs and unary minus of a DECIMAL to 34 digits, without a word.
    ("-w3", {"w3": _WIDEST}, _WIDEST.copy_negate()),
    ("abs(w3)", {"w3": _WIDEST.copy_negate()}, _WIDEST),
    ("-w4", {"w4": _FINEST}, _FINEST.copy_negate()),
    ("abs(-w4)", {"w4": _FINEST}, _FINEST),
    # What an engine gives as a whole number of its own is compared as it is.
    ("length(s1) = 2", {"s1": "张三"}, True),
    ("length(s1) IN (3, 18)", {"s1": "张三"}, False),
    ("length(s1) > -1", {"s1": ""}, True),
    ("length(s1) < 2.5", {"s1": "张三"}, True),
    ("length(s1) = length(s2)", {"s1": "é", "s2": "e\u0301"}, False),
    ("year(t2) >= 2024", {"t2": date(2023, 12, 31)}, False),
    ("years_between(form.t1, t2) >= 60", {"form.t1": date(1964, 2, 29), "t2": date(2024, 2, 28)}, False),
    ("months_between(form.t1, t2) = month(t2)", {"form.t1": date(2024, 1, 31), "t2": date(2024, 3, 31)}, False),
    ("length(s1) < 2.00000001", {"s1": "张三"}, True),
    ("length(s1) < 987654321098765432109876543210", {"s1": "张三"}, True),
    ("i1 = day(t2)", {"i1": 31, "t2": date(2024, 3, 31)}, True),
    # Zero has no sign.
    ("-i1 = 0", {"i1": 0}, True),
    ("round(d1, 1) = 0", {"d1": Decimal("-0.01")}, True),
)
"""Text, facts that are known, value."""
