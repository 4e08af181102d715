"""Take in packages of the level below that came by mail. What does not count is set aside, and the secretariat is told.

Checked as on the page: the signature alone says whose it is, never the sender of the mail.
"""

import hashlib
from collections.abc import Iterable, Sequence

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.desk.changes import Hand, Way
from models.desk.files import Files
from models.matters import tasks
from notifiers import enclosures
from rules.packages import LARGEST, WORDS, BadPackage, Flaw
from rules.programme import Programme
from services import packages, telling
from services.packages import ASIDE

log = structlog.get_logger()


def take(rt: Runtime, mail: bytes) -> list[str]:
    """Take every package that a mail has; what became of each, in a few words. Harmless to repeat.

    Raises:
        OSError: it cannot be kept now; nothing was lost, as long as the mail is not.
    """
    assert rt.files is not None
    found = enclosures.zips(mail)
    return [_one(rt, rt.files, content) for content in found] or ["ignored: no package is attached"]


def _one(rt: Runtime, files: Files, content: bytes) -> str:
    meant: list[int] = []
    try:
        package = packages.opened(content)
        for document in package.documents.values():
            files.keep(document)
        with rt.sessions.begin() as session:
            to = packages.judged(session, rt.live(session), package).to
            meant.append(to.id)
            hand, form, now = _itself(session, to.programme), rt.form(to.duty.form), rt.clock(session)
            arrival = packages.taken(session, to, form, package, trust=False, hand=hand, now=now)
    except BadPackage as error:
        return _aside(rt, files, content, error.flaw, meant)
    log.info("package came by mail", arrival=arrival.id, fate=arrival.fate)
    return f"{arrival.kind} {arrival.slot} of {arrival.area}, version {arrival.version}: {arrival.fate}"


def _aside(rt: Runtime, files: Files, content: bytes, flaw: Flaw, meant: Sequence[int]) -> str:
    """Keep it where the page of packages finds it, and have those look at it who are meant, or could be."""
    digest = hashlib.sha256(content).hexdigest()
    with rt.sessions.begin() as session:
        live = rt.live(session)
        takers = meant or [id for id, own in live.items() if any(duty.takes for duty in own.policy.duties)]
        if not takers:
            return "ignored: no desk here takes packages"
        if len(content) <= LARGEST:
            files.keep(content)
        _tell(session, rt, takers, digest, flaw)
    log.warning("package set aside", flaw=flaw, digest=digest[:16])
    return f"set aside: it {BadPackage(flaw)}"


def _tell(session: Session, rt: Runtime, takers: Iterable[int], digest: str, flaw: Flaw) -> None:
    now = rt.clock(session)
    for id in takers:
        tasks.open_(session, id, tasks.Why.PACKAGE, f"{ASIDE}{id}:{digest}", WORDS[flaw], now=now)


def _itself(session: Session, programme: Programme) -> Hand:
    """Nobody brought it: it stands in the secretariat's name."""
    office = telling.office_of(session, programme, programme.desk.secretariat)
    return Hand(office.id, office.title, Way.SYSTEM)
