"""The environment as frozen settings; nothing else reads it. The defaults send nothing outside."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from config import contacts, keys, paths, secrets, twilio, urls
from config.environment import KNOWN, Environment
from config.errors import ConfigError, Finding, Unusable
from config.twilio import Twilio
from config.urls import ImapFolder, Provider, SmtpServer, Way
from rules.delivery_reports import LONGEST_MAILBOX
from rules.desk import Channel

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """How this machine runs the desk. Paths are absolute.

    `smtp` None: mail goes to the outbox folder. `texts`: the ways of text and WhatsApp messages.
    `reply_to` empty: answers to mails go to the secretariat, and nobody reads them here.
    `imap`: the mailbox of these two, if we look into it ourselves; None: their mails are piped in.
    `answered`: the channels, besides mail, by which answers come in, each with its file; empty: its provider's.
    `bounce_to` empty: mails that come back go to `mail_from`, and nobody reads them here.
    `trial_allow` holds the only addresses that get real messages; None: everybody does.
    `secret_key` None: made when it is first needed and kept in `var` (see `signing_key`).
    """

    home: Path
    var: Path
    database_url: SecretStr
    broker_url: SecretStr
    desk: Path
    election: Path
    policy: Path
    public_url: str
    proxies: tuple[str, ...]
    secret_key: SecretStr | None
    outbox: Path
    heartbeat_url: SecretStr | None
    smtp: SmtpServer | None
    mail_from: str
    bounce_to: str
    reply_to: str
    imap: ImapFolder | None
    answered: Mapping[Channel, str]
    texts: Mapping[Channel, Way | Provider]
    twilio: Twilio | None
    trial_allow: frozenset[str] | None

    @property
    def by_twilio(self) -> list[Channel]:
        """The channels that Twilio carries."""
        return [channel for channel, way in self.texts.items() if way is Way.TWILIO]

    @property
    def providers(self) -> Mapping[Channel, Provider]:
        """By channel, the provider other than Twilio."""
        return {channel: way for channel, way in self.texts.items() if isinstance(way, Provider)}

    @property
    def ways_in(self) -> Mapping[str, frozenset[Channel]]:
        """By the name of its file, each way in but Twilio's, and the channels that the settings want of it."""
        wanted = {channel: name or self._carrier(channel) for channel, name in self.answered.items()}
        names = {*wanted.values(), *(own.name for own in self.providers.values())} - {""}
        return {name: frozenset(own for own, by in wanted.items() if by == name) for name in sorted(names)}

    def _carrier(self, channel: Channel) -> str:
        own = self.providers.get(channel)
        return own.name if own else ""

    @property
    def embedded(self) -> bool:
        """Whether the broker lives in this process, so that no other process can ring it."""
        return self.broker_url.get_secret_value() == "memory://"

    def signing_key(self) -> SecretStr:
        """The key that signs links: the one set, or one made once and kept in var/secret_key.

        Raises:
            ConfigError: it cannot be kept.
        """
        return self.secret_key or keys.kept(self.var / "secret_key")

    def package_key(self) -> bytes:
        """The secret behind the key that signs packages for the level above, made once and kept in var/package_key.

        Raises:
            ConfigError: it cannot be kept.
        """
        return keys.kept(self.var / "package_key").get_secret_value().encode()


def read() -> Settings:
    """The settings of this process.

    Raises:
        ConfigError: with everything that is wrong, each by the name of its variable; never with a secret.
    """
    return _reading().settings()


def tried(values: Mapping[str, str]) -> Settings:
    """The settings that a file with these lines would make, for whoever writes one. Raises: ConfigError."""
    environment = Environment.model_validate(dict(values))
    return _Reading(environment, _home(environment)).settings()


def listen(host: str, port: int) -> None:
    """Let links lead to where this process listens, unless DESK_PUBLIC_URL names the public address."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}  # noqa: S104 - read, not bound
    place = everywhere.get(host, f"[{host}]" if ":" in host else host)
    os.environ.setdefault("DESK_PUBLIC_URL", f"http://{place}:{port}")


def database() -> SecretStr:
    """The database alone, for commands that must work whatever else is wrong. Raises: ConfigError."""
    return _reading().database()


def home() -> Path:
    """The folder that the desk's relative paths start from, whatever else is set wrongly."""
    return _home(Environment.model_validate(dict(os.environ)))


