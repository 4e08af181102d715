"""One deed that is done again: as the books have it, and where it is done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.desk import deeds
from models.desk.changes import Change, Hand
from models.matters.matters import Matter
from models.offices import offices
from models.offices.offices import Office
from rules.filing import NotTaken
from rules.programme import Programme
from services import telling


class Apart(NotTaken):
    """What the deed is about is not there on the copy."""


@dataclass
class At:
    """A deed at work, in a transaction on the copy. `books`: as they are now; `keys`: by id there, the key on the copy
    of what was done again; `last`: see `models.desk.deeds.same`.
    """

    rt: Runtime
    books: Session
    session: Session
    programme_id: int
    programme: Programme
    change: Change
    keys: dict[int, str]
    last: int

    @property
    def now(self) -> datetime:
        return self.change.at

    @property
    def matter(self) -> Matter:
        """What it is about, in the books."""
        assert self.change.matter_id is not None
        return self.books.get_one(Matter, self.change.matter_id)

    @property
    def key(self) -> str:
        """What it is about, on the copy. Raises: Apart."""
        return self.key_of(self.matter.id)

    def key_of(self, id: int) -> str:
        """The key on the copy of a matter of the books. Raises: Apart."""
        key = self.keys.get(id) or deeds.same(self.books, self.session, id, last=self.last)
        if key is None:
            raise Apart(f"{self.books.get_one(Matter, id).code} is not there")
        return key

    @property
    def hand(self) -> Hand:
        own = self.office(self.change.office_id)
        return Hand(own.id, own.title, self.change.way, self.change.through)

    def office(self, id: int) -> Office:
        """An office on the copy, by its id in the books. Raises: NotTaken: it has none of this code."""
        return telling.office_of(self.session, self.programme, self.code(id))

    def code(self, id: int | None) -> str:
        """The code of an office of the books; empty: none is named."""
        return self.books.get_one(Office, id).code if id is not None else ""

    @property
    def named(self) -> Office:
        """The office that the deed names, on the copy. Raises: Apart."""
        own = offices.by_code(self.session, self.programme.desk.code, self.change.subject)
        if own is None:
            raise Apart(f"{self.change.subject} is not there")
        return own
