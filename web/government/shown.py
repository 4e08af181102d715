"""What the page of a report to the Government shows: chapters, figures, what changed, and who did what."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.matters import documents, submissions
from models.matters.submissions import NarrativeEdit, Submission
from models.offices.offices import Office
from reports.government import approved, differing, glance, letter
from reports.government import facts as frozen
from reports.government.document import Block, Boxes, Chapter, Chart, Document, Heading, Numbered, Paragraph, Table
from reports.government.forms import EVERY, FORMS
from rules import indonesian
from rules.levels import Level
from rules.submissions import LEFT, State
from services.government import approving, asking, withheld
from web import chosen, pages
from web.door.who import Who
from web.government import words
from web.government.looked import Looked


class Shown(NamedTuple):
    """A block of a chapter as a page shows it."""

    kind: str
    lines: Sequence[str]


def document(session: Session, looked: Looked) -> Document:
    """The report as its documents have it now."""
    return letter.document(looked.facts, approved.from_json(approving.beside(session, looked.own.submission)))


def editable(session: Session, looked: Looked) -> dict[str, str]:
    """The chapters that take words, by code, with their headings."""
    made = document(session, looked)
    return {chapter.code: chapter.heading for chapter in (*made.chapters, made.closing)}


def facts(session: Session, at: Who, looked: Looked, typed: Mapping[str, str]) -> dict[str, Any]:
    """All that the template asks for, but what the reader may do."""
    own, made = looked.own, document(session, looked)
    submission, owed = own.submission, own.obligation
    written = approving.narrative(session, submission.id)
    titles = {chapter.code: chapter.heading for chapter in (*made.chapters, made.closing)}
    return {
        "id": submission.id,
        "edition": submission.edition,
        "code": own.matter.code,
        "what": looked.programme.policy.duty(owed.duty, own.matter.key).name,
        "period": indonesian.period(owed.period_start, owed.period_end),
        "version": words.version(submission) if submission.correction else "",
        "state": words.STATES[submission.state],
        "awaits": looked.programme.desk.office(own.turn).title if own.turn else "",
        "approvals": [f"{own.office}, {pages.moment(own.at, looked.zone)}" for own in _approvals(session, submission)],
        "due": pages.moment(owed.due_at, owed.zone),
        "cut_off": pages.moment(submission.cut_off_at, looked.zone),
        "asked": _asked(session, looked),
        "figures": glance.first(looked.facts) if looked.open else glance.lines(looked.facts),
        "chapters": [_chapter(chapter, written, typed) for chapter in (*made.chapters, made.closing) if looked.open],
        "annexes": [annex.heading for annex in made.annexes],
        "differs": _differs(session, at, looked),
        "since": _since(session, looked, typed, titles),
        "documents": _documents(session, looked) if looked.open else [],
        "enclosed": looked.facts.enclosed.nature.capitalize() if looked.facts.enclosed else "",
        "reads_annex": looked.reads_annex,
        "packs": _ABOVE.get(looked.programme.desk.level, "") if submission.state in LEFT else "",
        "history": _history(session, looked, titles),
        "others": [(one.id, words.version(one)) for one in looked.versions if one.id != submission.id],
        "last": looked.last,
        "dropped": submission.state is State.DROPPED,
        "open": looked.open,
    }


_ABOVE = {Level.REGENCY: "provinsi", Level.PROVINCE: "pusat"}


def _asked(session: Session, looked: Looked) -> str:
    """Who asked for a special report, when, and why."""
    own = asking.why(session, looked.own.matter, looked.own.obligation)
    return f"Diminta {own.title}, {pages.moment(own.at, looked.zone)}: {own.text}" if own else ""


def _approvals(session: Session, submission: Submission) -> Sequence[approved.Approval]:
    if submission.approved is not None:
        return approved.from_json(submission.approved).approvals
    return approving.approvals(session, submission)


def _chapter(chapter: Chapter, written: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, Any]:
    """A chapter with what it says. `text`: what stands in its form; `refused`: it was typed and not taken."""
    refused = typed.get("act") == "edit" and typed.get("chapter") == chapter.code
    present = written.get(chapter.code, "")
    return {
        "code": chapter.code,
        "heading": chapter.heading,
        "blocks": [_block(block) for block in chapter.blocks],
        "seen": present,
        "text": typed.get("text", "") if refused else present,
        "refused": refused,
    }


def _block(block: Block) -> Shown:
    match block:
        case Paragraph():
            return Shown("p", [block.text])
        case Heading():
            return Shown("h", [block.title])
        case Numbered():
            return Shown("ol", block.items)
        case Boxes():
            return Shown("ul", [f"{box.figure} {box.words}" for box in block.items])
        case Table():
            return Shown("more", [f"Tabel {block.name}, {indonesian.number(len(block.rows))} baris"])
        case Chart():
            return Shown("more", [f"Grafik: {block.alt}"])
        case _:
            return Shown("more", ["Selebihnya ada pada berkas"])


def _differs(session: Session, at: Who, looked: Looked) -> dict[str, Any] | None:
    """What differs from the version before: of what its reader may not read the figures alone. None: there is none.

    The version before is the last that stands, else the one in whose place this one came.
    """
    own = looked.own.submission
    earlier = [one for one in looked.versions if one.version < own.version]
    before = next(
        (one for one in reversed(earlier) if one.state is not State.DROPPED), earlier[-1] if earlier else None
    )
    if before is None:
        return None
    old = frozen.from_json(before.facts)
    secret = (*looked.withheld, *withheld.restricted(session, before))
    if all(at.reads(looked.own.matter.programme_id, problem, restricted=True) for problem in secret):
        beside = (approved.from_json(approving.beside(session, one)) for one in (before, own))
        found = differing.between(old, looked.facts, *beside)
    else:
        found = differing.counted(old, looked.facts)
    parts = (("Angka", found.figures), ("Permasalahan", found.problems), ("Uraian", found.texts))
    return {"many": len(found), "parts": [part for part in parts if part[1]]}


def _since(
    session: Session, looked: Looked, typed: Mapping[str, str], titles: Mapping[str, str]
) -> list[dict[str, str]]:
    """What was changed after the words were read that somebody wanted to approve."""
    if typed.get("act") != "approve":
        return []
    submission = looked.own.submission
    later = approving.since(session, submission.id, chosen.edition(typed), submission.edition)
    return [_edited(session, own, titles, looked.zone) for own in later]


def _documents(session: Session, looked: Looked) -> list[dict[str, Any]]:
    """The forms there are of it, and those still being made. The annex is there for who may read all that it tells."""
    submission = looked.own.submission
    known = {own.form: own for own, _ in documents.of(session, [submission.id])}
    return [
        {
            "form": form.code,
            "name": form.name,
            "file": own.file_name or "",
            "digest": (own.digest or "")[:16],
            "failed": own.tries >= documents.TRIES,
        }
        for form in (EVERY if looked.reads_annex else FORMS)
        if (own := known.get(form.code)) is not None
    ]


def _history(session: Session, looked: Looked, titles: Mapping[str, str]) -> list[dict[str, str]]:
    """What was done with the version and its words, the last first."""
    submission, zone = looked.own.submission, looked.zone
    steps = [
        (
            own.at,
            {
                "at": pages.moment(own.at, zone),
                "what": words.STEPS[own.step],
                "by": approving.title(session, own),
                "through": f"sesi {own.through}" if own.through else "",
                "text": own.text,
                "before": "",
                "after": "",
            },
        )
        for own in submissions.events(session, submission.id)
    ]
    written = submissions.edits(session, submission.id) if looked.open else []
    edits = [(own.at, _edited(session, own, titles, zone)) for own in written]
    return [told for _, told in sorted([*edits, *steps], key=lambda step: step[0])][::-1]


def _edited(session: Session, own: NarrativeEdit, titles: Mapping[str, str], zone: str) -> dict[str, str]:
    return {
        "at": pages.moment(own.at, zone),
        "what": f"Uraian diubah: {titles.get(own.chapter, own.chapter)}",
        "by": session.get_one(Office, own.office_id).title,
        "through": f"sesi {own.through}" if own.through else "",
        "text": "",
        "before": own.before,
        "after": own.after,
    }
