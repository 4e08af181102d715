"""Made-up books: reports that were owed, problems and their steps, as the system would have left their rows."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from models.desk.changes import Change, Way
from models.desk.programmes import Document
from models.desk.programmes import Programme as Row
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.offices.offices import Office
from rules.filing import Content, Standing, Via
from rules.government import Covers
from rules.issues import Category
from rules.policy import Severity

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
DISTRICTS = ("63.04.01", "63.04.02", "63.04.13")
TEAM = "VIII"
FIRST_OF_TEAM = "63.04.02"
DAYS = (date(2023, 12, 31), date(2024, 2, 29), date(2024, 2, 14), date(2027, 12, 31), date(2028, 2, 29))
"""The last days of periods: the turn of a year, a leap day, a week's middle."""
MINUTE = timedelta(minutes=1)


def zone_of(district: str, zone: str) -> str:
    """The first district lies one zone away from the rest of the desk."""
    return ZONES[(ZONES.index(zone) + 1) % len(ZONES)] if district == DISTRICTS[0] else zone


class Filed(NamedTuple):
    """A version of a report, minutes from when it fell due."""

    after: int
    content: Content


class Made(NamedTuple):
    """A report that was owed: when it fell due by the end of the period, and what came of it."""

    area: str
    due: int
    programme: int
    versions: tuple[Filed, ...]
    waived: int | None
    revoked: int | None
    extended: int | None
    cancelled: bool


class Trouble(NamedTuple):
    """A problem, by minutes from the end of the period, with its steps minutes one after another."""

    area: str
    opened: int
    programme: int
    category: Category
    severity: Severity
    restricted: bool
    steps: tuple[tuple[int, Step], ...]


FAR = st.integers(-9 * 24 * 60, 3 * 24 * 60)
NEAR = st.sampled_from([-24 * 60, -360, -1, 0, 1, 360, 24 * 60])
WHEN = st.one_of(NEAR, FAR)


@st.composite
def filed(draw: st.DrawFn) -> tuple[Filed, ...]:
    """Versions in order. Only a nil that stands alone is taken back."""
    found: list[Filed] = []
    after = draw(st.integers(-400, 400))
    for content in draw(st.lists(st.sampled_from([Content.FILLED, Content.NIL, Content.PARTIAL]), max_size=3)):
        found.append(Filed(after, content))
        after += draw(st.integers(1, 600))
        alone = len(found) == 1 or found[-2].content is Content.WITHDRAWN
        if content is Content.NIL and alone and draw(st.booleans()):
            found.append(Filed(after, Content.WITHDRAWN))
            after += draw(st.integers(1, 600))
    return tuple(found)


