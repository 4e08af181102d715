"""Everybody's deeds, done again on a copy of the books at the times at which they were done."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from jobs.shadow import advice, contacts, government, problems, providers, reports
from jobs.shadow.at import At
from jobs.shadow.providers import AsThen
from models.base import Sessions
from models.desk import deeds, programmes
from models.desk.changes import Change, Way
from models.matters.matters import Kind, Matter
from models.messages.delivery_reports import DeliveryReport
from models.offices.links import Link
from models.offices.offices import Office
from rules.delivery_reports import Heard
from rules.filing import NotTaken
from services import hearing

DEEDS: Mapping[Kind, Mapping[str, Callable[[At], None]]] = {
    Kind.OBLIGATION: {**reports.DEEDS, **government.DEEDS, deeds.LEFT: government.leave},
    Kind.ISSUE: problems.DEEDS,
    Kind.ADVICE: advice.DEEDS,
    Kind.TASK: {contacts.SETTLED: contacts.settle},
}
"""By the kind of matter, what is done again; what is about no matter: `contacts.DEEDS`."""

LATER = timedelta(seconds=1)
"""What a provider says comes after what was sent at that moment."""

WRITTEN = "message that somebody wrote"


class Again:
    """What is done again from the books `now` on the copy that a runtime works with, up to a moment.

    `done`: how many deeds were; `left`: by their names, those of kinds that are not done again; `refused`: those that
    the copy did not take, with what it said.
    """

    def __init__(
        self, rt: Runtime, books: Sessions, then: AsThen, desk: str, *, since: datetime, until: datetime
    ) -> None:
        self.done = 0
        self.left: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.keys: dict[int, str] = {}
        self._rt, self._books, self._then, self._desk, self._since = rt, books, then, desk, since
        with books() as there, rt.sessions() as here:
            self._last = deeds.last(here)
            rows: list[tuple[datetime, object]] = []
            rows += [(own.seen_at or since, own) for own in deeds.signs(there, desk, since=since)]
            rows += [(own.at, own) for own in deeds.changes(there, here, desk, since=since)]
            rows += [(own.at, own) for own in deeds.departures(there, here, desk, since=since)]
            rows += [(own.received_at + LATER, own) for own in deeds.said_of(there, here, desk, since=since)]
            self._stops = deeds.stops(there, since=since)
            if written := deeds.written(there, here, since=since):
                self.left[WRITTEN] = written
        self._rows = deque(sorted((row for row in rows if row[0] <= until), key=lambda row: row[0]))

    @property
    def next_at(self) -> datetime | None:
        """When somebody next did something. What was done while the copy was made is done first."""
        return max(self._rows[0][0], self._since) if self._rows else None

    def renamed(self) -> dict[str, str]:
        """By key on the copy, the key in the books of what has another number there."""
        with self._books() as books, self._rt.sessions() as copy:
            known = deeds.numbered(books, self._desk, last=self._last)
            keys = {id: self.keys.get(id) or deeds.same(books, copy, id, last=self._last) for id, _ in known}
        return {there: key for id, key in known if (there := keys[id]) is not None and there != key}

    def down(self, at: datetime) -> datetime | None:
        """Until when the desk stood still at a moment; None: it did not."""
        return max((end for begun, end in self._stops if begun <= at < end), default=None)

    def act(self, *, until: datetime) -> None:
        """Do again all that was done by then."""
        with self._books() as books:
            while (at := self.next_at) is not None and at <= until:
                self._do(books, self._rows.popleft()[1])

    def _do(self, books: Session, row: object) -> None:
        if isinstance(row, Link):
            self._answered(books, row)
        elif isinstance(row, DeliveryReport):
            self._said(books, row)
        elif isinstance(row, Change):
            self._change(books, row)

    def _change(self, books: Session, change: Change) -> None:
        kind = books.get_one(Matter, change.matter_id).kind if change.matter_id is not None else None
        known = DEEDS.get(kind, {}) if kind else contacts.DEEDS
        do = known.get(change.what)
        if do is None:
            self.left[f"{change.what} ({kind})" if kind else change.what] += 1
            return
        try:
            with self._rt.sessions.begin() as session:
                do(self._at(books, session, change))
                if change.way is Way.LINK:
                    _sign(session, self._programme(session, change), change.office_id, change.at)
            self.done += 1
        except (NotTaken, LookupError) as refused:
            self.refused[f"{change.what} {change.subject}: {refused}"] += 1

    def _at(self, books: Session, session: Session, change: Change) -> At:
        id = self._programme(session, change)
        programme = self._rt.programme(session, id)
        return At(self._rt, books, session, id, programme, change, self.keys, self._last)

    def _programme(self, session: Session, change: Change) -> int:
        """The election that a deed belongs to, or any of the desk's."""
        if change.programme_id is not None:
            return change.programme_id
        return min(id for id, desk in programmes.live_desks(session).items() if desk == self._desk)

    def _answered(self, books: Session, link: Link) -> None:
        """A person answered by a link: that is a sign, whatever he answered."""
        with self._rt.sessions.begin() as session:
            assert link.seen_at is not None
            if session.get(Office, link.office_id) is not None:
                _sign(session, link.programme_id, link.office_id, link.seen_at)

    def _said(self, books: Session, own: DeliveryReport) -> None:
        """What a provider said of a message, said of the one that went in its place."""
        message_id = self._then.pairs.get(own.message_id)
        if message_id is None:
            return
        with self._rt.sessions.begin() as session:
            named = providers.named(message_id) if own.provider_id else ""
            dead = deeds.gave_up(books, own)
            heard = Heard(message_id=message_id, fate=own.fate, provider_id=named, code=own.code, dead=dead)
            hearing.keep(session, heard, now=own.received_at)


def _sign(session: Session, programme_id: int, office_id: int, at: datetime) -> None:
    """A link of nobody's that was answered at this moment."""
    session.add(
        Link(
            programme_id=programme_id,
            office_id=office_id,
            token_hash=token_hex(32),
            created_at=at,
            expires_at=at,
            seen_at=at,
        )
    )
