"""A desk that a story is told with: the real jobs on a real database, on a clock that stands still until it is moved.

Times are written as the desk says them: `"15:15"` is on the day the clock shows, `"H-1 15:15"` counts from voting
day, `"2024-02-05 15:15"` is plain. All are local to the desk.
"""

import re
import resource
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from config import loader
from config.documents import Document
from jobs.delivery import deliver
from jobs.operator import holding, load, problems, reports
from jobs.operator.problems import Asked
from jobs.operator.reports import Filed
from jobs.runtime import Runtime
from jobs.turn import audit, tick
from models.base import Sessions
from models.matters import numbers, tasks
from models.matters.issues import Described, Step
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.messages import notices
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.offices import sessions as doors
from models.offices.offices import CURRENT, Contact, Office
from notifiers import trial
from notifiers.base import Letter
from rules.assignments import Assignment, Kind
from rules.delivery import ChannelDown, Refused, Unknown
from rules.desk import Audience, Channel
from rules.filing import Content, Incoming, Standing, Via
from rules.forms import Form
from rules.government import ReportKind
from rules.issues import Category, Circumstances
from rules.ladder import Say
from rules.policy import Severity
from rules.programme import Programme
from services import handovers
from tests.stories.kept import Put, empty, kept

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ELECTION = HERE / "files/pemilihan.yaml"
DESK = HERE / "files/tiga-kecamatan.yaml"
POLICY = ROOT / "config/policies/default.yaml"
VOTING_DAY = datetime(2024, 2, 14)
TURN = timedelta(seconds=30)
"""How far the clock goes on when what is due cannot be done now, as when a bell is still to be answered."""
TURN_ON_HOLD = timedelta(minutes=2)


@dataclass(frozen=True)
class Sent:
    """A letter that reached somebody, at `at` (local to the desk)."""

    at: datetime
    letter: Letter

    @property
    def clock(self) -> str:
        return f"{self.at:%H:%M}"

    @property
    def text(self) -> str:
        return f"{self.letter.subject}\n{self.letter.text}"


@dataclass(frozen=True)
class Inbox:
    """What reached one office by one channel, the first first."""

    letters: tuple[Sent, ...]

    def __len__(self) -> int:
        return len(self.letters)

    @property
    def last(self) -> str:
        assert self.letters, "nothing came"
        return self.letters[-1].text

    @property
    def clocks(self) -> list[str]:
        """When each came, as 15:00."""
        return [sent.clock for sent in self.letters]

    @property
    def texts(self) -> list[str]:
        return [sent.text for sent in self.letters]


@dataclass
class Trouble:
    """From `start` up to `end` every letter (to `address`, by `channel`) ends in `error`, at most `times`."""

    channel: Channel
    error: BaseException
    start: datetime
    end: datetime
    address: str | None
    times: float


@dataclass
class Wire:
    """Stands where providers stand: takes letters, and keeps what it accepted, whatever it answered."""

    desk: "Desk"
    repeatable: bool = False
    accepted: list[Sent] = field(default_factory=list)
    tries: list[Letter] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    """During a trial: what is for these goes into a folder."""

    then: Callable[[], object] | None = None
    """What happens once, while the next letter is being sent."""

    def send(self, letter: Letter) -> str:
        self.tries.append(letter)
        if self.then:
            happens, self.then = self.then, None
            happens()
        for trouble in self.troubles:
            concerned = trouble.channel is letter.channel and trouble.address in (None, letter.to)
            if concerned and trouble.times > 0 and trouble.start <= self.desk.clock.at < trouble.end:
                trouble.times -= 1
                if isinstance(trouble.error, Unknown):
                    self._take(letter)
                raise trouble.error
        self._take(letter)
        return (trial.MARK if letter.to in self.strangers else "wire:") + str(letter.message_id)

    def close(self) -> None:
        pass

    def _take(self, letter: Letter) -> None:
        self.accepted.append(Sent(self.desk.clock.at.astimezone(self.desk.zone), letter))


@dataclass
class AtOnce:
    """A bell that is answered in the same breath, unless whoever should hear it is `deaf`."""

    rt: Runtime | None = None
    deaf: bool = False

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None:
        assert self.rt is not None
        if not self.deaf:
            deliver.run(self.rt, channel, message_ids)


