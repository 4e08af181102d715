"""Look at everything the desk stands on, from outside in: what is wrong, what it means, and what to do about it.

Each look runs by itself with a time-out: one that hangs or breaks stops no other. Nothing is sent, and no secret and no
address is ever said.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Thread
from typing import NamedTuple

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from config import holidays
from config.settings import Settings
from config.shelf import Shelf
from config.urls import outside
from jobs.bells import Bells
from jobs.broker import QUEUE
from models import clock, migrations, offices, programmes
from models.base import connect
from notifiers import mailserver
from notifiers.line import Line
from rules.delivery import DeliveryError

PATIENCE = timedelta(seconds=15)
TIMEOUT = timedelta(seconds=10)
ROOM, TIGHT = 200 << 20, 1 << 30
AHEAD = timedelta(days=60)


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Found(NamedTuple):
    """What one look found. `do` is empty where all is well."""

    state: State
    means: str
    do: str = ""


class Seen(NamedTuple):
    """One look and what it found."""

    what: str
    state: State
    means: str
    do: str


Look = Callable[[], Found]


def examine(settings: Settings, *, patience: timedelta = PATIENCE) -> list[Seen]:
    """Every look, in order. All of them run at once, and none is waited for longer than `patience`."""
    return look_at(_looks(settings), patience=patience)


def look_at(looks: dict[str, Look], *, patience: timedelta) -> list[Seen]:
    """What these looks find; one that breaks or never ends has failed."""
    found: dict[str, Found] = {}

    def run(what: str, look: Look) -> None:
        try:
            found[what] = look()
        except Exception as error:  # noqa: BLE001 - its own words may hold a secret
            found[what] = Found(State.FAIL, f"could not be looked at: {type(error).__name__}", "see the line's subject")

    threads = [Thread(target=run, args=item, daemon=True) for item in looks.items()]
    for thread in threads:
        thread.start()
    until = time.monotonic() + patience.total_seconds()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    silent = Found(
        State.FAIL, f"no answer within {patience.total_seconds():g} s", "look whether it hangs, or a firewall"
    )
    seen = dict(found)
    return [Seen(what, *seen.get(what, silent)) for what in looks]


def _looks(settings: Settings) -> dict[str, Look]:
    engine = connect(settings.database_url.get_secret_value())

    def asked(look: Callable[[Session], Found]) -> Look:
        def ask() -> Found:
            with Session(engine) as session:
                return look(session)

        return ask

    return {
        "database": lambda: _database(engine),
        "clock skew": asked(_skew),
        "last sweep": asked(_sweep),
        "broker": lambda: _broker(settings.broker_url.get_secret_value()),
        "mail server": lambda: _mail(settings),
        "twilio": lambda: _twilio(settings),
        "programmes": asked(_programmes),
        "contacts": asked(_contacts),
        "closed days": lambda: _closed_days(datetime.now(UTC)),
        "secret key": lambda: _key(settings),
        "public address": lambda: _public(settings.public_url),
        "disk": lambda: _disk(settings),
    }


def _database(engine: Engine) -> Found:
    name = engine.dialect.name
    version = "select sqlite_version()" if name == "sqlite" else "show server_version"
    if migrations.behind(engine):
        return Found(State.FAIL, f"{name}: another shape than this version needs", "run ./desk migrate")
    with Session(engine) as session:
        number = session.execute(text(version)).scalar_one()
        clock.mark(session, "doctor", clock.now(session))
        session.rollback()
    return Found(State.OK, f"{name} {number}: reached, in shape, and can be written")


def _skew(session: Session) -> Found:
    apart = abs((clock.now(session) - datetime.now(UTC)).total_seconds())
    if apart > 2:
        state = State.FAIL if apart > 60 else State.WARN
        return Found(state, f"the database's clock is {apart:.0f} s off this machine's", "set both by a time service")
    return Found(State.OK, "the database and this machine agree on the time")


def _sweep(session: Session) -> Found:
    marked = clock.marked(session, clock.SWEEP)
    if marked is None:
        return Found(State.WARN, "the clock has never turned", "start ./desk run, or ./desk clock")
    age = (clock.now(session) - marked[0]).total_seconds()
    if age > 120:
        return Found(State.FAIL, f"the clock last turned {age:.0f} s ago: nobody is told anything", "start the clock")
    return Found(State.OK, f"the clock turned {age:.0f} s ago")


def _broker(url: str) -> Found:
    if url == "memory://":
        return Found(State.OK, "in this process: ./desk run needs no other")
    broker = Bells(url=url, socket_timeout=TIMEOUT.total_seconds())  # type: ignore[no-untyped-call]
    client = broker.client
    facts = client.info()
    kind = "Valkey" if "valkey_version" in facts else "Redis"
    version = facts.get("valkey_version") or facts["redis_version"]
    policy, dead = facts.get("maxmemory_policy"), client.zcard(f"{broker.namespace}:{QUEUE}.XQ")
    if policy != "noeviction":
        return Found(
            State.FAIL, f"{kind} {version} forgets under pressure ({policy})", "set maxmemory-policy noeviction"
        )
    if not facts.get("aof_enabled"):
        means = f"{kind} {version} keeps nothing on disk: after its restart bells come up to 30 s late"
        return Found(State.WARN, means, "set appendonly yes")
    if dead:
        return Found(State.WARN, f"{dead} bells were put aside", "look for 'bell put aside' in the log")
    return Found(State.OK, f"{kind} {version}, noeviction, kept on disk")


def _mail(settings: Settings) -> Found:
    if settings.smtp is None:
        return Found(
            State.WARN, "mail goes to the outbox folder, to nobody", "set DESK_SMTP_URL when the trial is over"
        )
    own = settings.smtp
    server = mailserver.Server(
        host=own.host,
        port=own.port,
        tls=mailserver.Tls(own.tls.value),
        user=own.user or None,
        password=own.password.get_secret_value(),
        sender=settings.mail_from,
        timeout=TIMEOUT,
    )
    try:
        smtp = mailserver.connect(server, mailserver.trust(server), time.monotonic() + TIMEOUT.total_seconds())
    except DeliveryError as error:
        return Found(State.FAIL, f"no mail can be handed over: {error}", "mend DESK_SMTP_URL, or ask its operator")
    smtp.close()
    return Found(State.OK, "answers, and takes our login" if own.user else "answers; no login is set")


def _twilio(settings: Settings) -> Found:
    account = settings.twilio
    if account is None:
        return Found(State.OK, "is not used")
    line = Line(account.base_url, timeout=TIMEOUT)
    url = f"{account.base_url}/2010-04-01/Accounts/{account.account_sid}.json"
    try:
        reply = line.get(url, {}, auth=(account.account_sid, account.auth_token.get_secret_value()))
    except DeliveryError as error:
        return Found(State.FAIL, f"cannot be reached: {error}", "look at the network and DESK_TWILIO_BASE_URL")
    finally:
        line.close()
    if reply.status != 200:
        return Found(State.FAIL, f"does not take our login ({reply.status})", "mend TWILIO_ACCOUNT_SID and its token")
    return Found(State.OK, "takes our login")


def _programmes(session: Session) -> Found:
    live = programmes.live(session)
    if not live:
        return Found(State.FAIL, "no programme is loaded: nobody owes anything", "run ./desk load")
    if unread := list(Shelf().stocked(live).unreadable.values()):
        means = "; ".join(map(str, unread)) + " Nothing is planned or sent for it; the others go on"
        return Found(State.FAIL, means, "mend the file named, then ./desk load election, desk and policy again")
    return Found(State.OK, f"{len(live)} loaded: {', '.join(p.code for p in live)}")


def _contacts(session: Session) -> Found:
    desks = sorted({p.desk.code for p in programmes.live(session)})
    silent = [code for desk in desks for code, office in offices.reach(session, desk).items() if not office.channels]
    if silent:
        named = ", ".join(silent[:10]) + (", ..." if len(silent) > 10 else "")
        return Found(State.WARN, f"{len(silent)} offices cannot be told anything: {named}", "give them a contact")
    return Found(State.OK, "every office has a way that works")


def _closed_days(now: datetime) -> Found:
    until = holidays.closed_days()[1]
    if until < (now + AHEAD).date():
        means = f"known until {until}: after that due times reckon with weekends only"
        return Found(State.WARN, means, "extend config/holidays/indonesia.yaml")
    return Found(State.OK, f"known until {until}")


def _key(settings: Settings) -> Found:
    if settings.secret_key is not None:
        return Found(State.OK, "is set, and strong")
    file = settings.var / "secret_key"
    if file.exists() and file.stat().st_mode & 0o077:
        return Found(State.FAIL, "others on this machine can read the key that signs links", f"chmod 600 {file}")
    return Found(State.OK, "is made and kept in var/secret_key: back it up with the database")


def _public(url: str) -> Found:
    if not outside(url):
        return Found(State.WARN, "links lead to this machine only", "set DESK_PUBLIC_URL to what people can open")
    if not url.startswith("https://"):
        return Found(State.WARN, "links are not encrypted", "put a TLS proxy before the pages, and write https://")
    return Found(State.OK, "links lead outside, encrypted")


def _disk(settings: Settings) -> Found:
    settings.var.mkdir(parents=True, exist_ok=True)
    probe = settings.var / ".doctor"
    probe.write_bytes(b"")
    probe.unlink()
    free = shutil.disk_usage(settings.var).free
    means = f"var/ can be written, {free >> 20} MB are free"
    if free < TIGHT:
        return Found(State.FAIL if free < ROOM else State.WARN, means, "make room: old outbox files go first")
    return Found(State.OK, means)


def worst(lines: Sequence[Seen]) -> State:
    """The worst of all."""
    return max((line.state for line in lines), key=list(State).index, default=State.OK)
