"""What an explanation keeps back from a reader: values, and what tells a value, of facts graded above what they see.

Whether a condition holds is not kept back: who decides has to know it. What was found is, and so is how far a number is
off and from which day a date will do: with the rule's own constant beside them they are the value.
"""

from dataclasses import replace

from shuzheng.engines.rules.types import Change, Explanation, Finding, Sensitivity


def veil(explanation: Explanation, seen: Sensitivity) -> Explanation:
    """Return the explanation for a reader who sees values up to a grade."""
    findings = tuple(veil_finding(one, seen) for one in explanation.findings)
    ways = tuple(tuple(_veil_change(one, seen) for one in way) for way in explanation.ways)
    return Explanation(explanation.holds, findings, ways)


def veil_finding(finding: Finding, seen: Sensitivity) -> Finding:
    """Return a condition without what was found, where that is above what the reader sees."""
    if finding.grade <= seen or not finding.actual:
        return finding
    return replace(finding, actual="", veiled=True)


def _veil_change(change: Change, seen: Sensitivity) -> Change:
    return change if change.grade <= seen else replace(change, gap=None, from_on=None)
