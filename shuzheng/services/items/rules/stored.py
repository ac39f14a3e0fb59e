"""Answers as they are stored before sealing: canonical JSON with short keys."""

import json
from collections.abc import Mapping, Sequence

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.types import Answer, Original, SourceRef


def dump_answers(answers: Mapping[str, Answer]) -> bytes:
    """Return the bytes to seal."""
    return canonical_json({name: _dump(answer) for name, answer in answers.items()})


def load_answers(stored: bytes) -> dict[str, Answer]:
    """Return what `dump_answers` wrote."""
    return {name: _load(value) for name, value in json.loads(stored).items()} if stored else {}


def _dump(answer: Answer) -> Json:
    original = answer.original
    return {
        "v": answer.value,
        "s": None if answer.source is None else _dump_source(answer.source),
        "t": list(answer.typed),
        "o": None if original is None else {"v": original.value, "s": _dump_source(original.source)},
        "r": answer.rev,
    }


def _dump_source(source: SourceRef) -> Json:
    return [source.source, source.record, source.version, source.label]


def _load(value: Mapping[str, Json]) -> Answer:
    original = value["o"]
    return Answer(
        value=value["v"],
        source=_load_source(value["s"]),
        typed=tuple(map(str, _list(value["t"]))),
        original=_load_original(original) if isinstance(original, Mapping) else None,
        rev=int(str(value["r"])),
    )


def _load_original(value: Mapping[str, Json]) -> Original | None:
    source = _load_source(value["s"])
    return None if source is None else Original(value["v"], source)


def _load_source(value: Json) -> SourceRef | None:
    parts = _list(value)
    return SourceRef(*map(str, parts)) if len(parts) == 4 else None


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
