"""Sentences that can be said again in another language.

Rules and queries speak Chinese and know no reader. A sentence made here is an ordinary Chinese `str`, and remembers its
message id and its facts, so that the edge can say it in the language of whoever reads it: `say_in(text, gettext)`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from shuzheng.base.kernel.types import Json, JsonObject

_SEPARATORS: Final[Mapping[str, str]] = {"": " ", "；": "; ", "、": ", "}
"""What stands between parts in a language that parts words by spaces."""


class Said(str):
    """A Chinese sentence with its message id and facts; to everybody else a plain text."""

    text: str
    facts: Mapping[str, object]
    parts: tuple[str, ...]


def said(text: str, /, **facts: object) -> Said:
    """Return a sentence.

    Args:
        text: The message id, Chinese, with a `{fact}` place for each fact.
        facts: Numbers, names, or sentences made here, which are said in the reader's language too.

    Example:
        >>> said("{name}要填整数，例如 {example}", name="面积", example=12)
        '面积要填整数，例如 12'
    """
    sentence = Said(text.format(**facts) if facts else text)
    sentence.text, sentence.facts, sentence.parts = text, facts, ()
    return sentence


def said_together(parts: Iterable[str], separator: str = "") -> Said:
    """Return several sentences as one text."""
    kept = tuple(parts)
    whole = Said(separator.join(kept))
    whole.text, whole.facts, whole.parts = separator, {}, kept
    return whole


def say_in(text: str, gettext: Callable[[str], str]) -> str:
    """Return a text in the language of `gettext`; a plain text is looked up whole, and stays when it is unknown.

    Example:
        >>> english = {"还差{what}": "{what} is missing", "照片": "Photo"}
        >>> say_in(said("还差{what}", what=said("照片")), english.__getitem__)
        'Photo is missing'
    """
    if not isinstance(text, Said):
        return gettext(text) if text else ""
    if text.parts:
        said_parts = [say_in(part, gettext) for part in text.parts]
        return str(text) if said_parts == list(text.parts) else _SEPARATORS[text.text].join(said_parts)
    if not text.text:
        return ""
    facts = {name: say_in(fact, gettext) if isinstance(fact, Said) else fact for name, fact in text.facts.items()}
    return gettext(text.text).format(**facts) if facts else gettext(text.text)


def dump_said(text: str) -> Json:
    """Return what is to be stored of a text: the text itself, or how it was made."""
    if not isinstance(text, Said) or text.parts:
        return str(text)
    facts = {name: dump_said(fact) if isinstance(fact, str) else str(fact) for name, fact in text.facts.items()}
    return {"text": text.text, "facts": facts}


def load_said(stored: Json) -> str:
    """Return a stored text."""
    if not isinstance(stored, Mapping):
        return str(stored)
    made: JsonObject = stored
    facts = made.get("facts")
    return said(str(made["text"]), **{k: load_said(v) for k, v in facts.items()} if isinstance(facts, Mapping) else {})
