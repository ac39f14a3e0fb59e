"""Read what an operator set: environment first, then `var/shuzheng.toml`, then the defaults below."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shuzheng.base.kernel.configuration import Configuration
from shuzheng.config.identity import missing_of, provider_of, read_levels
from shuzheng.config.keys import key_reader

HOME = Path(__file__).resolve().parents[2]
"""The checkout; for an installed wheel, the folder above the package."""


class Options(BaseModel):
    """Everything that can be set, each as `SHUZHENG_<NAME>` or as a key of `var/shuzheng.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: Annotated[
        str, Field(description="postgresql://user:password@host:5432/name; empty: SQLite in var/")
    ] = ""
    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(description="port to listen on", ge=1, le=65535)] = 8000
    public_url: Annotated[
        str, Field(description="origin the public uses, no trailing slash; empty: http://host:port")
    ] = ""
    allowed_hosts: Annotated[str, Field(description="host names answered to, separated by commas")] = (
        "127.0.0.1,localhost"
    )
    zone: Annotated[str, Field(description="IANA time zone of the city")] = "Asia/Shanghai"
    demo: Annotated[bool, Field(description="demonstration people and accounts are loaded")] = False
    workers: Annotated[int, Field(description="web worker processes", ge=1, le=64)] = 1
    live_streams: Annotated[
        int, Field(description="open live pages a web worker serves; on more the page does not update by itself", ge=0)
    ] = 1000
    debug: Annotated[bool, Field(description="developer's error pages; never in production")] = False
    session_minutes: Annotated[int, Field(description="a session ends after this many idle minutes", ge=1)] = 60
    scanner: Annotated[
        str, Field(description="virus scanner: tcp://host:3310 or unix:///run/clamav/clamd.ctl; empty: none")
    ] = ""
    scanner_down: Annotated[
        Literal["refuse", "accept"],
        Field(description="while the scanner is out of order: refuse uploads, or accept them unopened and scan later"),
    ] = "refuse"
    keep_application_days: Annotated[
        int, Field(description="days the papers of an application are kept after its case was closed", ge=1)
    ] = 3650
    keep_draft_days: Annotated[
        int, Field(description="days the papers of a draft are kept after it was discarded or expired", ge=1)
    ] = 7
    keep_unused_days: Annotated[int, Field(description="days a file is kept that nothing uses", ge=1)] = 7
    sms: Annotated[
        Literal["", "off", "console", "gateway"],
        Field(description="text messages: off, console (masked, in the log) or gateway; empty: console in a demo"),
    ] = ""
    sms_url: Annotated[
        str, Field(description="address of the SMS gateway, https; its shared key is var/keys/sms-gateway")
    ] = ""
    mail: Annotated[
        Literal["", "off", "console", "smtp"], Field(description="mail: off, console or smtp; empty: console in a demo")
    ] = ""
    mail_host: Annotated[str, Field(description="SMTP server")] = ""
    mail_port: Annotated[int, Field(description="its port", ge=1, le=65535)] = 587
    mail_security: Annotated[Literal["starttls", "tls", "none"], Field(description="how the line is secured")] = (
        "starttls"
    )
    mail_user: Annotated[str, Field(description="user at the SMTP server; its password is var/keys/smtp")] = ""
    mail_sender: Annotated[str, Field(description="address mails come from")] = ""
    oidc_issuer: Annotated[
        str,
        Field(description="issuer of the external sign-in (OpenID Connect); empty: none", pattern=r"^(https?://.+)?$"),
    ] = ""
    oidc_name: Annotated[str, Field(description="what the button of the external sign-in says")] = "统一身份认证"
    oidc_client_id: Annotated[str, Field(description="what the external sign-in calls us")] = ""
    oidc_secret_file: Annotated[str, Field(description="file with the client secret, absolute or in var/")] = ""
    oidc_identity_claim: Annotated[str, Field(description="claim with the identity number the provider checked")] = ""
    oidc_levels: Annotated[
        str, Field(description="real-name level by acr: `acr=level, …`; 1 number checked, 2 face or window checked")
    ] = ""
    oidc_scopes: Annotated[str, Field(description="scopes asked of the external sign-in")] = "openid profile"

    lake_queries_a_day: Annotated[int, Field(description="queries of the lake a post may ask on one day", ge=1)] = 200
    lake_group_queries_a_day: Annotated[
        int, Field(description="of these, queries of tables the post may read in groups alone", ge=1)
    ] = 50
    spark_url: Annotated[
        str,
        Field(
            description="Spark Connect server for large jobs of the lake, sc://host:port; empty: run in the process",
            pattern=r"^(sc://.+)?$",
        ),
    ] = ""

    @field_validator("oidc_levels")
    @classmethod
    def _levels_read(cls, text: str) -> str:
        read_levels(text)
        return text

    @model_validator(mode="after")
    def _external_sign_in_is_whole(self) -> Self:
        missing = missing_of(self)
        if missing:
            raise ValueError(f"oidc_issuer is set, so these are needed too: {', '.join(missing)}")
        return self


def var_dir() -> Path:
    """Return the folder a running city writes to: `SHUZHENG_VAR`, else `var/` in the checkout."""
    given = os.environ.get("SHUZHENG_VAR")
    if given:
        return Path(given).resolve()
    return (HOME if (HOME / "pyproject.toml").exists() else Path.cwd()) / "var"


def read_options(var: Path) -> Options:
    """Return the options in force.

    Raises:
        pydantic.ValidationError: An unknown key or a value of the wrong kind.
    """
    values: dict[str, object] = {}
    file = var / "shuzheng.toml"
    if file.exists():
        values |= tomllib.loads(file.read_text("utf-8"))
    for name in Options.model_fields:
        given = os.environ.get(f"SHUZHENG_{name.upper()}")
        if given is not None:
            values[name] = given
    if not values.get("database_url") and os.environ.get("DATABASE_URL"):
        values["database_url"] = os.environ["DATABASE_URL"]
    return Options.model_validate(values)


def build_dir(name: str) -> Path:
    """Return a folder of built or shipped data: beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).resolve().parents[1] / "_shipped" / name
    return inside if inside.exists() else HOME / name


def configuration_of(options: Options, var: Path) -> Configuration:
    """Return the settings as rooms see them."""
    return Configuration(
        var_dir=var,
        files_dir=var / "files",
        zone=options.zone,
        demo=options.demo,
        font_dirs=(build_dir("static_build") / "fonts", Path("/usr/share/fonts")),
        public_url=options.public_url or f"http://{options.host}:{options.port}",
        read_key=key_reader(var / "keys"),
        identity_provider=provider_of(options, var),
        spark_url=options.spark_url,
        lake_queries_a_day=options.lake_queries_a_day,
        lake_group_queries_a_day=options.lake_group_queries_a_day,
    )


def database_settings(url: str, var: Path) -> dict[str, object]:
    """Return Django's settings of the one database.

    SQLite: IMMEDIATE transactions (else two writers dead-lock into a timeout), WAL, and synchronous=FULL because
    the platform hands out receipts: NORMAL may lose the last commits when the power fails.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(var / "shuzheng.sqlite3"),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }
