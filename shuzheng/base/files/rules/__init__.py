"""Pure decisions about files: what they are, whether they are whole and harmless, how long they are kept."""

from shuzheng.base.files.rules.content import check_content
from shuzheng.base.files.rules.kinds import LIMIT_BYTES, NAME_MOST, check_size, decide_kind, name_found, safe_name
from shuzheng.base.files.rules.retention import decide_keeping

__all__ = [
    "LIMIT_BYTES",
    "NAME_MOST",
    "check_content",
    "check_size",
    "decide_keeping",
    "decide_kind",
    "name_found",
    "safe_name",
]
