"""The verbs of the directory, by subject; other rooms import them from here."""

from shuzheng.base.directory.actions.accounts import (
    change_password,
    close_account,
    create_account,
    create_admin,
    set_elder_mode,
)
from shuzheng.base.directory.actions.demo import apply_demo_accounts
from shuzheng.base.directory.actions.sign_in import sign_in

__all__ = [
    "apply_demo_accounts",
    "change_password",
    "close_account",
    "create_account",
    "create_admin",
    "set_elder_mode",
    "sign_in",
]
