"""Put a process together from its settings: database, notifiers, bell. Importing assembles nothing."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from sqlalchemy import make_url

from config import loader, paths
from config import settings as environment
from config.errors import ConfigError, Finding
from config.settings import Settings
from config.twilio import Twilio as TwilioSettings
from config.urls import Provider, SmtpServer
from jobs import database
from jobs.database import Use
from jobs.runtime import Bell, Runtime
from models.base import Sessions, begun_by, connect
from models.desk.files import Files
from models.machine import clock
from notifiers import imap, mailserver, smtp
from notifiers.base import Account, Notifier
from notifiers.base import Provider as ProviderFile
from notifiers.file import Outbox
from notifiers.trial import trial
from rules.desk import Channel

if TYPE_CHECKING:
    from dramatiq import Broker


@contextmanager
def opened(use: Use = Use.CHANGE) -> Iterator[Runtime]:
    """A runtime for a command, from the environment. One that only asks says where it looks. Raises: ConfigError."""
    settings = environment.read()
    if use is not Use.ASK:
        rt, _ = runtime(settings, use)
    else:
        rt = _runtime(settings, use, Mute())
        print(f"desk: looking at {database.named(rt.sessions.kw['bind'])}", file=sys.stderr)
    try:
        yield rt
    finally:
        close(rt)


@contextmanager
def books() -> Iterator[Sessions]:
    """The database as it is, and nothing else. Raises: ConfigError."""
    engine = connect(environment.database().get_secret_value())
    database.there(engine, Use.CHANGE)
    try:
        with database.reached(engine), engine.connect():
            pass
        yield begun_by(engine)
    finally:
        engine.dispose()


def make_room(url: str, settings: Settings) -> None:
    """Have the folder of a database in a file, which others may not open. Raises: ConfigError."""
    if make_url(url).get_backend_name() == "sqlite":
        paths.own(settings.var)


def runtime(settings: Settings, use: Use, *, patient: bool = False) -> "tuple[Runtime, Broker]":
    """A runtime, and the broker through which it rings. The embedded database is brought up to date first.

    `patient`: wait for a database that is away.

    Raises:
        ConfigError: the database cannot be reached, or may not be used so (`jobs.database`).
    """
    from jobs import broker as brokers  # with all that delivers; a command that only asks need not wait for it
    from notifiers import render

    render.own()  # now: templates of a later version must not meet what runs
    broker = brokers.connect(settings.broker_url.get_secret_value())
    return _runtime(settings, use, brokers.BrokerBell(broker), patient=patient), broker


class Mute:
    """The bell of a command that only asks."""

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        raise AssertionError("nothing is sent by asking")


def _runtime(settings: Settings, use: Use, bell: Bell, *, patient: bool = False) -> Runtime:
    url = settings.database_url.get_secret_value()
    if use is Use.MAKE and settings.embedded:
        make_room(url, settings)
    engine = connect(url)
    if patient and not database.absent(engine):
        database.awaited(engine)
    with database.reached(engine):
        database.fit(engine, use, alone=settings.embedded)
    return Runtime(
        sessions=begun_by(engine),
        clock=clock.now,
        notifiers=notifiers(settings),
        bell=bell,
        documents=settings.var / "laporan",
        files=Files(settings.var / "files"),
        seen=settings.var / "seen.json",
        shadows=settings.var / "shadow",
        mail_domain=settings.mail_from.rpartition("@")[2],
        public_url=settings.public_url,
        bounce_to=settings.bounce_to,
        reply_to=settings.reply_to,
        mailbox=mailbox(settings),
        answered=frozenset(settings.answered),
        forms=cache(lambda: loader.forms(settings.home / "config" / "forms")),
        kinds=cache(lambda: loader.reports(settings.home / "config" / "reports")),
        package_key=settings.package_key,
        key=settings.signing_key().get_secret_value().encode() if settings.bounce_to or settings.reply_to else b"",
    )


def notifiers(settings: Settings) -> dict[Channel, Notifier]:
    """Each channel's way out: the outbox folder if no other is set, and in a trial for all who are not listed."""
    outbox = Outbox(settings.outbox, sender=settings.mail_from, durable=True)
    real = _real(settings)
    if (allowed := settings.trial_allow) is not None:
        real = {channel: trial(notifier, outbox, allowed) for channel, notifier in real.items()}
    return dict.fromkeys(Channel, outbox) | real


def _real(settings: Settings) -> dict[Channel, Notifier]:
    """What sends for real. Each is made once, because it keeps connections."""
    real: dict[Channel, Notifier] = {}
    if settings.smtp is not None:
        real[Channel.EMAIL] = smtp.Mail(mail_server(settings, settings.smtp))
    if settings.twilio is not None:
        real |= dict.fromkeys(settings.by_twilio, _twilio(settings, settings.twilio))
    return real | {channel: provided(settings, channel, by) for channel, by in settings.providers.items()}


def provided(settings: Settings, channel: Channel, by: Provider) -> Notifier:
    """The notifier for a provider, from the file under `notifiers` that has its name. Raises: ConfigError."""
    name, file = f"DESK_{channel.upper()}_URL", f"notifiers.{by.name}"
    module = import_module(file) if find_spec(file) else None
    if channel not in getattr(module, "CARRIES", ()):
        remedy = "Write gateway:, twilio: or file:, or add the file as CONTRIBUTING.md says"
        raise _wrong(name, f"no file notifiers/{by.name}.py carries {channel}", remedy)
    account = Account(
        url=by.url,
        user=by.user,
        password=by.password.get_secret_value(),
        options=dict(by.options),
        public_url=settings.public_url,
        key=settings.signing_key().get_secret_value().encode(),
    )
    try:
        return cast(ProviderFile, module).notifier(account)
    except ValueError as error:
        raise _wrong(name, str(error), f"See notifiers/{by.name}.py, and docs/channels.md") from None


def mail_server(settings: Settings, own: SmtpServer) -> smtp.Server:
    """The mail server, and who we are to it."""
    return smtp.Server(
        host=own.host,
        port=own.port,
        tls=smtp.Tls(own.tls.value),
        user=own.user or None,
        password=own.password.get_secret_value(),
        sender=settings.mail_from,
    )


def mailbox(settings: Settings) -> imap.Account | None:
    """The mailbox that we look into; None: mails are piped in."""
    own = settings.imap
    if own is None:
        return None
    return imap.Account(
        host=own.host,
        port=own.port,
        user=own.user,
        password=own.password.get_secret_value(),
        tls=mailserver.Tls(own.tls.value),
        folder=own.folder,
        move_to=own.move_to,
    )


def _twilio(settings: Settings, account: TwilioSettings) -> Notifier:
    from notifiers import twilio  # it takes a quarter of a second: only who uses it waits

    return twilio.Twilio(
        twilio.Account(
            sid=account.account_sid,
            token=account.auth_token.get_secret_value(),
            public_url=settings.public_url,
            service_sid=account.messaging_service_sid,
            sms_from=account.sms_from,
            whatsapp_from=account.whatsapp_from,
            templates=dict(account.whatsapp_templates),
            base_url=account.base_url,
        )
    )


def close(rt: Runtime) -> None:
    """Let go of connections."""
    for notifier in set(rt.notifiers.values()):
        notifier.close()
    rt.sessions.kw["bind"].dispose()


def _wrong(name: str, what: str, remedy: str) -> ConfigError:
    return ConfigError([Finding(name, 0, "", what, remedy)])
