"""What the system opens and asks by itself, never twice; a problem ends when what it was opened for went away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.desk.changes import Hand, Way
from models.matters import beside, issues, questions, silences
from models.matters.issues import Described
from models.matters.matters import Matter
from models.matters.obligations import Looked
from rules import dispatch, indonesian, levels, opening
from rules.filing import Content, Standing, judged_by
from rules.issues import Category
from rules.ladder import Say
from rules.policy import Severity
from rules.programme import Programme
from services import outcomes, problems, telling
from services.telling import office_of

BY_ITSELF = "sistem/"
SILENT, NIL = f"{BY_ITSELF}senyap", f"{BY_ITSELF}nihil"
"""How the keys begin that let a problem of the system be opened once."""


def look(session: Session, id: int, programme: Programme, due: Sequence[Looked], *, now: datetime) -> None:
    """Open and end what these reports ask for. Harmless to repeat."""
    due = [own for own in due if own.area in programme.desk.coordinators]
    came = [own for own in due if own.standing is Standing.RECEIVED]
    nils = [own for own in came if own.content is Content.NIL]
    for own in due:
        if own.standing is Standing.OWED and silent(programme, own, now):
            _silent(session, id, programme, own, now)
    if came:
        _came(session, id, programme, came, now)
    if nils and programme.policy.opens.incidents:
        _stand_out(session, id, programme, nils, now)
    for own in nils:
        _ask(session, id, programme, own, now)


def silent(programme: Programme, own: Looked, now: datetime) -> bool:
    """Whether a report has been silent past the policy's limit, and nobody asked for time or took it on."""
    after = programme.policy.opens.silent_after.get(own.duty)
    rests = any(until is not None and until > now for until in (own.promised_until, own.acknowledged_until))
    return after is not None and not rests and judged_by(own.due_at, own.extended_until) + after <= now


def _hand(session: Session, programme: Programme) -> Hand:
    """The system writes in the secretariat's name, and says that it did."""
    office = office_of(session, programme, programme.desk.secretariat)
    return Hand(office.id, office.title, Way.SYSTEM)


def _silent(session: Session, id: int, programme: Programme, own: Looked, now: datetime) -> None:
    """A problem of the district, unless it reported something else since; while it is open, other silent reports only
    add a word to it.
    """
    place = f"{SILENT}/{id}/{own.area}/"
    zone = programme.desk.zone_of(own.area)
    name = programme.policy.duty(own.duty, own.key).name
    word = f"{name} ({own.code}), batas waktu {indonesian.moment(own.due_at, zone)}, belum diterima."
    if issues.sent(session, f"{place}{own.id}") or silences.heard_since(session, id, own.area, own.due_at):
        return
    if already := next(iter(beside.still_open(session, place).values()), None):
        if own.code not in " ".join(event.text for event in issues.events(session, already.id)):
            hand = _hand(session, programme)
            problems.noted(session, already, issues.Step.REPORTED, hand=hand, text=word, now=now)
        return
    opens = programme.policy.opens
    described = Described(
        area=own.area,
        category=Category(opens.category),
        severity=Severity(opens.severity),
        title=f"{name} belum diterima",
        detail=f"{word} Dibuka oleh sistem; mohon dipastikan keadaannya lewat telepon.",
    )
    _open(session, id, programme, described, f"{place}{own.id}", now)


def _open(session: Session, id: int, programme: Programme, described: Described, once: str, now: datetime) -> None:
    matter = problems.open_(session, id, programme, described, hand=_hand(session, programme), now=now)
    issues.change(session, matter.id, once=once)


def _came(session: Session, id: int, programme: Programme, came: Sequence[Looked], now: datetime) -> None:
    """Reports of these districts are there: what was opened because of their silence is over."""
    codes = {f"{SILENT}/{id}/{own.area}": own.code for own in reversed(came)}
    for once, waiting in beside.still_open(session, f"{SILENT}/{id}/").items():
        code = codes.get(once.rpartition("/")[0])
        if code:
            matter, outcome = issues.locked(session, waiting.key), f"Laporan {code} sudah diterima."
            outcomes.mend(session, matter, hand=_hand(session, programme), outcome=outcome, now=now)


def _stand_out(session: Session, id: int, programme: Programme, nils: Sequence[Looked], now: datetime) -> None:
    """See which of these nils are of a day on which neighbours reported incidents."""
    incidents = dict[tuple[datetime, datetime], dict[str, Category]]()
    desk, least = programme.desk, programme.policy.opens.incidents
    areas = [district.code for district in desk.districts]
    for own in nils:
        at, zone = own.received_at or now, desk.zone_of(own.area)
        day = dispatch.day_start(at, zone), dispatch.next_day(at, zone)
        if day not in incidents:
            incidents[day] = beside.incidents(session, id, areas, but=BY_ITSELF, between=day)
        if opening.stands_out(own.area, incidents[day], desk.neighbours, least=least):
            _beside(session, id, programme, own, incidents[day], now)


def _beside(
    session: Session, id: int, programme: Programme, own: Looked, by_area: Mapping[str, Category], now: datetime
) -> None:
    """A nil on a day on which neighbours reported incidents is looked at; nobody says that it is wrong."""
    desk, at = programme.desk, own.received_at or now
    zone, neighbours = desk.zone_of(own.area), desk.neighbours[own.area]
    once = f"{NIL}/{id}/{own.area}/{at.astimezone(ZoneInfo(zone)):%Y-%m-%d}"
    if issues.sent(session, once) is not None:
        return
    areas = [district for district in desk.districts if district.code in by_area and district.code in neighbours]
    names = indonesian.listed([district.name for district in areas])
    described = Described(
        area=own.area,
        category=by_area[areas[0].code],
        severity=Severity.LOW,
        title=f"Nihil, sedangkan {levels.word(desk.level)} tetangga melaporkan kejadian",
        detail=f"{own.code} nihil; pada hari yang sama ada kejadian di {levels.named(desk.level, names)}. "
        "Dibuka oleh sistem; mohon dipastikan kepada pelapornya.",
    )
    _open(session, id, programme, described, once, now)


def _ask(session: Session, id: int, programme: Programme, own: Looked, now: datetime) -> None:
    """Nil upon nil is asked about, politely and once: it may well be so."""
    times, most = programme.policy.opens.nil_times.get(own.duty, 0), opening.MOST_ASKED
    if not times:
        return
    contents = questions.last_contents(session, id, own.area, own.duty, until=own.due_at, most=most)
    if opening.asks(contents, times):
        matter = session.get_one(Matter, own.id)
        telling.tell_reporter(session, programme, matter, Say.SURE, questions.SURE, 0, now)
