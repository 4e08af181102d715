"""Load an election, a desk and a policy: documents are kept word for word, obligations are planned by natural key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import loader
from config.errors import Finding
from config.loader import Document
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import obligations, offices, programmes
from rules.duties import Obligation


class ChangedCalendar(Refusal):
    """The programme is loaded with other content: what people were told must be amended, not overwritten."""


class Loaded(NamedTuple):
    """One programme after loading: how many obligations are new, and how many it has.

    `mended`: it could not be read any more, and can again.
    """

    programme: str
    new: int
    planned: int
    warnings: Sequence[Finding]
    mended: bool = False


def load(rt: Runtime, documents: Iterable[Document]) -> list[Loaded]:
    """Every election among `documents` at every desk, under the one policy. The same again changes nothing.

    One that is loaded already and cannot be read any more is mended by files that make the same reports.

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
        unread = rt.unread(session)
        done = [_load(session, *parts, now, unread) for parts in combined]
        rt.refresh(session)
    return done


def _load(
    session: Session, election: Document, desk: Document, policy: Document, now: datetime, unread: Collection[int]
) -> Loaded:
    programme = loader.programme(election, desk, policy)
    before = programmes.by_code(session, programme.code)
    mended = before is not None and before.id in unread
    if before is not None and before.digest != programme.digest and not mended:
        raise ChangedCalendar(f"{programme.code} is loaded with other content: use ./desk amend")
    made = programme.obligations()
    warnings = loader.warnings(election, desk, policy)
    if before is not None and not mended:
        return Loaded(programme.code, 0, len(made), warnings)
    offices.put(session, programme.desk.code, programme.desk.offices, now=now)
    ids = keep(session, (election, desk, policy), again=bool(unread), now=now)
    if before is not None:
        kept = _kept(programme.code, made, obligations.due_times(session, before.id))
        programmes.put_in_force(session, before.id, programme.digest, ids, now=now)
        return Loaded(programme.code, 0, len(made), [*kept, *warnings], mended=True)
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
    new = obligations.put(session, stored.id, (obligations.planned(programme, o) for o in made), now=now)
    return Loaded(programme.code, new, len(made), warnings)


def keep(session: Session, documents: Sequence[Document], *, again: bool, now: datetime) -> list[int]:
    """The ids under which documents are kept. `again`: also their texts, which may have been spoilt."""
    ids = [programmes.keep(session, d.kind, d.code, d.name, d.digest, d.text, now=now) for d in documents]
    if again:
        programmes.restore(session, dict(zip(ids, (d.text for d in documents), strict=True)))
    return ids


def _kept(code: str, made: Sequence[Obligation], planned: Mapping[str, datetime]) -> list[Finding]:
    """What a programme that is mended goes on with: the reports it had, at the times people were told.

    Raises:
        ChangedCalendar: the files make other reports.
    """
    if others := sorted(planned.keys() ^ {o.key for o in made}):
        what = "is new in these files" if others[0] not in planned else "is not in these files"
        only = "cannot be read, and is mended only by files that make the same reports"
        raise ChangedCalendar(f"{code} {only}: {others[0]} {what}. To change what is owed: ./desk amend")
    moved = [o.key for o in made if o.due_at != planned[o.key]]
    if not moved:
        return []
    what = f"{len(moved)} reports keep the due time they were planned with, the first {moved[0]}"
    return [Finding(code, 0, "", what, "Look whether holidays or a date have changed")]
