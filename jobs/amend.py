"""Amend live programmes by changed files: all that use them, in one transaction, or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import loader
from config.errors import Finding
from config.loader import Document
from config.shelf import Shelf
from jobs import filing, load
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import amendments, clock, offices, programmes
from models.amendments import Amendment
from rules import amending
from rules.amending import Act, Step
from rules.programme import Programme, Sources

KINDS = ("election", "desk", "policy")
Given = Mapping[tuple[str, str], Document]
"""The files by kind and code."""


class Amended(NamedTuple):
    """What was done to one programme, as it is now; not `changed`: it ran under these files already.

    `told`: by natural key, the codes of the offices that are told of it.
    """

    programme: Programme
    changed: bool
    steps: Sequence[Step] = ()
    told: Mapping[str, Sequence[str]] = {}
    warnings: Sequence[Finding] = ()

    @property
    def counts(self) -> Mapping[Act, int]:
        return amending.counts(self.steps)

    @property
    def altered(self) -> list[Step]:
        """All that is not kept as it was."""
        return [step for step in self.steps if step.act is not Act.KEEP]


def amend(rt: Runtime, documents: Sequence[Document], *, by: str = "", dry_run: bool = False) -> list[Amended]:
    """Put these files in force wherever a live programme uses one of their code. Two amendments wait for each other.

    A programme that cannot be read any more is mended by them.

    Args:
        by: code of the office that amends; none given: the secretariat of each desk.
        dry_run: do all of it, and take it back.

    Raises:
        Refusal: no live programme uses one of them, or what stays in its books needs what they lack.
        config.errors.ConfigError: they do not fit the others of a programme, or one of those cannot be read.
    """
    given = _by_name(documents)
    with filing.answered(), rt.sessions() as session:
        clock.alone(session, clock.DISPATCH)  # nobody makes messages of what is about to change
        now = rt.clock(session)
        live = [stored for stored in programmes.live(session) if _named(stored) & given.keys()]
        if unused := given.keys() - {name for stored in live for name in _named(stored)}:
            names = ", ".join(" ".join(name) for name in sorted(unused))
            raise Refusal(f"{names}: no live programme uses it: see ./desk load")
        rt.refresh(session)
        shelf = rt.shelf  # as it is now: what is written below is not yet in force
        done = [_amend(session, shelf, stored, given, by, now) for stored in live]
        if not dry_run:
            session.commit()
            rt.refresh(session)
    return done


def _by_name(documents: Sequence[Document]) -> Given:
    given = {(document.kind, document.code): document for document in documents}
    if len(given) < len(documents):
        raise Refusal("two of these files have the same code: give one of them")
    return given


def _named(stored: Sources) -> set[tuple[str, str]]:
    return {(kind, source.code) for kind, source in zip(KINDS, stored[3:], strict=True)}


def _amend(session: Session, shelf: Shelf, stored: Sources, given: Given, by: str, now: datetime) -> Amended:
    documents = [
        given.get((kind, source.code)) or loader.parse(source.text, source.name)
        for kind, source in zip(KINDS, stored[3:], strict=True)
    ]
    programme = loader.programme(*documents)
    unread = stored.id in shelf.unreadable
    if programme.digest == stored.digest and not unread:
        return Amended(programme, changed=False)
    desk = programme.desk
    offices.put(session, desk.code, desk.offices, now=now)
    offices.correct(session, desk.code, desk.offices)
    programmes.put_in_force(
        session, stored.id, programme.digest, load.keep(session, documents, again=unread, now=now), now=now
    )
    files = ", ".join(Path(d.name).name for d in documents if (d.kind, d.code) in given)
    hand = filing.hand(session, programme, by or desk.secretariat)
    amendment = Amendment(stored.id, shelf.readable.get(stored.id), programme, files)
    done = amendments.carry_out(session, amendment, hand=hand, now=now)
    amendments.withdraw(session, desk.code, {office.code for office in desk.offices}, now=now)
    return Amended(programme, True, *done, loader.warnings(*documents))
