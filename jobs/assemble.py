"""Puts a process together from its settings: database, notifiers, bell. Nothing is assembled at import time."""

from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq import Broker
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from config import settings as environment
from config.errors import ConfigError, Finding
from config.settings import Settings
from config.twilio import Twilio as TwilioSettings
from config.urls import SmsGateway, SmtpServer
from jobs import broker as brokers
from jobs.broker import BrokerBell
from jobs.runtime import Runtime
from models import clock, migrations
from models.base import Sessions, connect
from models.files import Files
from notifiers import smtp
from notifiers.base import Notifier
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
    if settings.gateway is not None:
        found[Channel.SMS] = _gateway(settings, settings.gateway)
    if settings.twilio is not None:
        texts = _twilio(settings, settings.twilio)
        used = {Channel.SMS: settings.sms_by_twilio, Channel.WHATSAPP: settings.whatsapp_by_twilio}
        found |= dict.fromkeys((channel for channel in used if used[channel]), texts)
    return found


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


def _gateway(settings: Settings, server: SmsGateway) -> Notifier:
    from notifiers import gateway

    return gateway.Gateway(
        gateway.Server(
            url=server.url,
            public_url=settings.public_url,
            key=settings.signing_key().get_secret_value().encode(),
            user=server.user,
            password=server.password.get_secret_value(),
            sender=server.sender,
            by_get=server.by_get,
            plus=server.plus,
            accepts=server.accepts,
            extra=dict(server.extra),
        )
    )


def close(rt: Runtime) -> None:
    """Let go of connections."""
    for notifier in set(rt.notifiers.values()):
        notifier.close()
    rt.sessions.kw["bind"].dispose()


def _wrong(name: str, what: str, remedy: str) -> ConfigError:
    return ConfigError([Finding(name, 0, "", what, remedy)])
