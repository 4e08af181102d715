"""Load an election, a desk and a policy. Files are kept word for word, obligations are planned by natural key."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import loader
from config.documents import Document
from config.errors import Finding
from jobs.operator import room
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import programmes
from models.matters import obligations
from models.offices import offices
from rules.duties import Obligation
from rules.programme import Programme
from services import summaries

KINDS = ("election", "desk", "policy")
"""The files that make a programme."""
ELSEWHERE = {
    "scenario": "and give it to ./desk rehearse with --scenario",
    "form": "for pages read the folder config/forms when they start",
    "report": "for the desk reads the folder config/reports when it starts",
}
"""Where the other kinds belong."""


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


def load(rt: Runtime, documents: Iterable[Document], *, dry_run: bool = False) -> list[Loaded]:
    """Load every election among `documents` at every desk, under the one policy. The same again changes nothing.

    Files that make the same reports mend a programme that is loaded and cannot be read any more.

    Args:
        dry_run: do all of it, and undo it.

    Raises:
        Refusal: they make no programme.
        ChangedCalendar: one of them is loaded already and differs, or is closed; nothing at all was changed.
        config.errors.ConfigError: they do not fit each other.
    """
    parts = combined(documents)
    with rt.sessions() as session:
        now = rt.clock(session)
        unread = rt.unread(session)
        done = [_load(session, *three, rt, now, unread) for three in parts]
        if dry_run:
            session.rollback()
            return done
        session.commit()
        rt.refresh(session)
        live = {own.code: own for own in rt.programmes.values()}
        return [_looked_at(rt, loaded, live.get(loaded.programme)) for loaded in done]


def _looked_at(rt: Runtime, loaded: Loaded, programme: Programme | None) -> Loaded:
    return loaded._replace(warnings=[*loaded.warnings, *room.warnings(rt, programme)]) if programme else loaded


def combined(documents: Iterable[Document]) -> list[tuple[Document, Document, Document]]:
    """The three files of each programme that these make. Raises: Refusal: they make none, or could make several."""
    given = by_name(documents)
    elections, desks, policies = ([d for d in given.values() if d.kind == kind] for kind in KINDS)
    if missing := [kind for kind in KINDS if all(d.kind != kind for d in given.values())]:
        raise Refusal(f"no {' and no '.join(missing)} is among the files: give an election, a desk and a policy")
    if len(policies) > 1:
        names = ", ".join(d.name for d in policies)
        raise Refusal(f"{names}: a desk is loaded under one policy: give one of them")
    return [(election, desk, policies[0]) for election in elections for desk in desks]


def by_name(documents: Iterable[Document]) -> dict[tuple[str, str], Document]:
    """The files of programmes by kind and code. Raises: Refusal: one is of another kind, or two are the same."""
    named: dict[tuple[str, str], Document] = {}
    for document in documents:
        if document.kind not in KINDS:
            raise Refusal(f"{document.name} is a {document.kind}: leave it out here, {ELSEWHERE[document.kind]}")
        first = named.setdefault((document.kind, document.code), document)
        if first is not document:
            both = f"{first.name} and {document.name}"
            raise Refusal(f"{both} have the same code, {document.kind} {document.code}: give one of them")
    return named


def _load(
    session: Session,
    election: Document,
    desk: Document,
    policy: Document,
    rt: Runtime,
    now: datetime,
    unread: Collection[int],
) -> Loaded:
    programme = loader.programme(election, desk, policy)
    loader.look(election, desk, policy, forms=rt.forms(), kinds=rt.kinds())
    before = programmes.by_code(session, programme.code)
    mended = before is not None and before.id in unread
    if before is not None and before.closed_at is not None:
        raise ChangedCalendar(f"{programme.code} is closed: use ./desk reopen")
    if before is not None and before.digest != programme.digest and not mended:
        raise ChangedCalendar(f"{programme.code} is loaded with other content: use ./desk amend")
    made = programme.obligations()
    warnings = loader.warnings(election, desk, policy)
    if before is not None and not mended:
        return Loaded(programme.code, 0, len(made), warnings)
    offices.put(session, programme.desk.code, programme.desk.kept, now=now)
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
    summaries.plan(session, stored.id, programme, after=now)
    new = obligations.put(session, stored.id, (obligations.planned(programme, o) for o in made), now=now)
    return Loaded(programme.code, new, len(made), warnings)


def keep(session: Session, documents: Sequence[Document], *, again: bool, now: datetime) -> list[int]:
    """Keep documents and what belongs to them; their ids.

    `again`: also write their texts anew, which may have been spoilt.
    """
    ids = [programmes.keep(session, d.kind, d.code, d.name, d.digest, d.text, now=now) for d in documents]
    texts = dict(zip(ids, (d.text for d in documents), strict=True))
    for document in documents:
        for digest, picture in document.pictures.items():
            text = b64encode(picture).decode()
            id = programmes.keep(session, programmes.CREST, document.code, document.name, digest, text, now=now)
            texts[id] = text
    if again:
        programmes.restore(session, texts)
    return ids


def _kept(code: str, made: Sequence[Obligation], planned: Mapping[str, datetime]) -> list[Finding]:
    """Warn where a mended programme keeps other times than its files give: people were told the old ones.

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
