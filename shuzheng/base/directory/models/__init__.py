"""Tables of the directory, by subject."""

from shuzheng.base.directory.models.absence import Absence
from shuzheng.base.directory.models.acting import Guardianship, Mandate
from shuzheng.base.directory.models.book import Office
from shuzheng.base.directory.models.boundaries import Boundary
from shuzheng.base.directory.models.clients import Client, ClientSecret, Code, Token
from shuzheng.base.directory.models.records import (
    Account,
    CalendarYear,
    DemoAccount,
    Division,
    Firm,
    Organization,
    Person,
    Post,
    SignInTries,
)
from shuzheng.base.directory.models.sessions import ExternalIdentity, Session

__all__ = [
    "Absence",
    "Account",
    "Boundary",
    "CalendarYear",
    "Client",
    "ClientSecret",
    "Code",
    "DemoAccount",
    "Division",
    "ExternalIdentity",
    "Firm",
    "Guardianship",
    "Mandate",
    "Office",
    "Organization",
    "Person",
    "Post",
    "Session",
    "SignInTries",
    "Token",
]
