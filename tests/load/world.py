"""A world as large as asked, built in the database in a few statements: desks, matters that are owed, messages.

Loading plans every report of a calendar; here only as many rows are wanted as are measured, so the documents are
stored and the rows written directly.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from config import loader
from config.documents import Document
from models.base import Base, Instant, Sessions, table
from models.desk import programmes
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.tasks import Task
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.offices import offices
from models.offices.links import Link
from models.offices.offices import Contact, Office
from rules.delivery import State
from rules.desk import Audience, Channel
from rules.dispatch import NoticeState
from rules.filing import Standing
from rules.ladder import Say
from tests.stories.desk import unkept

CONFIG = Path(loader.__file__).parent
ELECTION = CONFIG / "elections" / "pemilu-2024.yaml"
POLICY = CONFIG / "policies" / "default.yaml"
DESK = CONFIG / "desks" / "contoh-jayapura.yaml"

DISTRICTS = 50
"""Districts of one made-up desk. A regency has about fourteen."""
TEAM = 2
"""Districts of one team, as a real desk has them."""

DUTY, LADDER, RUNG = "harian", "daily", 1
"""What is owed: a daily report, whose rung at the due time tells the office that files."""


def policy(**delivery: str) -> Document:
    """The policy that comes with the project, without hours and days on which nothing is sent: a bench runs on any.

    Nobody is asked for contacts either: what is counted is the chase.

    Args:
        delivery: lengths that are other ones here, such as lease="PT4S", retry_after="[PT1S, PT2S]".
    """
    plain, found = re.subn(r"quiet_hours:\n(  - .*\n)+", "quiet_hours: []\n", POLICY.read_text())
    assert found == 1
    for key in ("closed_days", "roll_call"):
        plain, found = re.subn(rf"(?m)^{key}: .*\n", "", plain)
        assert found == 1
    for name, length in delivery.items():
        plain, found = re.subn(rf"(?m)^  {name}: [^#\n]+", f"  {name}: {length}  ", plain)
        assert found == 1
    return loader.parse(plain, "policy")


def desk(number: int, districts: int) -> Document:
    """A made-up desk where every district has an office of its own, told by e-mail only."""
    plain = yaml.safe_load(DESK.read_text())
    code = f"{11 + number // 80}.{1 + number % 80:02}"
    areas = [f"{code}.{n:02}" for n in range(1, districts + 1)]
    filing = {area: f"camat-{n}" for n, area in enumerate(areas, 1)}
    made = [
        {"code": office, "title": f"Camat Contoh {n}", "email": f"camat{n}@desk{number}.example"}
        for n, office in enumerate(filing.values(), 1)
    ]
    plain |= {
        "desk": f"contoh-{number}",
        "regency_code": code,
        "districts": [{"code": area, "name": f"Contoh {n}"} for n, area in enumerate(areas, 1)],
        "teams": [_team(n, areas[n : n + TEAM], filing) for n in range(0, len(areas), TEAM)],
        "coordination": {"asisten-pemerintahan": areas},
        "offices": [*made, *(o for o in plain["offices"] if not o["code"].startswith(("kadis", "kepala-bpbd")))],
    }
    del plain["neighbours"]
    return loader.parse(json.dumps(plain), f"desk {number}")


def _team(number: int, areas: Sequence[str], filing: Mapping[str, str]) -> dict[str, object]:
    own = {area: filing[area] for area in areas}
    return {"code": f"T{number}", "name": f"Tim DESK {number}", "members": list(own.values()), "reporters": own}


@dataclass(frozen=True)
class Place:
    """A district in which something may be owed, and how its office is reached."""

    programme_id: int
    area: str
    office_id: int
    contact_id: int


def settle(
    sessions: Sessions, count: int, *, now: datetime, districts: int = DISTRICTS, **delivery: str
) -> list[Place]:
    """Store desks with `count` districts in all; the places in order. `delivery` as in `policy`."""
    election, rules = loader.read(ELECTION), policy(**delivery)
    places: list[Place] = []
    number = 0
    while len(places) < count:
        made = desk(number, min(districts, count - len(places)))
        with sessions.begin() as session:
            places += _store(session, election, made, rules, now)
        number += 1
    return places


def _store(session: Session, election: Document, desk: Document, policy: Document, now: datetime) -> list[Place]:
    programme = loader.programme(election, desk, policy)
    own = programme.desk
    ids = [
        programmes.keep(session, d.kind, d.code, d.name, d.digest, d.text, now=now) for d in (election, desk, policy)
    ]
    stored = programmes.Programme(
        code=programme.code,
        election_id=ids[0],
        desk_id=ids[1],
        policy_id=ids[2],
        digest=programme.digest,
        loaded_at=now,
    )
    session.add(stored)
    session.flush()
    offices.put(session, own.code, own.offices, now=now)
    reached = {
        code: (office, contact)
        for code, office, contact in session.execute(
            select(Office.code, Office.id, Contact.id)
            .join(Contact, (Contact.office_id == Office.id) & (Contact.channel == Channel.EMAIL))
            .where(Office.desk == own.code)
        )
    }
    return [Place(stored.id, d.code, *reached[own.team_of(d.code).reporters[d.code]]) for d in own.districts]


def owe(session: Session, places: Sequence[Place], count: int, *, prefix: str, since: datetime) -> range:
    """Owe `count` reports, due at `since` and to be looked at then, one place after the other; their ids."""
    first = (session.scalar(select(func.max(Matter.id))) or 0) + 1
    ids = range(first, first + count)
    rows = [(id, places[n % len(places)]) for n, id in enumerate(ids)]
    session.execute(
        insert(table(Matter)),
        [
            {
                "id": id,
                "programme_id": place.programme_id,
                "kind": Kind.OBLIGATION,
                "key": f"{prefix}/{id}",
                "code": f"{prefix}{id}"[:12],
                "area": place.area,
                "ladder": LADDER,
                "since": since,
                "next_at": since,
                "reached": RUNG - 1,
                "closes_after": None,
            }
            for id, place in rows
        ],
    )
    session.execute(
        insert(table(Obligation)),
        [
            {
                "id": id,
                "opens_at": since,
                "due_at": since,
            }
            | _owed(prefix, since.date())
            for id, _ in rows
        ],
    )
    _renumber(session, Matter)
    return ids


def tell(session: Session, places: Sequence[Place], owed: Sequence[int], *, now: datetime) -> list[int]:
    """One pending e-mail for each matter owed, as `dispatch` would have made it; the ids of the messages."""
    where = [places[n % len(places)] for n in range(len(owed))]
    messages = list(
        session.scalars(
            insert(Message).returning(Message.id, sort_by_parameter_order=True),
            [
                {
                    "programme_id": place.programme_id,
                    "office_id": place.office_id,
                    "contact_id": place.contact_id,
                    "channel": Channel.EMAIL,
                    "say": Say.DUE,
                    "state": State.PENDING,
                    "created_at": now,
                    "due_at": now,
                }
                for place in where
            ],
        )
    )
    session.execute(
        insert(table(Notice)),
        [
            {
                "matter_id": matter,
                "round": 0,
                "rung": RUNG,
                "office_id": place.office_id,
                "channel": Channel.EMAIL,
                "audience": Audience.REPORTER,
                "say": Say.DUE,
                "ladder": LADDER,
                "urgent": False,
                "planned_at": now,
                "release_at": now,
                "state": NoticeState.DISPATCHED,
                "message_id": message,
                "policy": "",
            }
            for matter, message, place in zip(owed, messages, where, strict=True)
        ],
    )
    return messages


def fill(session: Session, places: Sequence[Place], count: int, *, after: datetime) -> None:
    """`count` more open reports that want nothing before `after`, one a second from then on."""
    first = (session.scalar(select(func.max(Matter.id))) or 0) + 1
    n, later = _seconds(session.get_bind().dialect.name, count, after)
    place, day = places[0], after.date()
    matter = {
        "id": first + n,
        "programme_id": place.programme_id,
        "kind": Kind.OBLIGATION,
        "key": "later/" + cast(first + n, String),
        "code": "L" + cast(first + n, String),
        "area": place.area,
        "ladder": LADDER,
        "since": later,
        "next_at": later,
    }
    obligation = {"id": first + n, "opens_at": later, "due_at": later} | _owed("later", day)
    for model, values in ((Matter, matter), (Obligation, obligation)):
        into = table(model)
        typed = [v if isinstance(v, ColumnElement) else literal(v, into.c[name].type) for name, v in values.items()]
        session.execute(insert(into).from_select(list(values), select(*typed)))
    _renumber(session, Matter)


def remember(session: Session, places: Sequence[Place], count: int, *, before: datetime) -> None:
    """`count` of the open reports were told of long `before`: PostgreSQL reads an empty table in another way."""
    at = before - timedelta(days=30)
    owed = session.scalars(select(Matter.id).order_by(Matter.id).limit(count)).all()
    told = tell(session, places, owed, now=at)
    words = {"subject": "Laporan harian: belum kami terima", "text": "Laporan harian belum kami terima. " * 30}
    session.execute(
        update(Message)
        .where(Message.id.between(told[0], told[-1]))
        .values(state=State.SENT, due_at=None, tries=1, settled_at=at, **words)
    )


def _owed(slot: str, day: date) -> dict[str, object]:
    return {
        "duty": DUTY,
        "stage": "P24-09A",
        "slot": slot,
        "period_start": day,
        "period_end": day,
        "zone": "Asia/Jayapura",
        "rule": "load",
        "standing": Standing.OWED,
    }


def _seconds(dialect: str, count: int, after: datetime) -> tuple[ColumnElement[int], ColumnElement[datetime]]:
    """Numbers from 0, and as many instants; SQLite keeps those as text, and only its own function makes them there."""
    if dialect == "postgresql":
        n = func.generate_series(0, count - 1).table_valued("n").render_derived().c.n
        return n, literal(after, Instant()) + n * literal_column("interval '1 second'")
    series = text(
        f"with recursive s(n) as (select 0 union all select n + 1 from s where n + 1 < {count}) select n from s"
    )
    n = series.columns(column("n", Integer)).subquery().c.n
    later = func.strftime("%Y-%m-%d %H:%M:%f000", literal(after, Instant()), "+" + cast(n, String) + " seconds")
    return n, later


def forget(session: Session, owed: Sequence[int], *, since: datetime) -> None:
    """As if nobody had been told: the same matters are owed anew, due at `since`."""
    for model in (Link, Attempt, Task):
        session.execute(delete(model))
    lately = since - timedelta(days=1)
    with unkept(session, Notice.__tablename__):
        session.execute(delete(Notice).where(Notice.planned_at > lately))
    session.execute(delete(Message).where(Message.created_at > lately))
    session.execute(
        update(Matter)
        .where(Matter.id.between(owed[0], owed[-1]))
        .values(since=since, next_at=since, reached=RUNG - 1, round=0, told_at=None, warned_at=None, closed_at=None)
    )


def _renumber(session: Session, model: type[Base]) -> None:
    """Rows came with ids of ours: let the database's own numbers go on after them."""
    if session.get_bind().dialect.name == "postgresql":
        name = model.__tablename__
        session.execute(text(f"select setval(pg_get_serial_sequence('{name}', 'id'), (select max(id) from {name}))"))
