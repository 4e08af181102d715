"""A decision that somebody asks for on the page of a report or a problem."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import issues
from models.matters.matters import Matter
from rules import typed
from rules.attachments import Attached
from rules.programme import Programme
from rules.typed import Mistyped
from services import telling
from services.decisions import Owed
from web import chosen
from web.coordinator.looked import Looked
from web.door.who import Who
from web.guards.refusals import Help, Refusal


class Asked(NamedTuple):
    """A decision that somebody may take, with the fields of its form. `at` decides, by this `hand`."""

    session: Session
    at: Who
    hand: Hand
    looked: Looked
    fields: Mapping[str, str]
    files: Sequence[Attached] = ()

    @property
    def programme(self) -> Programme:
        return self.looked.programme

    @property
    def now(self) -> datetime:
        return self.at.now

    @property
    def until(self) -> datetime:
        return chosen.until(self.fields)

    def text(self, longest: int) -> str:
        try:
            return typed.words(self.fields.get("text", ""), longest)
        except Mistyped as error:
            raise Refusal(Help.TOO_LARGE) from error

    @property
    def owed(self) -> Owed:
        return telling.locked(self.session, self.looked.matter.key)

    @property
    def problem(self) -> Matter:
        return issues.locked(self.session, self.looked.matter.key)

    @property
    def ended(self) -> Matter:
        """The problem, whatever became of it."""
        return issues.held(self.session, self.looked.matter.id)[0]
