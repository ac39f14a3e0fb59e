"""What the notice centre shows."""

from dataclasses import dataclass, field
from datetime import datetime

from shuzheng.base.kernel.types import NoticeId


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice to one person; `link` is a path of this site, '' when there is nothing to open."""

    id: NoticeId
    kind: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    link: str
    sent_at: datetime
    read_at: datetime | None

    @property
    def is_read(self) -> bool:
        """Tell whether the person has read it."""
        return self.read_at is not None