def _reading() -> "_Reading":
    values, wrong = secrets.taken(os.environ)
    environment = Environment.model_validate(values)
    home = _home(environment)
    try:
        paths.home(home)
    except Unusable as error:
        raise ConfigError([Finding("DESK_HOME", 0, "", error.what, error.remedy)]) from None
    return _Reading(environment, home, wrong)


def _home(environment: Environment) -> Path:
    return Path(environment.home or Path(__file__).resolve().parent.parent).absolute()


class _Reading:
    """Reads one variable after the other and gathers what is wrong."""

    def __init__(self, environment: Environment, home: Path, findings: Iterable[Finding] = ()) -> None:
        self.env = environment
        self.home = home
        self.var = home / "var"
        self.findings = list(findings)

    def settings(self) -> Settings:
        env, home = self.env, self.home
        smtp = self._value("DESK_SMTP_URL", urls.smtp, env.smtp_url.get_secret_value(), None)
        nowhere: Way | Provider = Way.FILE
        texts = {
            Channel.SMS: self._value("DESK_SMS_URL", urls.texts, env.sms_url.get_secret_value(), nowhere),
            Channel.WHATSAPP: self._value(
                "DESK_WHATSAPP_URL", urls.texts, env.whatsapp_url.get_secret_value(), nowhere
            ),
        }
        public_url = self._value("DESK_PUBLIC_URL", urls.web, env.public_url, "")
        heartbeat = env.heartbeat_url.get_secret_value()
        if heartbeat:
            self._value("DESK_HEARTBEAT_URL", urls.ping, heartbeat, "")
        database = SecretStr(self._value("DESK_DATABASE_URL", self._database, "", ""))
        imap = self._value("DESK_IMAP_URL", urls.imap, env.imap_url.get_secret_value(), None)
        if imap is not None and not (env.reply_to or env.bounce_to):
            what = "is set, and no mail of ours names that mailbox"
            self._wrong("DESK_IMAP_URL", what, "Set DESK_REPLY_TO, DESK_BOUNCE_TO, or both, to its address")
        settings = Settings(
            home=home,
            var=self.var,
            database_url=database,
            broker_url=SecretStr(self._value("DESK_BROKER_URL", urls.broker, env.broker_url.get_secret_value(), "")),
            desk=self._file("DESK_DESK", env.desk),
            election=self._file("DESK_ELECTION", env.election),
            policy=self._file("DESK_POLICY", env.policy),
            public_url=public_url,
            proxies=self._value("DESK_PROXIES", urls.proxies, env.proxies, ()),
            secret_key=self._value("DESK_SECRET_KEY", keys.strong, env.secret_key, None),
            outbox=self._value("DESK_OUTBOX_DIR", paths.folder, home / env.outbox_dir, home),
            heartbeat_url=env.heartbeat_url if heartbeat else None,
            smtp=smtp,
            mail_from=self._mail_from(real=smtp is not None),
            bounce_to=self._value("DESK_BOUNCE_TO", _collecting, env.bounce_to, ""),
            reply_to=self._value("DESK_REPLY_TO", _collecting, env.reply_to, ""),
            imap=imap,
            answered=self._value("DESK_ANSWERED", _answered, env.answered, {}),
            texts=texts,
            twilio=self._twilio(public_url, texts) if Way.TWILIO in texts.values() else None,
            trial_allow=self._value("DESK_TRIAL_ALLOW", _people, env.trial_allow, None),
        )
        self._misspelt()
        if self.findings:
            raise ConfigError(self.findings)
        return settings

    def database(self) -> SecretStr:
        database = self._value("DESK_DATABASE_URL", self._database, "", "")
        if self.findings:
            raise ConfigError(self.findings)
        return SecretStr(database)

    def _wrong(self, name: str, what: str, remedy: str) -> None:
        self.findings.append(Finding(name, 0, "", what, remedy))

    def _value(self, name: str, reader: Callable[..., T], value: object, instead: T) -> T:
        try:
            return reader(value)
        except Unusable as error:
            self._wrong(name, error.what, error.remedy)
        except PydanticCustomError as error:
            context = error.context or {}
            self._wrong(name, context["what"], context["remedy"])
        return instead

    def _database(self, _: object) -> str:
        return urls.database(self.env.database_url.get_secret_value(), self.home)

    def _file(self, name: str, value: str) -> Path:
        return self._value(name, paths.file, self.home / value, self.home)

    def _mail_from(self, *, real: bool) -> str:
        if real and not self.env.mail_from:
            self._wrong("DESK_MAIL_FROM", "is not set, and mail is sent for real", "Set the address mail comes from")
        return self._value("DESK_MAIL_FROM", contacts.email, self.env.mail_from or "desk@desk.example", "")

    def _twilio(self, public_url: str, texts: Mapping[Channel, Way | Provider]) -> Twilio:
        env = self.env
        for name, value in (
            ("TWILIO_ACCOUNT_SID", env.twilio_account_sid),
            ("TWILIO_AUTH_TOKEN", env.twilio_auth_token.get_secret_value()),
        ):
            if not value.strip():
                self._wrong(
                    name, "is not set, and messages go through Twilio", "Set it, or use file: as the way to send"
                )
        if texts[Channel.SMS] is Way.TWILIO and not (env.twilio_messaging_service_sid or env.twilio_from):
            what = "neither it nor TWILIO_FROM is set, and text messages go through Twilio"
            self._wrong("TWILIO_MESSAGING_SERVICE_SID", what, "Set one of them")
        if texts[Channel.WHATSAPP] is Way.TWILIO and not env.twilio_whatsapp_from:
            what = "is not set, and WhatsApp goes through Twilio"
            self._wrong("TWILIO_WHATSAPP_FROM", what, "Set the number that WhatsApp messages come from")
        account = Twilio(
            self._value("TWILIO_ACCOUNT_SID", twilio.account, env.twilio_account_sid, ""),
            self._value("TWILIO_AUTH_TOKEN", twilio.token, env.twilio_auth_token, SecretStr("")),
            self._value("TWILIO_MESSAGING_SERVICE_SID", twilio.service, env.twilio_messaging_service_sid, ""),
            self._value("TWILIO_FROM", twilio.sender, env.twilio_from, ""),
            self._value("TWILIO_WHATSAPP_FROM", twilio.whatsapp_sender, env.twilio_whatsapp_from, ""),
            self._value("TWILIO_WHATSAPP_TEMPLATES", twilio.templates, env.twilio_whatsapp_templates, ()),
            self._value("DESK_TWILIO_BASE_URL", urls.api, env.twilio_base_url, ""),
        )
        if public_url and urls.outside(account.base_url) and not urls.outside(public_url):
            what = "names this machine, and Twilio must be able to call it"
            self._wrong("DESK_PUBLIC_URL", what, "Set the address under which the desk's pages are seen from outside")
        return account

    def _misspelt(self) -> None:
        """Report names close to ours: a misspelt setting would be ignored in silence. Others belong to other
        programs.
        """
        known = KNOWN | {own + secrets.END for own in secrets.names()}
        for name in sorted(os.environ):
            near = get_close_matches(name, known, 1, 0.9) if name.startswith("DESK_") and name not in known else []
            if near and near[0] not in os.environ:
                self._wrong(name, "is not a setting", f"Did you mean {near[0]}?")


