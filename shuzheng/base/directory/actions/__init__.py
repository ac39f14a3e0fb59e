"""The verbs of the directory, by subject; other rooms import them from here."""

from shuzheng.base.directory.actions.absences import name_deputy, release_deputy
from shuzheng.base.directory.actions.accounts import (
    change_password,
    close_account,
    create_account,
    create_admin,
    set_elder_mode,
)
from shuzheng.base.directory.actions.book import set_office
from shuzheng.base.directory.actions.demo import apply_demo_accounts
from shuzheng.base.directory.actions.sign_in import sign_in

__all__ = [
    "apply_demo_accounts",
    "change_password",
    "close_account",
    "create_account",
    "create_admin",
    "name_deputy",
    "release_deputy",
    "set_elder_mode",
    "set_office",
    "sign_in",
]
