"""Load an election, a desk and a policy: documents are kept word for word, obligations are planned by natural key."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import loader
from config.errors import Finding
from config.loader import Document
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import obligations, offices, programmes
from models.obligations import Planned
from rules import ladder
from rules.duties import Obligation, Per
from rules.programme import Programme


class ChangedCalendar(Refusal):
    """The programme is loaded with other content: what people were told must be amended, not overwritten."""


class Loaded(NamedTuple):
    """One programme after loading: how many obligations are new, and how many it has."""

    programme: str
    new: int
    planned: int
    warnings: Sequence[Finding]


def load(rt: Runtime, documents: Iterable[Document]) -> list[Loaded]:
    """Every election among `documents` at every desk, under the one policy. The same again changes nothing.

    Raises:
        ChangedCalendar: one of them is loaded already and differs; nothing at all was changed.
        config.errors.ConfigError: they do not fit each other.
    """
    by_kind: dict[str, list[Document]] = {"election": [], "desk": [], "policy": []}
    for document in documents:
        by_kind[document.kind].append(document)
    combined = [
        (election, desk, policy)
        for election in by_kind["election"]
        for desk in by_kind["desk"]
        for policy in by_kind["policy"]
    ]
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        done = [_load(session, *parts, now) for parts in combined]
        rt.refresh(session)
    return done


def _load(session: Session, election: Document, desk: Document, policy: Document, now: datetime) -> Loaded:
    programme = loader.programme(election, desk, policy)
    before = programmes.by_code(session, programme.code)
    if before is not None and before.digest != programme.digest:
        raise ChangedCalendar(f"{programme.code} is loaded with other content: use ./desk amend")
    made = programme.obligations()
    warnings = loader.warnings(election, desk, policy)
    if before is not None:
        return Loaded(programme.code, 0, len(made), warnings)
    offices.put(session, programme.desk.code, programme.desk.offices, now=now)
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
    new = obligations.put(session, stored.id, (_planned(programme, o) for o in made), now=now)
    return Loaded(programme.code, new, len(made), warnings)


def _planned(programme: Programme, obligation: Obligation) -> Planned:
    """When its ladder first wants to be looked at: the first rung, or the closing time of a ladder without one."""
    rungs = programme.policy.ladders[obligation.ladder].rungs
    matter = ladder.Matter(since=obligation.due_at, grace=programme.desk.grace(obligation.area))
    first_at = min((ladder.fires_at(matter, rung) for rung in rungs), default=obligation.closes_after)
    own = programme.policy.duty(obligation.duty).per is Per.DESK
    return Planned(obligation, first_at, own)
