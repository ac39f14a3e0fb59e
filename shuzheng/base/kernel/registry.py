"""A port: a lower room publishes a named place, the composition root fills it."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named implementations of one port, filled once at start-up by `shuzheng.config.wiring`.

    Example:
        >>> greet: Registry[str] = Registry("greeting")
        >>> greet.register("zh", "您好")
        >>> greet["zh"]
        '您好'
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> None:
        """Add an entry; the same name with another entry is a programming error."""
        if self._entries.setdefault(name, entry) is not entry:
            raise ValueError(f"{self._what} {name!r} is registered twice")

    def __getitem__(self, name: str) -> T:
        if name not in self._entries:
            raise KeyError(f"no {self._what} named {name!r}; known: {sorted(self._entries)}")
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))
