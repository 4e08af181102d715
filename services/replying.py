"""Read one message that was kept, do what is sure, ask back what is not, and answer once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.machine import gaps
from models.matters import tasks
from models.messages import inbound, messages
from models.messages.inbound import Inbound
from models.messages.messages import Outgoing
from models.offices.offices import Contact
from rules import dispatch
from rules.forms import Form
from rules.ladder import Say
from rules.programme import Programme, foremost
from rules.replies import lateness, reading, wording
from rules.replies.spoken import Does, Heard, Intent, Reading, Sender, Words
from rules.replies.wording import Result
from services import arriving, beside, conversing, replied
from services.conversing import Talk
from services.doing import Doing

SILENT = frozenset({Does.SET_ASIDE, Does.NO_ANSWER, Does.SUSPEND_CONTACT})
"""What is answered with nothing, whatever else follows."""

UNDERSTOOD = frozenset({Does.TO_SECRETARIAT, Does.FLAG_SENDER, Does.STOP_CHANNEL, Does.SUSPEND_CONTACT, Does.ATTACH})
"""What a person looks at."""


def read(
    session: Session, id: int, live: Mapping[int, Programme], forms: Mapping[str, Form], words: Words, *, now: datetime
) -> Inbound | None:
    """Read a message; None: it was read before, or another process reads it. Harmless to repeat."""
    row = inbound.locked(session, id)
    if row is None or row.read_at is not None:
        return None
    talk = conversing.gather(session, row, live, forms, words, now=now)
    zone = ZoneInfo(talk.office.zone if talk.office else "Asia/Jakarta")
    late = lateness.late(row.written_at, [gap.ended_at for gap in gaps.lately(session, now=now)], now=now)
    said = reading.read(_heard(row, late=late), talk.rule, words, now=row.written_at.astimezone(zone))
    said = _confirmed(session, row, said)
    names = {figure.code: figure.name for form in forms.values() for figure in form.figures()}
    if talk.office is not None and talk.office.aide:
        return _of_aide(Doing(session, row, talk, said, forms, words, names, now))
    results = replied.run(Doing(session, row, talk, said, forms, words, names, now))
    _keep(row, said, results, now)
    row.said = {**row.said, beside.BESIDE: beside.belongs(session, row, results, talk.programmes)}
    beside.lay(session, row)
    _answer(session, row, talk, said, results, names, now=now)
    session.flush()
    inbound.found_by(session, row)
    if row.person:
        show(session, row, live, urgent=said.danger and row.sender is Sender.KNOWN, now=now)
    return row


def _of_aide(doing: Doing) -> Inbound:
    """An aide writes. That he wants no more is done; else he is shown the way. His words are his district's alone, so
    nothing of them is kept here, and nobody above reads them.
    """
    row, said = doing.row, doing.reading
    acts = tuple(act for act in said.acts if act.does in (Does.STOP_CHANNEL, Does.SUSPEND_CONTACT))
    said = Reading(said.intent, acts, sure=said.sure)
    told = [] if acts or row.forwarded else [Result(Does.BY_LINK)]
    results = [*replied.run(replace(doing, reading=said)), *told]
    _keep(row, said, results, doing.now)
    row.raw, row.html, row.subject, row.files, row.fetch_at, row.person = b"", b"", "", [], None, False
    _answer(doing.session, row, doing.talk, said, results, doing.names, now=doing.now)
    row.person = False
    doing.session.flush()
    return row


def show(session: Session, row: Inbound, live: Mapping[int, Programme], *, urgent: bool, now: datetime) -> None:
    """Have the secretariat know that a message waits for a person: one task for all that wait. Harmless to repeat.

    Only of a danger that a contact tells of it is woken: anybody may write anything.
    """
    heard = {id: own for id, own in live.items() if arriving.hears_strangers(live, [own.desk.code])}
    programme_id = row.programme_id or foremost(heard, now=now)
    if programme_id is not None:
        subject = f"inbound:{live[programme_id].desk.code}" if programme_id in live else f"inbound:{programme_id}"
        text = "Ada pesan yang belum dapat ditangani sistem."
        tasks.open_(session, programme_id, tasks.Why.INBOUND, subject, text, urgent=urgent, now=now)


def all_seen(session: Session, programmes: Mapping[int, Programme], *, strangers: bool, now: datetime) -> None:
    """Take the task off the list once nothing waits any more. `strangers`: whether these desks read what they write."""
    if not inbound.count(session, list(programmes), waiting=True, strangers=strangers):
        for desk in {programme.desk.code for programme in programmes.values()}:
            tasks.done(session, tasks.Why.INBOUND, f"inbound:{desk}", now=now)


def _heard(row: Inbound, *, late: bool) -> Heard:
    return Heard(
        text=arriving.as_text(row.raw.decode("utf-8", "replace")),
        html=arriving.as_text(row.html.decode("utf-8", "replace")),
        subject=row.subject,
        headers=row.headers,
        attachments=[str(own.get("media", "")) for own in row.files],
        forwarded=row.forwarded,
        by=row.headers.get("x-desk-from", ""),
        late=late,
    )


def _confirmed(session: Session, row: Inbound, said: Reading) -> Reading:
    """A yes to what was asked back carries the words and numbers that it was asked about."""
    earlier = inbound.before(session, row)
    filed = [act.code for act in said.acts if act.does is Does.FILE_FILLED and act.code not in said.values]
    if earlier is None or not filed:
        return said
    values = {code: conversing.values_of(own) for code, own in earlier.said.get("values", {}).items() if code in filed}
    return Reading(
        said.intent,
        said.acts,
        said.about,
        {**said.values, **values},
        said.missing,
        said.until,
        said.sure,
        said.by,
        said.category,
        said.danger,
        f"{earlier.text}\n{said.own}".strip(),
    )


def _keep(row: Inbound, said: Reading, results: list[Result], now: datetime) -> None:
    """Write down what was understood, by which words, and what was done."""
    row.read_at, row.text, row.intent, row.sure = now, said.own, said.intent.value, round(100 * said.sure)
    row.went_by, row.about = [word[:60] for word in said.by], list(said.about)
    row.said = {
        "values": {code: conversing.written(own) for code, own in said.values.items()},
        "missing": {code: list(own) for code, own in said.missing.items()},
        "until": said.until.isoformat() if said.until else None,
    }
    refused = any(own.refused for own in results)
    hurt = UNDERSTOOD.intersection([*(own.does for own in results), *(act.does for act in said.acts)])
    row.said[beside.FILES_ALONE] = hurt == {Does.ATTACH} and not refused
    row.acts = [[act.does.value, act.code] for act in said.acts]
    row.results = [[own.does.value, own.code, own.refused or own.told] for own in results]
    row.waits = _waits(said, results)
    row.person = refused or bool(hurt)


def _waits(said: Reading, results: list[Result]) -> dict[str, Any] | None:
    """What an answer to our question would do."""
    for own in results:
        if own.does in (Does.ASK_CONFIRM, Does.ASK_WHICH, Does.ASK_TIME):
            then = Does.FILE_NIL if said.intent is Intent.REPORT_NIL else None
            whole = own.code in said.values and not said.missing.get(own.code) and own.does is Does.ASK_CONFIRM
            then = Does.FILE_FILLED if then is None and whole else then
            return {"does": own.does.value, "code": own.code, "then": then.value if then else None}
    return None


def _answer(
    session: Session,
    row: Inbound,
    talk: Talk,
    said: Reading,
    results: list[Result],
    names: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    """One answer at most, to a contact, by the way it came; none to robots, and none above the policy's measure."""
    told = wording.sentences(results, names, said.missing)
    row.answer = told
    contact = session.get(Contact, row.contact_id) if row.contact_id else None
    silent = any(act.does in SILENT for act in said.acts) or row.sender is Sender.FORMER
    reached = contact is not None and contact.state is Contact.State.ACTIVE
    if silent or not told or contact is None or not reached or row.programme_id is None:
        row.answer = []
        return
    limits = talk.programmes[row.programme_id].policy.answers
    spans = ((limits.per_hour, timedelta(hours=1)), (limits.per_day, timedelta(days=1)))
    if any(inbound.answered(session, contact.id, since=now - span) >= most for most, span in spans):
        row.answer, row.person, row.note = [], True, "batas jumlah jawaban tercapai"
        return
    first = dispatch.goes_first(Say.ANSWER, urgent=False)
    outgoing = Outgoing(row.programme_id, contact.office_id, contact.id, contact.channel, Say.ANSWER, goes_first=first)
    (row.answer_id,) = messages.create(session, [outgoing], now=now)
