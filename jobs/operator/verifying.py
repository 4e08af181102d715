"""Whether a file is a report of this desk, unchanged; which version, who approved it, and whether it is the last."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.matters import documents
from reports.government.forms import RESTRICTED
from services import folios
from services.folios import Looked
from services.government import checking
from services.government.checking import Checked


class Verdict(NamedTuple):
    """Whether it holds, and how that is known."""

    holds: bool
    words: str


def verify(rt: Runtime, path: Path) -> Verdict:
    """Compare a file with the books: the hash of the document, and of the facts it was made from.

    Raises:
        Refusal: the file cannot be read.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error
    with rt.sessions.begin() as session:
        known = documents.by_digest(session, digest)
        found = checking.of(session, known.submission) if known else None
    if known is None or found is None:
        return Verdict(False, f"{path.name}: no compiled report has the hash {digest[:16]}...")
    if not found.sound:
        return Verdict(False, f"{path.name}: the document holds, but the facts in the books were changed")
    present = known.document.edition == known.submission.edition
    annex = ["restricted annex, for the one addressed alone"] if known.document.form == RESTRICTED.code else []
    return Verdict(True, f"{path.name}: holds; {'; '.join([*annex, *_told(found, present)])}")


def look_through(rt: Runtime) -> list[Verdict]:
    """Compare every leaf of the books with the rows of today, desk by desk. It reads all of them."""
    with rt.sessions.begin() as session:
        looked = folios.look_through(session)
        return [_looked(desk, own) for desk, own in sorted(looked.items())] or [
            Verdict(True, "no leaf was closed yet; the clock closes one a day")
        ]


def _looked(desk: str, own: Looked) -> Verdict:
    last, broken = own.last, own.broken
    if broken is None:
        reach = f"leaf {last.number} ({folios.code(last)}) until {last.until:%Y-%m-%d %H:%M %Z}"
        return Verdict(True, f"{desk}: the books hold, up to {reach}")
    since = f"after {broken.before:%Y-%m-%d %H:%M %Z}, " if broken.before else ""
    return Verdict(
        False,
        f"{desk}: leaf {broken.folio.number} does not fit its rows any more ({since}until"
        f" {broken.folio.until:%Y-%m-%d %H:%M %Z}; {broken.folio.rows} rows were written, {broken.rows} are there)",
    )


def _told(found: Checked, present: bool) -> list[str]:
    """What is known of it. `present`: its words were not changed since."""
    which = "the last" if found.is_last and present else "not the last"
    words = "" if present else ", with words that were changed since"
    approved = [f"{own.office} {_at(found, own.at)}" for own in found.approvals]
    return [
        f"version {found.version} of {found.last}, {which}{words}",
        f"state {found.state.value.replace('_', ' ')}",
        f"approved by {', '.join(approved)}" if approved else "not approved",
        f"compiled as of {_at(found, found.cut_off_at)}, facts {found.digest[:16]}..., code {found.code}",
    ]


def _at(found: Checked, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(found.zone)):%Y-%m-%d %H.%M %Z}"
