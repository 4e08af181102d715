"""Puts a process together from its settings: database, notifiers, bell. Nothing is assembled at import time."""

from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq import Broker
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker

from config import settings as environment
from config.errors import ConfigError, Finding
from config.settings import Settings
from jobs import broker as brokers
from jobs.broker import BrokerBell
from jobs.runtime import Runtime
from models import clock, migrations
from models.base import connect
from notifiers import smtp
from notifiers.base import Notifier
from notifiers.file import Outbox
from notifiers.render import Renderer
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


def runtime(settings: Settings) -> tuple[Runtime, Broker]:
    """A runtime and the broker its bell hangs on. The embedded database is made and brought up to date first.

    Raises:
        ConfigError: the database cannot be reached, or has another shape than this version needs.
    """
    url = settings.database_url.get_secret_value()
    if settings.embedded and make_url(url).get_backend_name() == "sqlite":
        settings.var.mkdir(parents=True, exist_ok=True)
    engine = connect(url)
    try:
        if settings.embedded:
            migrations.up(engine)
        behind = migrations.behind(engine)
    except OperationalError as error:
        raise _wrong("DESK_DATABASE_URL", f"cannot be reached: {type(error.orig).__name__}", "Start it") from error
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
        mail_domain=settings.mail_from.rpartition("@")[2],
        public_url=settings.public_url,
    )
    return rt, broker


def notifiers(settings: Settings) -> dict[Channel, Notifier]:
    """By channel, the way out; the outbox folder where nothing real is set."""
    if settings.sms_by_twilio or settings.whatsapp_by_twilio:
        raise _wrong("DESK_SMS_URL", "this version does not send by Twilio yet", "Use file:")
    outbox = Outbox(settings.outbox, sender=settings.mail_from, durable=True)
    found: dict[Channel, Notifier] = dict.fromkeys(Channel, outbox)
    if settings.smtp is not None:
        server = smtp.Server(
            host=settings.smtp.host,
            port=settings.smtp.port,
            tls=smtp.Tls(settings.smtp.tls.value),
            user=settings.smtp.user,
            password=settings.smtp.password.get_secret_value(),
            sender=settings.mail_from,
        )
        found[Channel.EMAIL] = smtp.Mail(server)
    return found


def close(rt: Runtime) -> None:
    """Let go of connections."""
    for notifier in set(rt.notifiers.values()):
        notifier.close()
    rt.sessions.kw["bind"].dispose()


def refuse_lonely(settings: Settings, command: str) -> None:
    """A memory broker lives in one process: nobody would hear it. Raises: ConfigError."""
    if settings.embedded:
        what = f"memory:// lives inside one process, and ./desk {command} is one of several"
        raise _wrong("DESK_BROKER_URL", what, "Use ./desk run, or set redis://host:6379/0")


def _wrong(name: str, what: str, remedy: str) -> ConfigError:
    return ConfigError([Finding(name, 0, "", what, remedy)])
