"""Amend live programmes by changed files. One transaction amends all programmes that use them, or none."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import loader
from config.documents import Document
from config.errors import Finding
from config.shelf import Shelf, kept
from jobs.operator import load, room
from jobs.operator.acting import answered, hand
from jobs.operator.load import KINDS
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import programmes, rearrangements
from models.desk.changes import Hand
from models.machine import clock
from models.offices import offices
from rules import amending, rearranging
from rules.amending import Act, Day, Step
from rules.desk import Desk
from rules.programme import Programme, Sources
from services import amendments
from services.amendments import Amendment

MOST = 500
"""So many of the last changes made on the pages are compared with a file."""

Given = Mapping[tuple[str, str], Document]
"""The files by kind and code."""


class Amended(NamedTuple):
    """What was done to one programme, as it is now. It is not `changed` if it ran under these files already.

    `told`: for each report's natural key, the codes of the offices that are told. `kept`: how many open cases keep the
    ladder of an earlier policy; `carried`: how many that have begun take another. `otherwise`: from now on everybody is
    told in another way.
    """

    programme: Programme
    changed: bool
    steps: Sequence[Step] = ()
    told: Mapping[str, Sequence[str]] = {}
    kept: int = 0
    carried: int = 0
    warnings: Sequence[Finding] = ()
    otherwise: bool = False

    @property
    def counts(self) -> Mapping[Act, int]:
        return amending.counts(self.steps)

    @property
    def days(self) -> list[Day]:
        """The days that gain or lose a report."""
        return amending.days(self.steps)

    @property
    def by_duty(self) -> Mapping[str, Mapping[str, int]]:
        """By duty, what is changed and what stays late under the old rule: `rules.amending.by_duty`."""
        return amending.by_duty(self.steps)

    @property
    def reach(self) -> int:
        """How many reports it changes, or offices it tells, now or otherwise than before, whatever is most."""
        changed = sum(count for act, count in self.counts.items() if act not in (Act.KEEP, Act.SKIP))
        told = len({code for codes in self.told.values() for code in codes})
        return max(changed, len(self.programme.desk.offices) if self.otherwise else told)

    @property
    def late(self) -> list[Step]:
        """What stays late under the old rule."""
        return [step for step in self.steps if step.late]

    @property
    def altered(self) -> list[Step]:
        """The steps that change something."""
        return [step for step in self.steps if step.act is not Act.KEEP]


def amend(
    rt: Runtime,
    documents: Sequence[Document],
    *,
    by: str | Hand = "",
    also_open: bool = False,
    dry_run: bool = False,
) -> list[Amended]:
    """Put these files in force in every live programme that uses a file of the same kind and code.

    They also mend a programme that cannot be read any more. Two amendments at once wait for each other.

    Args:
        by: who amends, or the code of the office; empty: the secretariat of each desk.
        also_open: cases that have begun take the ladders in force from now on, also those kept by earlier amendments.
        dry_run: do all of it, and undo it.

    Raises:
        Refusal: one is no file of a programme, no live programme uses it,
            or what stays in its books needs what they lack.
        config.errors.ConfigError: they do not fit the others of a programme, or one of those cannot be read.
    """
    given = load.by_name(documents)
    with answered(), rt.sessions() as session:
        clock.alone(session, clock.DISPATCH)  # nobody makes messages of what is about to change
        now = rt.clock(session)
        live = [stored for stored in programmes.live(session) if _named(stored) & given.keys()]
        if unused := given.keys() - {name for stored in live for name in _named(stored)}:
            names = ", ".join(" ".join(name) for name in sorted(unused))
            every = (programmes.sources(session, id) for id in programmes.closed(session))
            closed = ", ".join(own.code for own in every if own and _named(own) & unused)
            also = f"; {closed} is closed: see ./desk reopen" if closed else ": see ./desk load"
            raise Refusal(f"{names}: no live programme uses it{also}")
        rt.refresh(session)
        shelf = rt.shelf  # as it is now: what is written below is not yet in force
        done = [_amend(session, rt, shelf, stored, given, by, now, also_open=also_open) for stored in live]
        if not dry_run:
            session.commit()
            rt.refresh(session)
    return [_looked_at(rt, one) for one in done]


def _looked_at(rt: Runtime, one: Amended) -> Amended:
    """With what is to be said of its texts, beside links of our own address."""
    return one._replace(warnings=[*one.warnings, *room.warnings(rt, one.programme)]) if one.changed else one


def _named(stored: Sources) -> set[tuple[str, str]]:
    return {(kind, source.code) for kind, source in zip(KINDS, stored.files, strict=True)}


def _amend(
    session: Session,
    rt: Runtime,
    shelf: Shelf,
    stored: Sources,
    given: Given,
    by: str | Hand,
    now: datetime,
    *,
    also_open: bool,
) -> Amended:
    documents = [
        given.get((kind, source.code)) or loader.parse(source.text, source.name, loaded=True)
        for kind, source in zip(KINDS, stored.files, strict=True)
    ]
    election, desk_file, policy = documents
    earlier = stored._replace(kept=(*stored.kept, stored.policy))
    programme = loader.programme(election, desk_file, policy, kept=kept(earlier))
    loader.look(election, desk_file, policy, forms=rt.forms(), kinds=rt.kinds())
    unread = stored.id in shelf.unreadable
    moves = also_open and bool(stored.kept)
    if programme.digest == stored.digest and not unread and not moves:
        return Amended(programme, changed=False)
    desk = programme.desk
    offices.put(session, desk.code, desk.kept, now=now)
    offices.correct(session, desk.code, desk.kept)
    programmes.put_in_force(
        session, stored.id, programme.digest, load.keep(session, documents, again=unread, now=now), now=now
    )
    files = ", ".join(Path(d.name).name for d in documents if (d.kind, d.code) in given)
    by_hand = by if isinstance(by, Hand) else hand(session, programme, by or desk.secretariat)
    before = shelf.readable.get(stored.id)
    amendment = Amendment(stored.id, before, programme, files, under=stored.policy.digest, also_open=also_open)
    done = amendments.carry_out(session, amendment, hand=by_hand, now=now)
    amendments.withdraw(session, desk.code, {office.code for office in desk.kept}, now=now)
    undone = _undone(session, desk_file, before, desk) if ("desk", desk.code) in given else ()
    warnings = [*undone, *loader.warnings(*documents)]
    otherwise = before is not None and (moves or amending.tells_otherwise(before.policy, programme.policy))
    return Amended(programme, True, *done, warnings, otherwise)


def _undone(session: Session, file: Document, before: Programme | None, desk: Desk) -> Iterator[Finding]:
    """Warn of what was changed on the pages and is not in the file: an older copy of it was edited."""
    for row in rearrangements.over(session, desk.code, limit=MOST) if before else ():
        held = before and row.ended == rearrangements.DONE and rearranging.holds(before.desk, row.change)
        if held and not rearranging.holds(desk, row.change):
            what = f"undoes what was changed on a page: {row.what} {row.place}, {row.office}"
            yield Finding(file.name, 0, "teams", what, "Begin with the file in force: ./desk people file")
