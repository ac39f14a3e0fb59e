"""Canonical JSON: equal values give equal bytes, so that they can be hashed and signed. Source: RFC 8785 (JCS).

One difference: a whole number keeps all its digits, also past 2**53.
"""

import json
import math
from collections.abc import Mapping, Sequence

from shuzheng.base.kernel.types import Json


def canonical_json(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises:
        ValueError: A number that JSON lacks (NaN, infinity) or a text with half a surrogate pair.
        TypeError: Not a JSON value.

    Example:
        >>> canonical_json({"b": [1, 0.5, None], "a": "数政"}).decode()
        '{"a":"数政","b":[1,0.5,null]}'
    """
    return _write(value).encode()


def _write(value: Json) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_key(k)}:{_write(value[k])}" for k in sorted(value, key=_utf16)) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_write, value)) + "]"
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def _key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _utf16(key: str) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"a JSON key is a text, not {type(key).__name__}")
    return key.encode("utf-16-be")


def _number(value: float) -> str:
    """Return a float as ECMAScript's Number.toString would."""
    if not math.isfinite(value):
        raise ValueError("JSON has no NaN and no infinity")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    raw = whole + ("" if fraction == "0" else fraction)
    point = len(whole) + int(exponent or 0)
    digits = raw.lstrip("0")
    point -= len(raw) - len(digits)
    digits = digits.rstrip("0")
    return sign + _place(digits, point)


def _place(digits: str, point: int) -> str:
    """Set `digits` with the decimal point after `point` of them. Source: ECMA-262, Number::toString."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"