@dataclass
class Clock:
    """Shows what it is told; on the way to a later time everything happens when it is due."""

    desk: "Desk"
    at: datetime

    def __call__(self, _: object) -> datetime:
        return self.at

    @property
    def local(self) -> datetime:
        return self.at.astimezone(self.desk.zone)

    def reads(self, time: str) -> None:
        """Live on until then, and find every promise kept there."""
        end = self.desk.moment(time)
        assert end >= self.at, f"{time} is past: the clock reads {self.local}"
        while True:
            self.desk.turn()
            due = self.desk.rt.lookout.look().first
            if self.at >= end or due is None:
                break
            pause = TURN_ON_HOLD if self.desk.on_hold else TURN
            self.at = min(end, due if due > self.at else self.at + pause)
        self.at = end
        self.desk.turn()
        self.desk.every_promise_is_kept()

    def jumps(self, time: str) -> None:
        """Show another time, earlier or later, with nothing done on the way."""
        self.at = self.desk.moment(time)


@dataclass(frozen=True)
class Lived:
    """What came of a life: the books, the time then, what was sent, and what the process knew."""

    books: Put
    at: datetime
    accepted: tuple[Sent, ...]
    tries: tuple[Letter, ...]
    known: Mapping[str, object]


_LIVED: dict[object, Lived] = {}


