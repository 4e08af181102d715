"""The environment as text: every variable with its default, what it is for, and an example.

`python -m config.environment` writes the table of settings in docs/configuration.md anew; a test keeps it current.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr

PAGE = Path(__file__).parent.parent / "docs/configuration.md"
BEGIN, END = "<!-- settings: written by python -m config.environment -->\n", "<!-- end of settings -->\n"


def _setting(name: str, default: object, what: str, example: str = "") -> Any:
    return Field(default, alias=name, description=what, examples=[example] if example else None)


class Environment(BaseModel):
    """What the environment says, as text; names as in the documentation."""

    home: str = _setting(
        "DESK_HOME",
        "",
        "Relative paths start from this folder. Not set: the folder of this checkout.",
        "/srv/desk",
    )
    database_url: SecretStr = _setting(
        "DESK_DATABASE_URL",
        SecretStr("sqlite:///var/desk.db"),
        "The database: PostgreSQL, or a SQLite file where one machine does everything.",
        "postgresql+psycopg://desk:PASSWORD@db.example/desk",
    )
    broker_url: SecretStr = _setting(
        "DESK_BROKER_URL",
        SecretStr("memory://"),
        "The bell between clock and workers. `memory://` serves `./desk run`; parts that run apart need Redis or "
        "Valkey. It carries ids only.",
        "redis://127.0.0.1:6379/0",
    )
    desk: str = _setting(
        "DESK_DESK",
        "config/desks/barito-kuala.yaml",
        "The desk's file.",
        "config/desks/kapuas.yaml",
    )
    election: str = _setting(
        "DESK_ELECTION",
        "config/elections/pemilu-2024.yaml",
        "The election's file.",
        "config/elections/pilkada-2024.yaml",
    )
    policy: str = _setting(
        "DESK_POLICY",
        "config/policies/default.yaml",
        "The policy's file.",
        "config/policies/kapuas.yaml",
    )
    public_url: str = _setting(
        "DESK_PUBLIC_URL",
        "http://127.0.0.1:8000",
        "People open the desk's pages under this address. Links in messages begin with it, and providers report to it.",
        "https://desk.example",
    )
    proxies: str = _setting(
        "DESK_PROXIES",
        "127.0.0.1, ::1",
        "Proxies before the pages: addresses or networks. Whoever they name in `X-Forwarded-For` is the caller; nobody "
        "else is believed.",
        "10.0.0.5, 10.1.0.0/24",
    )
    secret_key: SecretStr | None = _setting(
        "DESK_SECRET_KEY",
        None,
        "Signs links and the addresses that providers report to. Not set: made once and kept in `var/secret_key`. "
        "Pages and workers on different machines need the same key.",
    )
    outbox_dir: str = _setting(
        "DESK_OUTBOX_DIR",
        "var/outbox",
        "Messages that are not really sent go to this folder.",
        "/srv/desk/outbox",
    )
    heartbeat_url: SecretStr = _setting(
        "DESK_HEARTBEAT_URL",
        SecretStr(""),
        "This address is called after every finished sweep, and with `/fail` when a promise was broken. Empty: "
        "nobody is called.",
        "https://hc.example/ping/UUID",
    )
    smtp_url: SecretStr = _setting(
        "DESK_SMTP_URL",
        SecretStr("file:"),
        "The mail server. `file:` writes mails to the outbox folder.",
        "smtp://desk:PASSWORD@mail.example:587?tls=starttls",
    )
    mail_from: str = _setting(
        "DESK_MAIL_FROM",
        "",
        "Mails come from this address. It is needed as soon as mail is really sent.",
        "desk@baritokuala.example",
    )
    bounce_to: str = _setting(
        "DESK_BOUNCE_TO",
        "",
        "The mailbox for mails that come back, in the domain of `DESK_MAIL_FROM`. Empty: nobody reads them here.",
        "bounce@baritokuala.example",
    )
    reply_to: str = _setting(
        "DESK_REPLY_TO",
        "",
        "The mailbox for answers to mails, whose host takes `balas+anything`; its mails are piped into `./desk reply`, "
        "or fetched by `DESK_IMAP_URL`. "
        "Empty: answers go to the secretariat's own address, and nobody reads them here.",
        "balas@baritokuala.example",
    )
    imap_url: SecretStr = _setting(
        "DESK_IMAP_URL",
        SecretStr(""),
        "The mailbox of `DESK_REPLY_TO` and `DESK_BOUNCE_TO`, if it lies at a provider: the clock looks into it every "
        "minute. `?move=FOLDER`: what was taken in goes there. Empty: a mail server pipes the mails in "
        "(docs/channels.md).",
        "imaps://balas%40baritokuala.example:PASSWORD@mail.example/INBOX",
    )
    answered: str = _setting(
        "DESK_ANSWERED",
        "",
        "By which of `whatsapp` and `sms` answers come in (docs/answers.md); after a colon the file by which they do, "
        "if it is not that of its `DESK_..._URL`. Messages by them then say that they may simply be answered. Mails "
        "say so where `DESK_REPLY_TO` is set.",
        "whatsapp, sms:gateway",
    )
    sms_url: SecretStr = _setting(
        "DESK_SMS_URL",
        SecretStr("file:"),
        "How texts leave: `file:`, `twilio:`, or the address of a gateway.",
        "gateway:https://desk:PASSWORD@sms.example/cgi-bin/sendsms",
    )
    whatsapp_url: SecretStr = _setting(
        "DESK_WHATSAPP_URL",
        SecretStr("file:"),
        "How WhatsApp messages leave: `file:`, `twilio:`, or the address of a provider.",
        "twilio:",
    )
    trial_allow: str | None = _setting(
        "DESK_TRIAL_ALLOW",
        None,
        "Trial mode: only these addresses and numbers get real messages. Set and empty: nobody does. Not set: "
        "everybody does.",
        "ani@baritokuala.example, 0812-3456-7890",
    )
    twilio_base_url: str = _setting(
        "DESK_TWILIO_BASE_URL",
        "https://api.twilio.com",
        "A sandbox or proxy that speaks for Twilio.",
        "https://twilio.example",
    )
    twilio_account_sid: str = _setting(
        "TWILIO_ACCOUNT_SID",
        "",
        "The account at Twilio. It is needed when anything goes through Twilio.",
        "AC...",
    )
    twilio_auth_token: SecretStr = _setting(
        "TWILIO_AUTH_TOKEN",
        SecretStr(""),
        "The secret of that account. Callbacks are checked with it.",
    )
    twilio_messaging_service_sid: str = _setting(
        "TWILIO_MESSAGING_SERVICE_SID",
        "",
        "Texts come from this messaging service.",
        "MG...",
    )
    twilio_from: str = _setting(
        "TWILIO_FROM",
        "",
        "Texts come from this sender where no messaging service is named.",
        "DESKBATOLA",
    )
    twilio_whatsapp_from: str = _setting(
        "TWILIO_WHATSAPP_FROM",
        "",
        "WhatsApp messages come from this number.",
        "+62...",
    )
    twilio_whatsapp_templates: str = _setting(
        "TWILIO_WHATSAPP_TEMPLATES",
        "",
        "Approved WhatsApp templates, by what is said; one without a name serves all others.",
        "overdue=HX...,HX...",
    )


LAUNCHER = ("DESK_PYTHON", "DESK_REQUIRE_TOOLS")
"""Only the launcher and the tests read these."""

KNOWN = frozenset({str(field.alias) for field in Environment.model_fields.values()} | set(LAUNCHER))


def table() -> str:
    """Every setting as a table in Markdown."""
    rows = ["| variable | default | what it does | example |", "| --- | --- | --- | --- |"]
    for field in Environment.model_fields.values():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = (f"`{value}`" if value else "" for value in (default, *(field.examples or [""])))
        rows.append(f"| `{field.alias}` | {next(shown)} | {field.description} | {next(shown)} |")
    return "\n".join(rows) + "\n"


def page(text: str) -> str:
    """`text`, a page of documentation, with the current table between its marks."""
    return between(text, BEGIN, END, table())


def between(text: str, begin: str, end: str, new: str) -> str:
    """A page with something new between two marks."""
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{new}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
