"""Look at everything the desk stands on: what is wrong, what it means, and what to do about it.

Nothing is sent, and no secret and no address is ever shown.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from redis.exceptions import AuthenticationError, RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config import holidays, paths
from config.errors import ConfigError
from config.settings import Settings
from config.shelf import Shelf
from config.urls import outside
from jobs import database as databases
from jobs.broker import QUEUE
from jobs.database import Use
from jobs.delivery.bells import Bells
from jobs.operator import backup as backups
from jobs.operator import room, ways
from jobs.operator.looks import Found, Look, Seen, State, look_at
from jobs.shadow import kept
from models.base import connect
from models.desk import programmes
from models.machine import clock, gaps, health
from models.messages import counting
from models.offices import offices
from notifiers.mask import scrub
from rules.desk import Channel

PATIENCE = timedelta(seconds=15)
ROOM, TIGHT = 200 << 20, 1 << 30
AHEAD = timedelta(days=60)
SHOWN = 10
FRESH = timedelta(hours=26)
"""A nightly backup is younger."""
UNASKED = Found(State.FAIL, "was not looked at: the database could not say", "see the line `database`")


def examine(settings: Settings, *, patience: timedelta = PATIENCE) -> list[Seen]:
    """What every look finds, in order. All run at once, and none may take longer than `patience`."""
    return look_at(_looks(settings), patience=patience)


def _looks(settings: Settings) -> dict[str, Look]:
    engine = connect(settings.database_url.get_secret_value())

    def asked(look: Callable[[Session], Found]) -> Look:
        def ask() -> Found:
            try:
                if databases.absent(engine):  # to ask would make one
                    return UNASKED
                with Session(engine) as session:
                    return look(session)
            except SQLAlchemyError:
                return UNASKED

        return ask

    return {
        "database": lambda: database(engine),
        "clock skew": asked(skew),
        "last sweep": asked(sweep),
        "hold": asked(hold),
        "gap": asked(gap),
        "backup": asked(backup),
        "trial": asked(lambda s: ways.kept_back(health.pulse(s, now=clock.now(s)), settings.trial_allow)),
        "broker": lambda: broker(settings.broker_url.get_secret_value()),
        "mail server": lambda: ways.mail(settings),
        "mailbox": lambda: ways.mailbox(settings),
        "text messages": lambda: ways.texts(settings),
        "twilio": lambda: ways.twilio(settings),
        "sms sender": asked(
            lambda s: ways.sender(settings, counting.last_sent(s, Channel.SMS), now=clock.now(s)),
        ),
        "whatsapp": asked(lambda session: whatsapp(session, settings)),
        "programmes": asked(loaded),
        "contacts": asked(contacts),
        "closed days": lambda: closed_days(datetime.now(UTC)),
        "secret key": lambda: key(settings),
        "public address": lambda: public(settings.public_url),
        "room in texts": asked(lambda session: room.look(session, settings.public_url)),
        "carriers' terms": asked(lambda session: room.terms(session, settings)),
        "shadow": asked(lambda session: shadow(session, settings)),
        "disk": lambda: disk(settings),
    }


def database(engine: Engine) -> Found:
    """Whether the database is reached, at the newest migration, and can be written."""
    name = engine.dialect.name
    version = "select sqlite_version()" if name == "sqlite" else "show server_version"
    try:
        with databases.reached(engine):
            databases.fit(engine, Use.CHANGE, alone=False)
            with Session(engine) as session:
                number = session.execute(text(version)).scalar_one()
                clock.mark(session, "doctor", clock.now(session))
                session.rollback()
    except ConfigError as error:
        (wrong,) = error.findings
        return Found(State.FAIL, f"{name}: {wrong.message}", wrong.remedy)
    return Found(State.OK, f"{name} {number}: reached, in shape, and can be written")


def skew(session: Session) -> Found:
    """How far this machine's clock is from the database's, which decides."""
    apart = abs((clock.now(session) - datetime.now(UTC)).total_seconds())
    if apart > 2:
        state = State.FAIL if apart > 60 else State.WARN
        return Found(state, f"the database's clock is {apart:.0f} s off this machine's", "set both by a time service")
    return Found(State.OK, "the database and this machine agree on the time")


def sweep(session: Session) -> Found:
    """Whether the clock turns."""
    marked = clock.marked(session, clock.SWEEP)
    if marked is None:
        return Found(State.WARN, "the clock has never turned", "start ./desk run, or ./desk clock")
    age = (clock.now(session) - marked[0]).total_seconds()
    if age > 120:
        means = f"the clock has not turned since {_local(session, marked[0])}: nobody is told anything"
        return Found(State.FAIL, means, "start ./desk run, or ./desk clock")
    return Found(State.OK, f"the clock turned {age:.0f} s ago")


def hold(session: Session) -> Found:
    """Whether sending is on hold. A hold that set itself lets no message out to say so."""
    held = clock.marked(session, clock.HOLD)
    if held is None:
        return Found(State.OK, "sending is not on hold")
    since = f"since {_local(session, held[0])}: {scrub(held[1])}"
    if clock.marked(session, clock.UNORDERED) is not None:
        do = "is what it names meant? ./desk hold preview, then ./desk hold off"
        return Found(State.FAIL, f"set itself, and no message can leave to say so, {since}", do)
    return Found(State.WARN, f"nothing is sent, an operator said so, {since}", "./desk hold off when it is over")


def gap(session: Session) -> Found:
    """Whether an older copy of the books was put back, and nobody has looked yet what was lost."""
    waiting = gaps.unasked(session)
    if waiting:
        since, until = _local(session, waiting[0].began_at), _local(session, waiting[-1].ended_at)
        means = f"an older copy was put back: nothing is known from {since} to {until}"
        return Found(State.FAIL, means, "./desk gap, have the districts asked, ./desk hold preview, ./desk hold off")
    return Found(State.OK, "the books have no gap that nobody looked at")


def backup(session: Session) -> Found:
    """When the desk was last backed up by itself and the copy opened again."""
    made = clock.marked(session, backups.MADE)
    do = "./desk backup FOLDER, every night by a timer; ignore this line if another program copies the database"
    if made is None:
        return Found(State.WARN, "this database was never backed up by ./desk backup", do)
    if clock.now(session) - made[0] > FRESH:
        return Found(State.WARN, f"last backed up {_local(session, made[0])}: {scrub(made[1])}", do)
    return Found(State.OK, f"last backed up {_local(session, made[0])}, and opened again")


def _local(session: Session, at: datetime) -> str:
    """A moment as a clock at the desk shows it, the first of several."""
    live = Shelf().stocked(programmes.live(session)).readable.values()
    zone = next((programme.desk.zone for programme in live), "UTC")
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H.%M %Z}"


def broker(url: str) -> Found:
    """Whether the broker is reached, and keeps what it is given."""
    if url == "memory://":
        return Found(State.OK, "in this process: ./desk run needs no other")
    bells = Bells(url=url, socket_timeout=ways.TIMEOUT.total_seconds())  # type: ignore[no-untyped-call]
    try:
        facts = bells.client.info()
        dead = bells.client.zcard(f"{bells.namespace}:{QUEUE}.XQ")
    except AuthenticationError:
        return Found(State.FAIL, "does not take our password", "mend DESK_BROKER_URL: redis://:password@host:6379/0")
    except RedisError as error:
        means = f"cannot be reached ({type(error).__name__}): messages wait"
        return Found(State.FAIL, means, "start it, or mend DESK_BROKER_URL; nothing is lost meanwhile")
    finally:
        bells.client.close()
    kind = "Valkey" if "valkey_version" in facts else "Redis"
    name = f"{kind} {facts.get('valkey_version') or facts['redis_version']}"
    if (policy := facts.get("maxmemory_policy")) != "noeviction":
        return Found(State.FAIL, f"{name} forgets under pressure ({policy})", "set maxmemory-policy noeviction")
    if not facts.get("aof_enabled"):
        means = f"{name} keeps nothing on disk: after its restart bells come up to 30 s late"
        return Found(State.WARN, means, "set appendonly yes")
    if facts.get("aof_last_write_status", "ok") != "ok":
        return Found(State.FAIL, f"{name} cannot write what it keeps", "look at its disk")
    if dead:
        return Found(State.WARN, f"{dead} bells were put aside", "look for 'bell put aside' in the log")
    return Found(State.OK, f"{name}, noeviction, kept on disk")


def whatsapp(session: Session, settings: Settings) -> Found:
    """Whether all that policies say by WhatsApp has a template. Without one only few people may be told."""
    live = Shelf().stocked(programmes.live(session)).readable.values()
    said = {say for programme in live for say in programme.policy.said_by(Channel.WHATSAPP)}
    if not said:
        return Found(State.OK, "no policy tells anything by it")
    if Channel.WHATSAPP in settings.providers:
        return ways.provided(settings, Channel.WHATSAPP)
    if settings.twilio is None or Channel.WHATSAPP not in settings.by_twilio:
        return Found(State.WARN, "goes to the outbox folder, to nobody", "set DESK_WHATSAPP_URL, or change the policy")
    named = dict(settings.twilio.whatsapp_templates)
    wanting = [] if "" in named else sorted(said - named.keys())
    if wanting:
        means = f"no template for {', '.join(wanting)}: only who wrote within 24 hours can be told"
        return Found(State.FAIL, means, "have templates approved, and name them in TWILIO_WHATSAPP_TEMPLATES")
    return Found(State.OK, "has a template for all that is said; whether they are approved was not asked")


def loaded(session: Session) -> Found:
    """The live programmes, each still to be read."""
    live = programmes.live(session)
    if not live and (closed := programmes.closed(session)):
        return Found(State.OK, f"all are closed ({len(closed)}): nothing is chased or sent; see ./desk reopen")
    if not live:
        return Found(State.FAIL, "no programme is loaded: nobody owes anything", "run ./desk load")
    if unread := list(Shelf().stocked(live).unreadable.values()):
        means = "; ".join(map(str, unread)) + " Nothing is planned or sent for it; the others go on"
        return Found(State.FAIL, means, "mend the file named, then ./desk load election, desk and policy again")
    if unkept := Shelf().stocked(live).unkept:
        means = "; ".join(map(str, unkept)) + " They go on by the ladder in force, by the number of their rung"
        return Found(State.WARN, means, "./desk amend the policy in force with --also-open")
    return Found(State.OK, f"{len(live)} loaded: {', '.join(p.code for p in live)}")


def contacts(session: Session) -> Found:
    """Whether every office can be reached: with at least one contact that is not dead."""
    missing, dead = [], []
    for desk in sorted({p.desk.code for p in programmes.live(session)}):
        known = offices.all_of(session, desk)
        current = offices.current(session, [office.id for office in known])
        for office in known:
            ways_to_it = current.get(office.id, [])
            if not ways_to_it:
                missing.append(office.code)
            elif all(contact.state is offices.Contact.State.DEAD for contact in ways_to_it):
                dead.append(office.code)
    if not missing and not dead:
        return Found(State.OK, "every office has a way that works")
    means = [f"no contact: {_some(missing)}"] * bool(missing) + [f"every contact dead: {_some(dead)}"] * bool(dead)
    do = "./desk people import, or the page 'Kontak' of the secretariat"
    return Found(State.WARN, f"some offices cannot be told anything, {'; '.join(means)}", do)


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:SHOWN]) + (f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else "")


def closed_days(now: datetime) -> Found:
    """Until when public holidays and collective leave are known."""
    until = holidays.closed_days().until
    if until < (now + AHEAD).date():
        means = f"known until {until}: after that due times reckon with weekends only"
        return Found(State.WARN, means, "extend config/holidays/indonesia.yaml")
    return Found(State.OK, f"known until {until}")


def key(settings: Settings) -> Found:
    """Whether the key that signs links is ours alone."""
    if settings.secret_key is not None:
        return Found(State.OK, "is set, and strong")
    file = settings.var / "secret_key"
    if file.exists() and file.stat().st_mode & 0o077:
        return Found(State.FAIL, "others on this machine can read the key that signs links", f"chmod 600 {file}")
    return Found(State.OK, "is made and kept in var/secret_key: back it up with the database")


def public(url: str) -> Found:
    """Where links lead."""
    if not outside(url):
        return Found(State.WARN, "links lead to this machine only", "set DESK_PUBLIC_URL to what people can open")
    if not url.startswith("https://"):
        return Found(State.WARN, "links are not encrypted", "put a TLS proxy before the pages, and write https://")
    return Found(State.OK, "links lead outside, encrypted")


def shadow(session: Session, settings: Settings) -> Found:
    """Whether a policy runs beside the live one: its copy of the books names people, and must go in time."""
    place = settings.var / "shadow"
    running = kept.every(place)
    now = clock.now(session)
    over = [f"{own.desk}: {why}" for own in running if (why := kept.over(session, own, now=now))]
    if over:
        means = f"is over, and its copy of the books still lies there: {'; '.join(over)}"
        return Found(State.WARN, means, "./desk shadow end; the clock does it by itself within a minute")
    if broken := kept.broken(place):
        means = f"a copy of the books that is no shadow lies there: {', '.join(own.name for own in broken)}"
        return Found(State.WARN, means, "./desk shadow end; the clock does it by itself within a minute")
    names = ", ".join(f"{own.desk} until {_local(session, own.ends_at)}" for own in running)
    return Found(State.OK, f"runs beside the live policy: {names}" if names else "no policy runs beside the live one")


def disk(settings: Settings) -> Found:
    """Whether var/ can be written, and for how long."""
    probe = settings.var / ".doctor"
    try:
        paths.private(settings.var)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Found(State.FAIL, f"var/ cannot be written: {error.strerror}", "make it writable for who runs the desk")
    free = shutil.disk_usage(settings.var).free
    means = f"var/ can be written, {free >> 20} MB are free"
    if free < TIGHT:
        return Found(State.FAIL if free < ROOM else State.WARN, means, "make room: old outbox files go first")
    return Found(State.OK, means)
