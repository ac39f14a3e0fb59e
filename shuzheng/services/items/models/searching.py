"""Tables of the search: what is found, where it is done, which words mean it."""

from django.db import models
from typing_extensions import override

from shuzheng.services.items.rules.question import LexiconWord
from shuzheng.services.items.types import WordKind


class SearchEntry(models.Model):
    """An item in force as search sees it; its terms are in the full-text table of the backend, by this id."""

    item_code = models.CharField(max_length=14, unique=True)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=240)
    bare = models.CharField(max_length=240)
    initials = models.CharField(max_length=240)
    sounds = models.TextField()
    about = models.TextField()
    theme = models.CharField(max_length=40)
    department = models.CharField(max_length=80)
    applicant = models.CharField(max_length=8)
    channels = models.CharField(max_length=120)
    places = models.TextField()
    """`county:level` of every place it is implemented at, blanks between."""
    has_form = models.BooleanField()
    indexed_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"{self.item_code} {self.name}"


class SearchUnit(models.Model):
    """What an organization implements at a level, for narrowing and counting without reading every unit."""

    organization = models.CharField(max_length=18)
    level = models.CharField(max_length=8)
    county = models.CharField(max_length=6)
    name = models.CharField(max_length=120)
    items = models.TextField()
    """Basic codes, blanks between."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "level"], name="search_unit_once")]
        indexes = [models.Index(fields=["county", "level"], name="search_unit_county")]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.level})"


class SearchWord(models.Model):
    """A phrase that search knows: an everyday word of the pack, a county, an organization."""

    kind = models.CharField(max_length=8)
    phrase = models.CharField(max_length=120, db_index=True)
    code = models.CharField(max_length=18, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    county = models.CharField(max_length=6, blank=True, default="")
    sound = models.CharField(max_length=400, blank=True, default="", db_index=True)
    """Merged sounds with blanks, of everyday words and counties."""
    initials = models.CharField(max_length=120, blank=True, default="", db_index=True)
    terms = models.JSONField(default=list)
    items = models.JSONField(default=list)
    weak = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "phrase", "code"], name="search_word_once")]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.phrase}"

    def to_word(self) -> LexiconWord:
        """Return the word as the rules read it."""
        return LexiconWord(
            kind=WordKind(self.kind),
            phrase=self.phrase,
            terms=tuple(self.terms),
            items=tuple(self.items),
            weak=self.weak,
            code=self.code,
            name=self.name,
            county=self.county,
        )
