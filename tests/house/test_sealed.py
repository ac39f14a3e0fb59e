"""Whatever is sealed is declared, so that changing the keys reaches it."""

import re
from pathlib import Path

from django.apps import apps
from django.db.models import BinaryField

import shuzheng
from shuzheng.base.kernel.sealed import SEALED, SealedColumn

PACKAGE = Path(shuzheng.__file__).parent
COLUMNS = [place for place in map(SEALED.__getitem__, SEALED) if isinstance(place, SealedColumn)]


def test_every_column_named_sealed_is_declared() -> None:
    declared = {place.name for place in COLUMNS}
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name.endswith("_sealed")
    }
    assert not found - declared


def test_every_declared_column_exists() -> None:
    for place in COLUMNS:
        model = apps.get_model(place.model)
        field = model._meta.get_field(place.column.partition(".")[0])
        assert isinstance(field, BinaryField) or "." in place.column, place.name
        if place.owner:
            model._meta.get_field(place.owner.partition(".")[0])
        else:
            assert place.life, f"{place.name}: say how long it lives"
        for index in place.indexes:
            assert isinstance(model._meta.get_field(index.column), BinaryField)


def test_every_room_that_seals_declares_what() -> None:
    sealing = {
        path.relative_to(PACKAGE).parts[1]
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] in {"base", "engines", "services", "data", "city", "estate"}
        and "kernel" not in path.parts
        and re.search(r"kernel\.seal import [^\n]*\bseal(_text)?\b", path.read_text("utf-8"))
    }
    declaring = {place.place.partition(".")[0] for place in COLUMNS} | {
        name.partition(".")[0] for name in SEALED if not isinstance(SEALED[name], SealedColumn)
    }
    assert sealing
    assert not sealing - declaring


def test_identity_numbers_are_searched_under_every_key() -> None:
    """`id_no_index=index_of(…)` would miss people while the index key is being changed."""
    strays = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"id_no_index=index_of\(|id_no_index\)\s*[!=]=\s*index_of\(", path.read_text("utf-8"))
    ]
    assert not strays
