"""A line of a message as its reader is to read it: facts for the texts, and no more than he may know."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from models.matters.aiding import About
from models.matters.matters import Kind
from models.matters.sendings import Carried
from models.messages.letters import AboutAdvice, AboutTask, Line
from models.offices.offices import Resting
from notifiers.render import Item
from rules import access, ladder, people
from rules.advice import TITLES as TITLES_OF_ADVICE
from rules.desk import Audience, Channel
from rules.filing import Content
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES, Category
from rules.ladder import Say
from rules.policy import Severity
from rules.programme import Programme
from rules.quiet import Peace
from rules.tasks import OWN_CONTACT, REMEDIES, TITLES, WAYS, Why
from services.gates import Stand

_DECLARED: dict[Content | None, str] = {
    Content.NIL: "dinyatakan nihil",
    Content.FILLED: "diisi",
    Content.PARTIAL: "diisi",
    Content.WITHDRAWN: "ditarik kembali",
    None: "dimintakan waktu",
}
"""What another office of the team did in place of the reporter. None: it asked for time."""


def read_by(programme: Programme, line: Line, to: str) -> bool:
    """Whether `to` may hear of this now, whatever was so when it was planned. A report to the Government is for those
    whom somebody sends it to.
    """
    if line.submission:
        return True
    parties = people.Parties(line.owner, line.giver, line.subject, line.restricted)
    return access.reads(programme.desk, to, line.area, parties)


def item(
    programme: Programme,
    line: Line,
    to: str,
    now: datetime,
    stands: Mapping[str, Stand] = MappingProxyType({}),
) -> Item:
    """A line as `to` reads it. Nobody reads that a report is awaited from himself, or that his own team was told.

    Args:
        stands: by natural key, how ready what is to begin stands.
    """
    reporter, team = people.owing(programme.desk, line.area)
    if line.restricted:
        return _restricted(programme, line, to)
    if line.kind is Kind.SUMMARY:
        return Item(
            say=line.say,
            code=line.code,
            what="Ringkasan",
            area=programme.desk.area_name(line.area),
            due_at=line.since,
            zone=programme.desk.zone,
        )
    if line.kind is Kind.GATE:
        return _gate(programme, line, stands.get(line.key), now)
    if line.kind is Kind.ROLL_CALL:
        return _roll_call(programme, line, to)
    if line.aide:
        return _asked_below(programme, line, line.aide)
    if line.task:
        return _task(programme, line, line.task, to)
    if line.advice:
        return _advice(programme, line, line.advice, to)
    if line.kind is Kind.TRIP:
        return _trip(programme, line, to)
    if line.submission:
        return _submission(programme, line, line.submission)
    duty = programme.policy.duty(line.duty, line.key) if line.duty else None
    return Item(
        say=line.say,
        code=line.code,
        what=duty.name if duty else CATEGORIES[Category(line.category or "")],
        area=programme.desk.area_name(line.area),
        brief=programme.desk.brief(line.area),
        due_at=line.opened_at or line.since,
        zone=line.zone or programme.desk.zone_of(line.area),
        period=line.period,
        above=line.above,
        above_at=line.above_at,
        severity=SEVERITIES[line.severity] if line.severity else None,
        grave=line.severity == Severity.HIGH,
        owned=_owned(programme, line, to),
        received_at=line.received_at,
        receipt=line.receipt,
        warned_at=None if to in team else line.course.warned_at,
        office=_awaited_from(programme, line, reporter, to),
        returned=line.returned,
        declared=_DECLARED[line.declared.content] if line.declared else "",
        by=(line.declared.title, line.declared.sms_name) if line.declared else ("", ""),
        moved_from=line.moved_from,
        moved_by=line.moved_by,
    )


def _awaited_from(programme: Programme, line: Line, reporter: str, to: str) -> str | None:
    """Title of the office that a report is awaited from, or its approval; None: from the reader, or it is none."""
    approver = line.owner if line.say is Say.APPROVAL else None
    awaited = approver or reporter
    return programme.desk.office(awaited).title if line.duty and to != awaited else None


def _advice(programme: Programme, line: Line, advice: AboutAdvice, to: str) -> Item:
    """What an office was given, as it or somebody above reads it. Of a restricted problem no word leaves the desk."""
    owned = line.owner == to
    about = [advice.about] if advice.about else [programme.desk.area_name(line.area)] if line.area else []
    party = f"dari {advice.giver}" if owned else f"kepada {advice.owner}"
    text = [f"Tempat: {advice.place}.", f"Agenda: {advice.text}"] if advice.place else [advice.text]
    words = [*text, advice.word] if advice.word else text
    return Item(
        say=line.say,
        code=line.code,
        what=TITLES_OF_ADVICE[advice.sort],
        area=", ".join([party, *(f"mengenai {one}" for one in about)]),
        due_at=advice.due_at,
        zone=line.zone or programme.desk.zone_of(line.area),
        owned=owned,
        todo="Isinya ada pada halaman desk." if advice.restricted else " ".join(words),
        sort=advice.sort,
        stage=advice.stage,
    )


def _trip(programme: Programme, line: Line, to: str) -> Item:
    """A trip by its number and district: what it is for stands on its page."""
    return Item(
        say=line.say,
        code=line.code,
        what="Kunjungan lapangan",
        area=programme.desk.area_name(line.area),
        brief=programme.desk.brief(line.area),
        due_at=line.since,
        zone=programme.desk.zone_of(line.area),
        owned=line.owner == to,
    )


def _asked_below(programme: Programme, line: Line, aide: About) -> Item:
    """What somebody in a village is asked for his district's report, and by whom."""
    asker = programme.desk.office(people.owing(programme.desk, line.area)[0])
    return Item(
        say=line.say,
        code=aide.code,
        what=programme.policy.duty(aide.duty, aide.key).name,
        area=programme.desk.area_name(line.area),
        brief=programme.desk.brief(line.area),
        due_at=aide.due_at,
        zone=programme.desk.zone_of(line.area),
        period=aide.period,
        by=(asker.title, asker.sms_name),
    )


