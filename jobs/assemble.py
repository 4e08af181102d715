"""Puts a process together from its settings: database, notifiers, bell. Nothing is assembled at import time."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from dramatiq import Broker
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from config import settings as environment
from config.errors import ConfigError, Finding
from config.settings import Settings
from config.twilio import Twilio as TwilioSettings
from config.urls import Provider, SmtpServer
from jobs import broker as brokers
from jobs.broker import BrokerBell
from jobs.runtime import Runtime
from models import clock, migrations
from models.base import Sessions, connect
from models.files import Files
from notifiers import smtp
from notifiers.base import Account, Notifier
from notifiers.base import Provider as ProviderFile
from notifiers.file import Outbox
from notifiers.mask import scrub
from notifiers.render import Renderer
from notifiers.trial import trial
from rules.desk import Channel


@contextmanager
def opened() -> Iterator[Runtime]:
    """A runtime for a command, by the environment. Raises: ConfigError."""
    settings = environment.read()
    rt, _ = runtime(settings)
    try:
        yield rt
    finally:
        close(rt)


@contextmanager
def books() -> Iterator[Sessions]:
    """The database and nothing else, as it is. Raises: ConfigError."""
    engine = connect(environment.database().get_secret_value())
    try:
        with reached(engine), engine.connect():
            pass
        yield sessionmaker(engine, expire_on_commit=False)
    finally:
        engine.dispose()


def runtime(settings: Settings) -> tuple[Runtime, Broker]:
    """A runtime and the broker its bell hangs on. The embedded database is made and brought up to date first.

    Raises:
        ConfigError: the database cannot be reached, or has another shape than this version needs.
    """
    url = settings.database_url.get_secret_value()
    if settings.embedded and make_url(url).get_backend_name() == "sqlite":
        settings.var.mkdir(parents=True, exist_ok=True)
    engine = connect(url)
    with reached(engine):
        behind = migrations.behind(engine)
        if behind and settings.embedded:
            migrations.up(engine)
            behind = False
    if behind:
        raise _wrong("DESK_DATABASE_URL", "the database has another shape", "Run ./desk migrate")
    broker = brokers.connect(settings.broker_url.get_secret_value())
    rt = Runtime(
        sessions=sessionmaker(engine, expire_on_commit=False),
        clock=clock.now,
        notifiers=notifiers(settings),
        renderer=Renderer(),
        bell=BrokerBell(broker),
        documents=settings.var / "laporan",
        files=Files(settings.var / "files"),
        mail_domain=settings.mail_from.rpartition("@")[2],
        public_url=settings.public_url,
        bounce_to=settings.bounce_to,
        key=settings.signing_key().get_secret_value().encode() if settings.bounce_to else b"",
    )
    return rt, broker


@contextmanager
def reached(engine: Engine) -> Iterator[None]:
    """The database is asked in here for the first time. Raises: ConfigError, with what it or its driver said."""
    try:
        yield
    except (DBAPIError, UnicodeError) as error:
        why = scrub(str(getattr(error, "orig", error)), str(engine.url.password or ""))
        raise _wrong("DESK_DATABASE_URL", f"cannot be used: {why}", "Start it, or mend the setting") from error


def notifiers(settings: Settings) -> dict[Channel, Notifier]:
    """By channel, the way out; the outbox folder where nothing real is set, and for strangers during a trial."""
    outbox = Outbox(settings.outbox, sender=settings.mail_from, durable=True)
    real = _real(settings)
    if (allowed := settings.trial_allow) is not None:
        real = {channel: trial(notifier, outbox, allowed) for channel, notifier in real.items()}
    return dict.fromkeys(Channel, outbox) | real


def _real(settings: Settings) -> dict[Channel, Notifier]:
    """What sends for real; each kept once, for its connections."""
    found: dict[Channel, Notifier] = {}
    if settings.smtp is not None:
        found[Channel.EMAIL] = smtp.Mail(mail_server(settings, settings.smtp))
    if settings.twilio is not None:
        found |= dict.fromkeys(settings.by_twilio, _twilio(settings, settings.twilio))
    return found | {channel: provided(settings, channel, by) for channel, by in settings.providers.items()}


def provided(settings: Settings, channel: Channel, by: Provider) -> Notifier:
    """What speaks to a provider: the file under `notifiers` that has its name. Raises: ConfigError."""
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


def _twilio(settings: Settings, account: TwilioSettings) -> Notifier:
    from notifiers import twilio  # a quarter of a second, for those who use it

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
