"""What offices gave others to do: advice (saran), directions (arahan), invitations to meetings.

One advice may go to several offices. Each has a matter of its own, so each confirms and is chased by itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Executable, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.base import Base, Instant, Word
from models.machine import clock
from models.matters import numbers
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from models.offices.offices import Office
from rules import advice
from rules.advice import Answer, Passed, Sort, Stage


class Advice(Base):
    """What was given. `text`: of a meeting, its agenda; `area`: the district it is about, empty: none.

    `place`, `starts_at` and `ends_at`: of a meeting; `sequence` rises each time it is moved (RFC 5545, 3.8.7.4).
    `meeting_id`: the meeting at which a direction was decided.
    """

    __tablename__ = "advice"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]
    sort: Mapped[Sort] = mapped_column(Word(Sort, 10))
    giver_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    area: Mapped[str] = mapped_column(String(20), default="")
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(default=0)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("advice.id"), index=True)


class Charge(Base):
    """An advice as one office has it; who has it is in its matter, which has the same id.

    `due_at`: by when it is to be done, or when a meeting begins; the chase of what is done counts from another time.
    `deputy`: the office that comes in its place. `asked`: what is still missing, where it was sent back. `outcome`:
    what was done, or why it was withdrawn. `attended`: of a meeting that was held; None: not recorded.
    """

    __tablename__ = "charge"

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    advice_id: Mapped[int] = mapped_column(ForeignKey("advice.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[Answer] = mapped_column(Word(Answer, 10), default=Answer.NONE)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    deputy: Mapped[str] = mapped_column(String(120), default="")
    asked: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(Text, default="")
    attended: Mapped[bool | None]


class Wording(NamedTuple):
    """What is given, before it has a number."""

    sort: Sort
    text: str
    due_at: datetime
    area: str = ""
    issue_id: int | None = None
    place: str = ""
    ends_at: datetime | None = None
    meeting_id: int | None = None


class Given(NamedTuple):
    """An advice as one office has it, with who gave it, who has it, and the number of the problem it is about."""

    matter: Matter
    charge: Charge
    advice: Advice
    giver: Office
    owner: Office
    about: str | None
    restricted: bool

    @property
    def stage(self) -> Stage:
        closed_why = self.matter.closed_why if self.matter.closed_at is not None else None
        return advice.stage(self.charge.answer, done=self.charge.done_at is not None, closed_why=closed_why)


AGAIN = timedelta(minutes=10)
"""The same words to the same offices within this time are one advice: a button was pressed twice."""


def add(
    session: Session,
    programme_id: int,
    programme: str,
    wording: Wording,
    *,
    giver_id: int,
    to: Sequence[int],
    ladder: str,
    subject_id: int | None,
    at: datetime,
) -> list[Matter]:
    """Keep what is given, with a matter for each office; the same again within ten minutes gives the first.

    Whoever is first holds the numbers: two at once wait for each other. One office gets A-0012, several A-0012-1 ...
    """
    clock.alone(session, numbers.NUMBERS)
    same = _same(session, programme_id, wording, giver_id, to, at)
    if same:
        return same
    given = _kept(session, programme_id, wording, giver_id, at)
    codes = [f"A-{given.number:04d}"] if len(to) == 1 else [f"A-{given.number:04d}-{n}" for n in range(1, len(to) + 1)]
    own = [
        Matter(
            programme_id=programme_id,
            kind=Kind.ADVICE,
            key=f"{programme}/advice/{code}",
            code=code,
            area=wording.area,
            ladder=ladder,
            since=wording.due_at,
            next_at=at,
            closes_after=wording.ends_at,
            owner_id=office_id,
            giver_id=giver_id,
            subject_id=subject_id,
        )
        for code, office_id in zip(codes, to, strict=True)
    ]
    session.add_all(own)
    session.flush()
    session.add_all(Charge(id=matter.id, advice_id=given.id, due_at=wording.due_at) for matter in own)
    session.flush()
    return own


def _kept(session: Session, programme_id: int, wording: Wording, giver_id: int, at: datetime) -> Advice:
    starts_at = wording.due_at if wording.sort is Sort.MEETING else None
    facts = {name: value for name, value in wording._asdict().items() if name != "due_at"}
    given = Advice(
        programme_id=programme_id,
        number=_next(session, programme_id),
        giver_id=giver_id,
        given_at=at,
        starts_at=starts_at,
        **facts,
    )
    session.add(given)
    session.flush()
    return given


def _same(
    session: Session, programme_id: int, wording: Wording, giver_id: int, to: Sequence[int], at: datetime
) -> list[Matter]:
    query = select(Advice).where(
        Advice.programme_id == programme_id,
        Advice.giver_id == giver_id,
        Advice.sort == wording.sort,
        Advice.text == wording.text,
        Advice.place == wording.place,
        Advice.given_at > at - AGAIN,
    )
    for given in session.scalars(query):
        held = of(session, given.id)
        own = [one.matter for one in held]
        alike = (given.area, given.issue_id) == (wording.area, wording.issue_id)
        waits = all(one.charge.due_at == wording.due_at and one.matter.closed_at is None for one in held)
        if alike and waits and {m.owner_id for m in own} == {*to}:
            return own
    return []


def _next(session: Session, programme_id: int) -> int:
    own = Advice.programme_id.in_(numbers.of_desk(session, programme_id))
    highest = session.scalar(select(func.max(Advice.number)).where(own))
    return numbers.after(session, programme_id, Kind.ADVICE, highest)


_GIVER, _OWNER, _PROBLEM = aliased(Office), aliased(Office), aliased(Matter)


_GIVEN = (
    select(Matter, Charge, Advice, _GIVER, _OWNER, _PROBLEM.code, func.coalesce(Issue.restricted, False))
    .join(Charge, Charge.id == Matter.id)
    .join(Advice, Advice.id == Charge.advice_id)
    .join(_GIVER, _GIVER.id == Matter.giver_id)
    .join(_OWNER, _OWNER.id == Matter.owner_id)
    .outerjoin(_PROBLEM, _PROBLEM.id == Advice.issue_id)
    .outerjoin(Issue, Issue.id == Advice.issue_id)
)


def _all(session: Session, query: Executable) -> list[Given]:
    rows = session.execute(query.execution_options(populate_existing=True))
    return [Given(*row) for row in rows]


def one(session: Session, matter_id: int) -> Given | None:
    """What a matter was given as; None: it is no advice."""
    return next(iter(_all(session, _GIVEN.where(Matter.id == matter_id))), None)


def by_code(session: Session, programme_id: int, code: str) -> Given | None:
    """What has this number."""
    return next(iter(_all(session, _GIVEN.where(Matter.programme_id == programme_id, Matter.code == code))), None)


def of(session: Session, advice_id: int) -> list[Given]:
    """One advice with every office that it was given to."""
    return _all(session, _GIVEN.where(Advice.id == advice_id).order_by(Matter.id))


def about(session: Session, issue_id: int) -> list[Given]:
    """What was advised about a problem, the first first."""
    return _all(session, _GIVEN.where(Advice.issue_id == issue_id).order_by(Matter.id))


def owned(session: Session, programmes: Collection[int], office_id: int, *, since: datetime) -> list[Given]:
    """What an office was given and is open, or was closed since then; what is due first first."""
    lately = Matter.closed_at.is_(None) | (Matter.closed_at >= since)
    own = Matter.programme_id.in_(programmes), Matter.owner_id == office_id, Matter.kind == Kind.ADVICE
    return _all(session, _GIVEN.where(*own, lately).order_by(Matter.closed_at.is_not(None), Matter.since, Matter.id))


def waiting(session: Session, programmes: Collection[int], office_id: int) -> list[Given]:
    """What an office was given and has not answered, or not done; what is due first first."""
    own = Matter.programme_id.in_(programmes), Matter.owner_id == office_id, Matter.kind == Kind.ADVICE
    still = Matter.closed_at.is_(None), Charge.done_at.is_(None)
    return _all(session, _GIVEN.where(*own, *still).order_by(Matter.since, Matter.id))


def given_by(session: Session, programmes: Collection[int], office_id: int, *, since: datetime) -> list[Given]:
    """What an office gave and is open, or was closed since then; what is due first first."""
    lately = Matter.closed_at.is_(None) | (Matter.closed_at >= since)
    own = Matter.programme_id.in_(programmes), Matter.giver_id == office_id, Matter.kind == Kind.ADVICE
    return _all(session, _GIVEN.where(*own, lately).order_by(Matter.closed_at.is_not(None), Matter.since, Matter.id))


def every(session: Session, programmes: Collection[int]) -> list[Given]:
    """All that was ever given in these elections, the first first."""
    own = Matter.programme_id.in_(programmes), Matter.kind == Kind.ADVICE
    return _all(session, _GIVEN.where(*own).order_by(Matter.programme_id, Matter.id))


def given(session: Session, programme_id: int, *, since: datetime, until: datetime) -> list[Given]:
    """What was given by `until` and was open at some time since `since`, in order of their numbers."""
    lately = Matter.closed_at.is_(None) | (Matter.closed_at >= since)
    own = Matter.programme_id == programme_id, Advice.given_at <= until, lately
    return _all(session, _GIVEN.where(*own).order_by(Matter.id))


def meetings(session: Session, programme_id: int, *, since: datetime, until: datetime) -> list[Given]:
    """The meetings that were to begin in that time, with every office that was invited, in order of their beginning."""
    own = Matter.programme_id == programme_id, Advice.starts_at >= since, Advice.starts_at <= until
    return _all(session, _GIVEN.where(*own).order_by(Advice.starts_at, Matter.id))


def still_open(session: Session) -> list[Given]:
    """Everything that is not closed, the longest given first."""
    return _all(session, _GIVEN.where(Matter.closed_at.is_(None)).order_by(Matter.id))


def locked(session: Session, key: str) -> Given:
    """An advice by its key or number, locked, whatever became of it. Raises: NotTaken."""
    matter = numbers.matter(session, key)
    if matter is None or matter.kind is not Kind.ADVICE:
        raise Passed(numbers.unnamed(session, key, "no such advice: see ./desk advice list"))
    session.execute(select(Matter.id).where(Matter.id == matter.id).with_for_update())
    given = one(session, matter.id)
    assert given is not None
    return given