class Desk:
    """A loaded programme and the people around it. Offices are called by their title, districts by their name."""

    def __init__(
        self,
        sessions: Sessions,
        files: Sequence[Path] = (ELECTION, DESK, POLICY),
        *,
        starts: str = "2024-01-29 08:00",
        zone: str = "Asia/Makassar",
        opens: bool = False,
        calls: bool = False,
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.clock = Clock(self, self.moment(starts))
        self.wire = Wire(self)
        self.on_hold = False
        self.bell = AtOnce()
        self.rt = self._runtime(sessions, self.bell)
        self.bell.rt = self.rt
        self.documents = [_without(path, opens=not opens, calls=not calls) for path in files]
        self._texts = [(d.name, d.text, *d.pictures.items()) for d in self.documents]
        self._lives: tuple[object, ...] = ()
        self._touched = not empty(sessions.kw["bind"])
        event.listen(sessions, "after_begin", self._touches)
        self.lives(Desk.load)
        self.programme: Programme = next(iter(self.rt.programmes.values()))

    def _runtime(self, sessions: Sessions, bell: AtOnce) -> Runtime:
        return Runtime(
            sessions=sessions,
            clock=self.clock,
            notifiers=dict.fromkeys(Channel, self.wire),
            bell=bell,
            documents=Path("/dev/null/never-written"),
            forms=_forms,
            kinds=_kinds,
        )

    def another_process(self, sessions: Sessions) -> Runtime:
        """A second runtime on the same database, which delivers what it rings for."""
        bell = AtOnce()
        bell.rt = self._runtime(sessions, bell)
        return bell.rt

    def again_on(self, sessions: Sessions) -> "Desk":
        """The same desk on other books that hold it already; the clock reads the same."""
        again = Desk.__new__(Desk)
        again.__dict__ |= self.__dict__
        again.clock = Clock(again, self.clock.at)
        again.wire = Wire(again)
        again.bell = AtOnce()
        again.rt = again._runtime(sessions, again.bell)
        again.bell.rt = again.rt
        with again.rt.sessions.begin() as session:
            again.rt.refresh(session)
        return again

    def lives(self, life: "Callable[..., object]", *words: str) -> None:
        """Live a life, told with some words. A test process lives one that begins alike once on each kind of database;
        whoever comes later takes up what came of it, as another process would that goes on with the same books. After
        anything else was done with the books it is lived as ever.
        """
        if self._touched:
            life(self, *words)
            return
        engine = self.rt.sessions.kw["bind"]
        self._lives += (life, words)
        begins = *self._lives, engine.dialect.name, *self._texts, self.rt.public_url, self.clock.at
        if begins in _LIVED:
            self._takes_up(_LIVED[begins])
        else:
            life(self, *words)
            known = {name: getattr(self.rt, name) for name in ("called", "rostered", "gated")}
            sent = tuple(self.wire.accepted), tuple(self.wire.tries)
            _LIVED[begins] = Lived(kept(engine), self.clock.at, *sent, known)
        self._touched = False

    def lives_until(self, time: str) -> None:
        """The same with nobody doing anything."""
        self.lives(_reads, time)

    def _takes_up(self, lived: Lived) -> None:
        lived.books(self.rt.sessions.kw["bind"])
        self.clock.at = lived.at
        self.wire.accepted, self.wire.tries = list(lived.accepted), list(lived.tries)
        vars(self.rt).update(lived.known)
        with self.rt.sessions.begin() as session:
            self.rt.refresh(session)

    def _touches(self, *_: object) -> None:
        self._touched = True

    def load(self, documents: Sequence[Document] | None = None) -> list[load.Loaded]:
        return load.load(self.rt, documents or self.documents)

    def loads_jayapura(self) -> None:
        """A second desk beside the first: the same calendar and policy, an hour ahead."""
        self.load([self.documents[0], _read(ROOT / "config/desks/contoh-jayapura.yaml"), self.documents[2]])

    def turn(self) -> None:
        tick.run(self.rt, documents=False)

    # -- words for times, offices, reports -----------------------------------------------------------------------------

    def moment(self, words: str) -> datetime:
        day, _, clock = words.rpartition(" ")
        hour, minute = map(int, clock.split(":"))
        if match := re.fullmatch(r"H([+-]\d+)?", day):
            on = VOTING_DAY + timedelta(days=int(match[1] or 0))
        else:
            on = datetime.fromisoformat(day) if day else self.clock.local
        return datetime(on.year, on.month, on.day, hour, minute, tzinfo=self.zone)

    def office(self, name: str) -> str:
        """The code of an office named by its title."""
        return next(o.code for p in self._programmes for o in p.desk.offices if name in (o.title, o.sms_name))

    def code(self, key: str) -> str:
        """The short number that messages call a report by."""
        return self.matter(key).code

    def key(self, duty: str, district: str, slot: str) -> str:
        for programme in self._programmes:
            for d in programme.desk.districts:
                if d.name == district:
                    return f"{programme.code}/{duty}/{d.code}/{slot}"
        raise KeyError(district)

    @property
    def _programmes(self) -> Sequence[Programme]:
        return list(self.rt.programmes.values())

    # -- what a story begins with --------------------------------------------------------------------------------------

    def owes_only(self, *keys: str) -> None:
        """Nothing else is owed: a story is about a few reports."""
        with self.rt.sessions.begin() as session:
            others = select(Matter.id).where(Matter.key.not_in(keys)).scalar_subquery()
            session.execute(
                update(Obligation)
                .where(Obligation.id.in_(others))
                .values(standing=Standing.CANCELLED, look_at=None, compile_at=None),
            )
            session.execute(
                update(Matter)
                .where(Matter.id.in_(others))
                .values(closed_at=self.clock.at, closed_why="cancelled", next_at=None)
            )
            assert len(keys) == len(session.scalars(select(Matter.id).where(Matter.key.in_(keys))).all())

    def loses(self, office: str, *channels: Channel) -> None:
        """These ways to reach an office are withdrawn; none named: all."""
        self._contacts(office, channels or tuple(Channel), state=Contact.State.DEAD)

    def regains(self, office: str, *channels: Channel) -> None:
        """Somebody looked after these contacts: they are used again."""
        self._contacts(office, channels or tuple(Channel), state=Contact.State.ACTIVE)

    def moves_to(self, office: str, channel: Channel, address: str) -> None:
        self._contacts(office, (channel,), address=address)

    def is_reached_by(self, office: str, channel: Channel) -> None:
        """Its number takes what is sent by this channel, instead of texts."""
        self._contacts(office, (Channel.SMS,), channel=channel)

    def _contacts(self, office: str, channels: Sequence[Channel], **values: object) -> None:
        with self.rt.sessions.begin() as session:
            ids = select(Office.id).where(Office.code == self.office(office)).scalar_subquery()
            own = Contact.office_id.in_(ids), Contact.channel.in_(channels), CURRENT
            session.execute(update(Contact).where(*own).values(**values))

    def asks_to_sign_in(self, office: str, channel: Channel) -> None:
        """Somebody asks on the pages for a link, to be sent to this office."""
        with self.rt.sessions.begin() as session:
            ids = select(Office.id).where(Office.code == self.office(office)).scalar_subquery()
            contact = session.scalars(select(Contact).where(Contact.office_id == ids, Contact.channel == channel)).one()
            assert doors.ask(session, 1, contact, now=self.clock.at)

    def fails(
        self,
        channel: Channel,
        error: BaseException,
        *,
        start: str | None = None,
        end: str | None = None,
        to: str | None = None,
        times: float = float("inf"),
    ) -> None:
        """Letters by a channel end badly; from now on and for ever, to everybody, where nothing else is said."""
        self.wire.troubles.append(
            Trouble(
                channel,
                error,
                self.moment(start) if start else self.clock.at,
                self.moment(end) if end else self.clock.at + timedelta(days=999),
                self.address(to, channel) if to else None,
                times,
            )
        )

    def fails_down(self, channel: Channel, start: str, end: str, *, to: str | None = None) -> None:
        """A channel is down in between: nobody's fault whom the letter is for."""
        self.fails(channel, ChannelDown("out of order"), start=start, end=end, to=to)

    def refuses(self, channel: Channel, *offices: str) -> None:
        """These offices' addresses take nothing by a channel."""
        for office in offices:
            self.fails(channel, Refused("no such number"), to=office)

    def renames(self, office: str, title: str) -> None:
        with self.rt.sessions.begin() as session:
            session.execute(update(Office).where(Office.code == self.office(office)).values(title=title))

    def passes_to(
        self,
        office: str,
        name: str,
        kind: Kind = Kind.DEFINITIVE,
        *,
        since: str,
        until: str | None = None,
        phone: str,
    ) -> bool:
        """Another holds an office, reached by this number alone."""
        new = Assignment(name, kind, self.moment(since), self.moment(until) if until else None)
        with self.rt.sessions.begin() as session:
            id = session.scalars(select(Office.id).where(Office.code == self.office(office))).one()
            return handovers.hand_over(session, id, new, {Channel.SMS: phone}, now=self.clock.at)

    def texts_to(self, number: str) -> list[str]:
        """When texts reached a number, as 15:00."""
        return [sent.clock for sent in self.wire.accepted if sent.letter.to == number]

    # -- what people do ------------------------------------------------------------------------------------------------

    def files(
        self,
        key: str,
        note: str | Mapping[str, Any] = "Situasi aman.",
        *,
        by: str = "Camat Tamban",
        via: Via | str = Via.LINK,
        content: Content = Content.FILLED,
        at: str | None = None,
        reason: str = "",
    ) -> Filed:
        told = {"note": note} if isinstance(note, str) else note
        body: Mapping[str, Any] = {} if content is Content.NIL else told
        stated = self.moment(at) if at else None
        by = self.office(by)
        return reports.file(self.rt, key, Incoming(content, body, Via(via), by, at=stated, reason=reason))

    def waives(self, key: str, reason: str, *, by: str = "Sekretariat Desk") -> None:
        reports.waive(self.rt, key, reason=reason, by=self.office(by))

    def extends(self, key: str, until: str, reason: str = "Banjir.", *, by: str = "Asisten Pemerintahan") -> bool:
        return reports.extend(self.rt, key, until=self.moment(until), reason=reason, by=self.office(by))

    def revokes(
        self, key: str, until: str | None = None, reason: str = "Keliru.", *, by: str = "Asisten Pemerintahan"
    ) -> None:
        reports.revoke(self.rt, key, until=self.moment(until) if until else None, reason=reason, by=self.office(by))

    def returns(
        self, key: str, until: str, asked: str = "Mohon dilengkapi.", *, by: str = "Asisten Pemerintahan"
    ) -> None:
        reports.give_back(self.rt, key, asked=asked, until=self.moment(until), by=self.office(by))

    def accepts(self, key: str, *, by: str = "Asisten Pemerintahan") -> None:
        reports.accept(self.rt, key, by=self.office(by))

    def takes_on(self, key: str, until: str, *, by: str = "Asisten Pemerintahan") -> None:
        reports.acknowledge(self.rt, key, until=self.moment(until), by=self.office(by))

    def promises(self, key: str, until: str) -> None:
        """The reporter promises the report by then."""
        with self.rt.sessions.begin() as session:
            session.execute(
                update(Matter)
                .where(Matter.key == key, Matter.closed_at.is_(None))
                .values(promised_until=self.moment(until))
            )

    def has_a_problem(
        self,
        title: str = "Logistik terlambat",
        *,
        district: str = "63.04.02",
        severity: Severity = Severity.HIGH,
        by: str = "Camat Tamban",
        about: str = "",
        restricted: bool = False,
        village: str = "",
        station: str = "",
    ) -> str:
        unsaid = Circumstances(restricted=restricted, village=village, station=station)
        described = Described(district, Category.LOGISTICS, severity, title, circumstances=unsaid)
        about = self.office(about) if about else ""
        return problems.open_(self.rt, self.programme.code, described, by=self.office(by), about=about)

    def acknowledges(self, code: str, until: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.acknowledge(self.rt, self._asks(code, by), until=self.moment(until))

    def postpones(self, code: str, until: str, reason: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.postpone(self.rt, self._asks(code, by), until=self.moment(until), text=reason)

    def sets_due(self, code: str, until: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.set_due(self.rt, self._asks(code, by), until=self.moment(until), text="")

    def grades(self, code: str, severity: Severity, reason: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.grade(self.rt, self._asks(code, by), severity, text=reason)

    def advises(self, code: str, text: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.advise(self.rt, self._asks(code, by), Step.RECOMMENDED, text=text)

    def follows_up(self, code: str, text: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.advise(self.rt, self._asks(code, by), Step.FOLLOWED_UP, text=text)

    def hands_on(self, code: str, to: str, text: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.hand_on(self.rt, self._asks(code, by), to=self.office(to), text=text)

    def merges(self, code: str, into: str, reason: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.merge(self.rt, self._asks(code, by), into=into, text=reason)

    def resolves(self, code: str, outcome: str, *, by: str = "Asisten Pemerintahan") -> None:
        problems.resolve(self.rt, self._asks(code, by), outcome=outcome)

    def confirms(self, code: str, *, by: str = "Camat Tamban") -> None:
        problems.confirm(self.rt, self._asks(code, by))

    def reopens(self, code: str, reason: str, *, by: str = "Camat Tamban") -> None:
        problems.reopen(self.rt, self._asks(code, by), text=reason)

    def _asks(self, code: str, by: str) -> Asked:
        return Asked(code, self.office(by))

    def holds(self, reason: str) -> None:
        holding.on(self.rt.sessions, reason, time=self.rt.clock)
        self.on_hold = True

    def releases(self) -> None:
        holding.off(self.rt)
        self.on_hold = False

    def is_down(self, start: str, end: str) -> None:
        """Nothing runs in between; afterwards the first turn is still to come."""
        self.clock.reads(start)
        self.clock.jumps(end)

    # -- what came of it -----------------------------------------------------------------------------------------------

    def address(self, office: str, channel: Channel) -> str:
        with self.rt.sessions.begin() as session:
            ids = select(Office.id).where(Office.code == self.office(office))
            query = select(Contact.address).where(Contact.office_id.in_(ids), Contact.channel == channel, CURRENT)
            return str(session.scalars(query).one())

    def inbox(self, office: str, channel: Channel, *, since: str | None = None) -> Inbox:
        to = self.address(office, channel)
        start = self.moment(since) if since else datetime.min.replace(tzinfo=self.zone)
        return Inbox(tuple(s for s in self.wire.accepted if s.letter.to == to and s.at >= start))

    def phone(self, office: str, *, since: str | None = None) -> Inbox:
        return self.inbox(office, Channel.SMS, since=since)

    def mailbox(self, office: str, *, since: str | None = None) -> Inbox:
        return self.inbox(office, Channel.EMAIL, since=since)

    def heard(self, office: str) -> list[str]:
        """When an office heard anything at all, by any way."""
        to = {self.address(office, channel) for channel in (Channel.SMS, Channel.EMAIL)}
        return [f"{s.letter.channel} {s.clock}" for s in self.wire.accepted if s.letter.to in to]

    def matter(self, key: str) -> Matter:
        with self.rt.sessions.begin() as session:
            found = numbers.matter(session, key)
            assert found is not None
            return found

    def obligation(self, key: str) -> Obligation:
        with self.rt.sessions.begin() as session:
            return session.scalars(select(Obligation).where(Obligation.id == self._id(session, key))).one()

    def notices(self, key: str, office: str | None = None) -> list[Notice]:
        with self.rt.sessions.begin() as session:
            found = notices.of(session, self._id(session, key))
            offices = {o.id: o.code for o in session.scalars(select(Office))}
        return [n for n in found if office is None or offices[n.office_id] == self.office(office)]

    def told_below(self) -> set[tuple[str, str, Say]]:
        """Whom anything was decided to be told below the coordinators, of which area, and what."""
        query = (
            select(Office.code, Matter.area, Notice.say)
            .join_from(Notice, Matter, Matter.id == Notice.matter_id)
            .join(Office, Office.id == Notice.office_id)
            .where(Notice.audience.in_([Audience.REPORTER, Audience.TEAM]))
        )
        with self.rt.sessions.begin() as session:
            return {(code, area, say) for code, area, say in session.execute(query)}

    def reports(self, key: str) -> list[Report]:
        with self.rt.sessions.begin() as session:
            query = select(Report).where(Report.obligation_id == self._id(session, key)).order_by(Report.version)
            return list(session.scalars(query))

    def messages(self) -> list[Message]:
        with self.rt.sessions.begin() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))

    def attempts(self) -> list[Attempt]:
        with self.rt.sessions.begin() as session:
            return list(session.scalars(select(Attempt).order_by(Attempt.id)))

    def tasks(self) -> list[tasks.Task]:
        with self.rt.sessions.begin() as session:
            return tasks.undone(session)

    def outcome(self, key: str) -> audit.Outcome:
        return audit.outcomes(self.rt, now=self.clock.at)[key]

    def every_promise_is_kept(self) -> None:
        assert audit.run(self.rt, now=self.clock.at).broken == []

    @staticmethod
    def _id(session: Any, key: str) -> int:
        found = numbers.matter(session, key)
        assert found is not None
        return found.id


def _reads(desk: Desk, time: str) -> None:
    desk.clock.reads(time)


def own_policy(folder: Path, **lines: str) -> Path:
    """The default policy with some of its one-line keys written otherwise."""
    text = POLICY.read_text(encoding="utf-8")
    for key, value in lines.items():
        text, found = re.subn(rf"^{key}: .*$", f"{key}: {value}", text, flags=re.MULTILINE)
        assert found == 1, key
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return folder / "own.yaml"


_read = cache(loader.read)


@cache
def _without(path: Path, *, opens: bool, calls: bool) -> Document:
    """A file as it is, but the system opens nothing by itself, and asks nobody about contacts: most stories are about
    what people report.
    """
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^opens:\n(?:  .*\n)+", "", text, flags=re.MULTILINE) if opens else text
    return loader.parse(uncalled(text) if calls else text, str(path))


@contextmanager
def unkept(session: Session, table: str) -> Iterator[None]:
    """As for somebody who has the database to himself: it lets rows of a table be changed that it keeps."""
    if session.get_bind().dialect.name == "sqlite":  # the file is the test's own
        for act in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        yield
        return
    session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_kept"))
    yield
    session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_kept"))


def uncalled(policy: str) -> str:
    """A policy that asks nobody about contacts."""
    return re.sub(r"^roll_call: .*\n", "", policy, flags=re.MULTILINE)


@cache
def _forms() -> Mapping[str, Form]:
    return loader.forms(ROOT / "config/forms")


@cache
def _kinds() -> Mapping[str, ReportKind]:
    return loader.reports(ROOT / "config/reports")


@contextmanager
def no_room(desk: Desk) -> Iterator[None]:
    """No file grows beyond 300 KB. Only where the live books are not a file, too."""
    if desk.rt.sessions.kw["bind"].dialect.name == "sqlite":
        pytest.skip("the limit would hold for the live books, too")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300 << 10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handled)
