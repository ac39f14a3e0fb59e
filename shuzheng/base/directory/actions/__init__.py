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
from shuzheng.base.directory.actions.clients import (
    add_machine,
    add_system,
    authenticate_client,
    close_client,
    issue_machine_token,
    rotate_secret,
)
from shuzheng.base.directory.actions.demo import apply_demo_accounts
from shuzheng.base.directory.actions.external import finish_external, start_external
from shuzheng.base.directory.actions.mandates import (
    accept_mandate,
    decline_mandate,
    give_mandate,
    resign_mandate,
    revoke_mandate,
)
from shuzheng.base.directory.actions.real_name import confirm_identity
from shuzheng.base.directory.actions.sessions import end_session, end_sessions, sweep_sessions
from shuzheng.base.directory.actions.sign_in import sign_in
from shuzheng.base.directory.actions.sign_in_service import issue_code, redeem_code

__all__ = [
    "accept_mandate",
    "add_machine",
    "add_system",
    "apply_demo_accounts",
    "authenticate_client",
    "change_password",
    "close_account",
    "close_client",
    "confirm_identity",
    "create_account",
    "create_admin",
    "decline_mandate",
    "end_session",
    "end_sessions",
    "finish_external",
    "give_mandate",
    "issue_code",
    "issue_machine_token",
    "name_deputy",
    "redeem_code",
    "release_deputy",
    "resign_mandate",
    "revoke_mandate",
    "rotate_secret",
    "set_elder_mode",
    "set_office",
    "sign_in",
    "start_external",
    "sweep_sessions",
]
