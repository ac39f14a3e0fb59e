"""Facts that are the same for every subject put into a tree as constants, and what is constant then worked out.

A policy published for one county and one year is its family's text with `policy.year` and the like bound. A bound tree
is shorter to decide, and as a filter of a table it compares a column with a constant, which engines do best.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import Kind, Node, Op, Value

_FOLDED: Final = frozenset({Kind.NUMBER, Kind.DATE, Kind.TEXT})


def bind(node: Node, facts: Mapping[str, Value]) -> Node:
    """Return the tree with the facts given as constants; conditions stay conditions, their sides are worked out.

    Args:
        node: A checked tree.
        facts: By name. One that is None or a list stays a fact: there is no constant for "not known".
    """
    if node.op is Op.FACT:
        value = facts.get(str(node.value))
        return node if value is None or isinstance(value, list) else _constant(node, value)
    if not node.parts:
        return node
    bound = replace(node, parts=tuple(bind(part, facts) for part in node.parts))
    if node.type.kind in _FOLDED and all(part.op is Op.LITERAL for part in bound.parts):
        value = make_closure(bound)({})
        return bound if value is None else _constant(bound, value)
    return bound


def _constant(node: Node, value: Value) -> Node:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return Node(Op.LITERAL, node.type, (), Decimal(str(value)) if whole else value, node.at)