@st.composite
def owed(draw: st.DrawFn) -> Made:
    versions = draw(filed())
    waived = draw(st.none() | st.integers(-400, 900)) if not versions else None
    revoked = waived + draw(st.integers(1, 900)) if waived is not None and draw(st.booleans()) else None
    return Made(
        area=draw(st.sampled_from([*DISTRICTS, TEAM])),
        due=draw(WHEN),
        programme=draw(st.sampled_from([1, 1, 1, 2])),
        versions=versions,
        waived=waived,
        revoked=revoked,
        extended=draw(st.none() | st.integers(1, 300)) if versions else None,
        cancelled=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def troubles(draw: st.DrawFn) -> Trouble:
    """A problem with a life that the pages allow: what is over is opened again before it ends once more."""
    steps: list[tuple[int, Step]] = []
    restricted = first = draw(st.integers(0, 3)) == 0
    over = False
    for _ in range(draw(st.integers(0, 4))):
        turn = Step.UNRESTRICTED if restricted else Step.RESTRICTED
        going = [Step.ACKNOWLEDGED, Step.FOLLOWED_UP, Step.POSTPONED, Step.RESOLVED, Step.MERGED]
        step = draw(st.sampled_from([Step.REOPENED, turn] if over else [*going, turn]))
        steps.append((draw(st.integers(1, 2000)), step))
        over = step in (Step.RESOLVED, Step.MERGED) or (over and step is not Step.REOPENED)
        restricted = not restricted if step is turn else restricted
    return Trouble(
        area=draw(st.sampled_from(DISTRICTS)),
        opened=draw(WHEN),
        programme=draw(st.sampled_from([1, 1, 1, 2])),
        category=draw(st.sampled_from([Category.LOGISTICS, Category.SECURITY])),
        severity=draw(st.sampled_from(Severity)),
        restricted=first,
        steps=tuple(steps),
    )


class World(NamedTuple):
    """What is in the books, and which report is compiled, at how many minutes after its last day ends."""

    zone: str
    last: date
    covers: Covers
    cut_off: int
    moved: int
    before: int | None
    owed: tuple[Made, ...]
    troubles: tuple[Trouble, ...]
    about: int


@st.composite
def worlds(draw: st.DrawFn) -> World:
    covers = draw(st.sampled_from(Covers))
    day = covers in (Covers.DAY, Covers.MOMENT)
    return World(
        zone=draw(st.sampled_from(ZONES)),
        last=draw(st.sampled_from(DAYS)),
        covers=covers,
        cut_off=draw(st.sampled_from([-360, -60, 0]) if day else st.sampled_from([-360, 0, 120, 42 * 60])),
        moved=draw(st.sampled_from([0, 7, -3])),
        before=draw(st.none() | st.sampled_from([-360, -60, 0, 60])),
        owed=tuple(draw(st.lists(owed(), max_size=6))),
        troubles=tuple(draw(st.lists(troubles(), max_size=4))),
        about=draw(st.integers(0, 3)),
    )


class Books:
    """The rows of a world, as the system would have left them, by table."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.zone = ZoneInfo(world.zone)
        self.end = self.midnight(world.last + timedelta(days=1))
        self.cut_off = self.end + world.cut_off * MINUTE
        self.rows: dict[type, list[dict[str, object]]] = {}
        self._put(Document, id=1, kind="desk", code="d", name="d", digest="0", text="", loaded_at=self.end)
        own = {"desk": "tiga-kecamatan", "code": "camat-tamban", "title": "Camat Tamban", "sms_name": "Camat"}
        self._put(Office, id=1, zone=world.zone, **own)
        for id in (1, 2):
            documents = {"election_id": 1, "desk_id": 1, "policy_id": 1}
            self._put(Row, id=id, code=f"p{id}", digest="0", loaded_at=self.end, closed_at=None, **documents)
        for trouble in world.troubles:
            self._trouble(trouble)
        for made in world.owed:
            self._owed(made)
        self.own = self._report(world.last, self.cut_off)
        if world.before is not None:
            before = world.last - timedelta(days=1)
            self._report(before, self.midnight(world.last) + world.before * MINUTE)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.zone).astimezone(UTC)

    def local_day(self, at: datetime, district: str) -> date:
        return at.astimezone(ZoneInfo(zone_of(district, self.world.zone))).date()

    def after(self, made: Made | Trouble, minutes: int) -> datetime:
        return self.end + minutes * MINUTE

    def of(self, model: type) -> list[SimpleNamespace]:
        return [SimpleNamespace(**row) for row in self.rows.get(model, [])]

    @property
    def first(self) -> date:
        """The first day of the period."""
        back = {Covers.WEEK: 6, Covers.ELECTION: 60, Covers.PROBLEM: 2}
        return self.world.last - timedelta(days=back.get(self.world.covers, 0))

    @property
    def slot(self) -> str:
        return f"P-{self.world.about:04d}" if self.world.covers is Covers.PROBLEM else "slot"

    def _put(self, model: type, **row: object) -> None:
        self.rows.setdefault(model, []).append(row)

    def _matter(self, kind: Kind, area: str, programme: int, since: datetime, closed_at: datetime | None) -> int:
        id = len(self.rows.get(Matter, [])) + 1
        code = f"{'P' if kind is Kind.ISSUE else 'R'}-{id:04d}"
        self._put(
            Matter, id=id, programme_id=programme, kind=kind, key=f"k/{id}", code=code, area=area, ladder="daily",
            since=since, next_at=None, closed_at=closed_at, owner_id=1, giver_id=1,
        )  # fmt: skip
        return id

    def _report(self, day: date, opens_at: datetime) -> int:
        first = self.first if day == self.world.last else day
        id = self._matter(Kind.OBLIGATION, "63.04", 1, opens_at, None)
        due = opens_at + 120 * MINUTE
        self._obligation(id, "laporan-harian", first, day, opens_at, due, Standing.OWED, slot=self.slot)
        return id

    def _obligation(
        self, id: int, duty: str, first: date, last: date, opens_at: datetime, due: datetime, standing: Standing,
        *, slot: str = "slot", received_at: datetime | None = None, content: Content | None = None,
        extended_until: datetime | None = None,
    ) -> None:  # fmt: skip
        self._put(
            Obligation, id=id, duty=duty, stage="", team=None, slot=slot, period_start=first, period_end=last,
            opens_at=opens_at, due_at=due, zone=self.world.zone, rule="", standing=standing, content=content,
            received_at=received_at, reason="", extended_until=extended_until,
        )  # fmt: skip

    def _owed(self, made: Made) -> None:
        due = self.end + made.due * MINUTE
        kept: list[Filed] = []
        for own in made.versions:
            kept = [] if own.content is Content.WITHDRAWN else [*kept, own]
        waived = made.waived is not None and made.revoked is None
        standing = Standing.RECEIVED if kept else Standing.WAIVED if waived else Standing.OWED
        received_at = due + kept[0].after * MINUTE if kept else None
        closed_at = received_at or (due + made.waived * MINUTE if waived and made.waived is not None else None)
        id = self._matter(Kind.OBLIGATION, made.area, made.programme, due, closed_at)
        day = due.astimezone(self.zone).date()
        self._obligation(
            id, "harian", day, day, due - 360 * MINUTE, due, Standing.CANCELLED if made.cancelled else standing,
            received_at=received_at, content=kept[-1].content if kept else None,
            extended_until=due + made.extended * MINUTE if made.extended is not None else None,
        )  # fmt: skip
        for number, own in enumerate(made.versions, 1):
            at = due + own.after * MINUTE
            self._put(
                Report, id=len(self.rows.get(Report, [])) + 1, obligation_id=id, version=number, content=own.content,
                body={}, digest=str(number), via=Via.LINK, office_id=1, title="Camat", received_at=at, recorded_at=at,
            )  # fmt: skip
        for what, minutes in (("waived", made.waived), ("revoked", made.revoked)):
            if minutes is not None:
                self._change(made.programme, id, what, due + minutes * MINUTE)

    def _change(self, programme: int, matter: int, what: str, at: datetime) -> None:
        self._put(
            Change, id=len(self.rows.get(Change, [])) + 1, programme_id=programme, matter_id=matter, at=at, office_id=1,
            title="Camat", way=Way.SESSION, through=None, what=what, subject="R", until=None, text="Banjir",
        )  # fmt: skip

    def _trouble(self, own: Trouble) -> None:
        at = opened = self.end + own.opened * MINUTE
        restricted, ended = own.restricted, None
        steps = [(at, Step.OPENED)]
        for minutes, step in own.steps:
            at += minutes * MINUTE
            steps.append((at, step))
            restricted = step is Step.RESTRICTED or (restricted and step is not Step.UNRESTRICTED)
            ended = at if step in (Step.RESOLVED, Step.MERGED) else None if step is Step.REOPENED else ended
        id = self._matter(Kind.ISSUE, own.area, own.programme, opened, ended)
        self._put(
            Issue, id=id, category=own.category, severity=own.severity, title="Air", opened_at=opened,
            resolved_at=ended, restricted=restricted,
        )  # fmt: skip
        for when, step in steps:
            rests = step in (Step.ACKNOWLEDGED, Step.POSTPONED)
            self._put(
                IssueEvent, id=len(self.rows.get(IssueEvent, [])) + 1, issue_id=id, step=step, office_id=1, at=when,
                text="P-9999: sama", until=when + 600 * MINUTE if rests else None, severity=own.severity, owner_id=1,
            )  # fmt: skip