def _people(text: str | None) -> frozenset[str] | None:
    """Addresses and numbers, separated by commas or blanks; set but empty means nobody."""
    if text is None:
        return None
    parts = text.replace(",", " ").split()
    return frozenset(contacts.mailbox(part) if "@" in part else contacts.phone(part) for part in parts)


def _answered(text: str) -> dict[Channel, str]:
    """Channels, separated by commas or blanks, each with the file by which it comes in after a colon, if any."""
    named = dict(own.partition(":")[::2] for own in text.lower().replace(",", " ").split())
    if unknown := sorted(set(named) - {Channel.WHATSAPP, Channel.SMS}):
        raise Unusable(f"names {unknown[0][:20]}, which is neither whatsapp nor sms", "Write whatsapp, sms, or both")
    if wrong := [name for name in named.values() if name and not re.fullmatch("[a-z][a-z0-9_]{0,30}", name)]:
        raise Unusable(f"names {wrong[0][:40]!r}, which is no file of ours", "Write sms:name, for notifiers/name.py")
    return {Channel(own): name for own, name in named.items()}


def _collecting(text: str) -> str:
    """An address to whose local part a number and its seal are added, after a plus sign."""
    mailbox = contacts.email(text) if text else ""
    local = mailbox.rpartition("@")[0]
    if "+" in local or len(local) > LONGEST_MAILBOX:
        what = f"has a plus sign or more than {LONGEST_MAILBOX} characters before the @"
        raise Unusable(what, "Name a short mailbox: bounce@host")
    return mailbox