def _gate(programme: Programme, line: Line, stand: Stand | None, now: datetime) -> Item:
    """What begins soon by its name, with the figure of this moment."""
    return Item(
        say=line.say,
        code=line.code,
        what="Kesiapan dukungan",
        area=stand.preparation.name if stand else programme.desk.regency,
        due_at=now,
        zone=programme.desk.zone,
        figure=stand.words if stand else "",
    )


def _roll_call(programme: Programme, line: Line, to: str) -> Item:
    """Whoever is asked answers with one tap; whoever is above phones, and finds the number on the page alone."""
    asked = programme.desk.office(line.owner or to).title
    return Item(
        say=line.say,
        code=line.code,
        what="Apel kontak",
        area=asked,
        due_at=line.since,
        zone=programme.desk.zone,
        owned=line.owner == to,
        todo=ASKED if line.owner == to else UNANSWERED,
    )


ASKED = "Mohon memastikan bahwa nomor, alamat, dan nama pemegang jabatan sudah benar."
UNANSWERED = "Belum dijawab. Nomor teleponnya ada pada halaman Apel kontak."


def _submission(programme: Programme, line: Line, carried: Carried) -> Item:
    """A report to the Government, with its version and the hash of each document that goes along."""
    own = carried.submission
    files = ", ".join(f"{one.form.upper()} (SHA-256 {(one.digest or '')[:12]}...)" for one in carried.documents)
    corrects = f" (Ralat ke-{own.correction})" if own.correction else ""
    return Item(
        say=line.say,
        code=line.code,
        what=programme.policy.duty(line.duty or "", line.key).name,
        area=programme.desk.area_name(line.area),
        due_at=own.cut_off_at,
        zone=line.zone or programme.desk.zone,
        period=line.period,
        todo=f"Versi {own.version}{corrects}. Berkas: {files}.",
    )


def _owned(programme: Programme, line: Line, to: str) -> bool:
    return line.owner == to and to != people.coordinator(programme.desk, line.area)


def _restricted(programme: Programme, line: Line, to: str) -> Item:
    """No word of what it is about, where, since when, how grave, or who hears next."""
    return Item(
        say=line.say,
        code=line.code,
        what="Permasalahan",
        area=RESTRICTED,
        due_at=line.since,
        zone=programme.desk.zone,
        owned=_owned(programme, line, to),
        restricted=True,
    )


def _task(programme: Programme, line: Line, task: AboutTask, to: str) -> Item:
    own = task.why is Why.WRONG_RECIPIENT and task.office == programme.desk.office(to).title
    return Item(
        say=line.say,
        code=line.code,
        what=TITLES[task.why],
        area=_concerns(programme, task),
        due_at=line.since,
        zone=programme.desk.zone,
        above=line.above,
        above_at=line.above_at,
        todo=OWN_CONTACT if own else REMEDIES[task.why],
    )


def _concerns(programme: Programme, task: AboutTask) -> str:
    """Whom or what a task is about, as it is read in a sentence."""
    if task.why in (Why.SILENCE, Why.SECOND, Why.LAPSED, Why.BUDGET):
        return task.text
    return task.office or (WAYS[task.channel] if task.channel else programme.desk.regency)


_NAMES_NEXT = frozenset({Say.WARNING, Say.ESCALATION, Say.PROBLEM, Say.TASK})


def names_next(line: Line) -> bool:
    """Whether it says who above hears next: a warning does, and an office above reads what follows.

    Before anybody above hears of what waits for a second person, it has lapsed.
    """
    return line.say in _NAMES_NEXT and not line.restricted and not (line.task and line.task.why is Why.SECOND)


def with_next(programme: Programme, line: Line, to: str, now: datetime, resting: Mapping[str, Resting]) -> Line:
    """A line with who above hears next, and when at the earliest.

    Nobody, where nobody is above `to`: whoever hears next is he himself.

    Args:
        resting: by code, the offices with quiet hours of their own.
    """
    climbed, owed = programme.ladder(line.ladder, line.policy), line.kind is Kind.OBLIGATION
    grace = programme.grace(line.area, owed=owed, silent=line.silent)
    next_up = ladder.hears_next(replace(line.course, grace=grace), climbed, now=now)
    if next_up is None:
        return line
    rung, at = next_up
    parties = people.Parties(owner=line.owner if line.kind is Kind.ISSUE else None, subject=line.subject)
    circle = people.circle(programme.desk, line.area, {}, late=owed, parties=parties)
    office = programme.desk.office(circle[Audience(rung.tell)][0].office)
    if office.code == to:
        return line
    if not climbed.urgent:
        at = _peace(programme, rung, resting.get(office.code)).release_at(at, office.zone, line.ladder)
    return line._replace(above=office.title, above_at=at)


def _peace(programme: Programme, rung: ladder.Rung, resting: Resting | None) -> Peace:
    """What keeps an office in peace when a rung tells it: its own quiet hours hold texts, and no mail."""
    if resting is None:
        return programme.peace
    ways = ladder.preferred(rung.by, resting.reach.channels, resting.reach.unconfirmed)
    rings = Channel.EMAIL not in (ways if rung.at_once else ways[:1])
    return programme.peace.besides(*resting.hours) if rings else programme.peace
