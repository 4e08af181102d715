"""Compile the desk's own report to the Government at its cut-off: freeze the facts, then make the document.

The facts are stored first. A document that fails is made again from them, and says the same.
"""

import hashlib
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.matters import compiling, documents, submissions, tasks
from models.matters.documents import Document
from models.matters.obligations import Obligation
from reports.errors import DocumentError
from reports.government import facts as weekly
from reports.government import forms, restricted
from rules import machine
from services.documents import make as make_document
from services.government import approving, crests, header, photos
from services.government.gathering import gather

log = structlog.get_logger()

SUFFIXES = {form.code: form.suffix for form in forms.EVERY}


def run(rt: Runtime, *, now: datetime) -> int:
    """Freeze the facts of every own report whose cut-off has come, each once; how many.

    Each is kept before the next is gathered: of 514 that are due at once, none is gathered again after a stop.
    """
    with rt.sessions.begin() as session:
        owed = [(id, own.id) for id, own in compiling.uncompiled(session, now=now) if id not in rt.unread(session)]
    return sum(_one(rt, programme_id, id, now) for programme_id, id in owed)


def _one(rt: Runtime, programme_id: int, id: int, now: datetime) -> bool:
    with rt.sessions.begin() as session:
        own = session.get_one(Obligation, id)
        return own.compile_at is not None and _freeze(session, rt, programme_id, own, now)


def _freeze(session: Session, rt: Runtime, programme_id: int, own: Obligation, now: datetime) -> bool:
    """Freeze one. If its facts cannot be gathered it is set aside and shown: the others must not wait for it."""
    if rt.closed(session, programme_id):
        submissions.set_aside(session, own)
        return False
    try:
        programme = rt.programme(session, programme_id)
        kind = rt.kind(programme.policy.duty(own.duty, own.slot).form)
        facts, annex = gather(session, programme_id, programme, rt.forms(), kind, own)
        facts = restricted.sealed(header.looked_up(facts, rt.public_url), annex)
    except (LookupError, ValueError) as defect:
        if machine.failed(defect):
            raise
        log.error("not compiled", obligation=own.id, error=type(defect).__name__)
        text = f"{own.duty} {own.slot} cannot be compiled: {type(defect).__name__} {defect}"
        tasks.open_(session, programme_id, tasks.Why.SET_ASIDE, f"compile:{own.id}", text[:500], now=now)
        submissions.set_aside(session, own)
        return False
    before = _told_apart(rt, session, programme_id)
    apart = weekly.to_json(annex) if annex else None
    told = weekly.to_json(facts)
    frozen = submissions.freeze(session, own, told, weekly.digest_of(told), restricted=apart, before=before, now=now)
    approving.draw(session, frozen)
    return True


def _told_apart(rt: Runtime, session: Session, programme_id: int) -> str:
    """What begins the names of this programme's files, where several live in one installation."""
    live = rt.live(session)
    return f"{live[programme_id].desk.code[:30]}-{programme_id}-" if len(live) > 1 else ""


def make_documents(rt: Runtime, *, limit: int = 1) -> int:
    """Make missing documents, the oldest first; how many were tried. After three tries a document is only shown."""
    with rt.sessions.begin() as session:
        missing = documents.wanted(session, limit=limit)
    for document in missing:
        make(rt, document)
    return len(missing)


def make(rt: Runtime, wanted: Document) -> None:
    """Make one document of frozen facts and keep the file. A failure is counted, not raised."""
    own, submission = wanted
    with rt.sessions.begin() as session:
        beside = approving.beside(session, submission)
        crest = crests.contents(session, submission.facts)
    try:
        shown = crest | (photos.contents(submission.facts, rt.files) if rt.files else {})
        told = submission.restricted or "" if own.form == forms.RESTRICTED.code else submission.facts
        content = make_document(own.form, told, beside, shown)
    except DocumentError as error:
        log.error("no document", submission=submission.id, why=str(error).splitlines()[0][:200])
        if machine.failed(error):  # it is tried again, however often
            return
        with rt.sessions.begin() as session:
            documents.failed(session, own.id)
        return
    name = documents.file_name(wanted, SUFFIXES[own.form])
    _write(rt.documents / name, content)
    with rt.sessions.begin() as session:
        documents.made(session, own.id, name, hashlib.sha256(content).hexdigest())


def _write(path: Path, content: bytes) -> None:
    """A reader sees the whole document or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(path)
