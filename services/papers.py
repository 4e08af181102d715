"""What the papers of the desk's own work say: the minutes of a meeting, the order for a team's field trips."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.matters import meetings, trips
from models.matters.advice import Given
from models.offices import offices
from reports.papers.facts import Decision, Head, Invited, Minutes, Order, Stop
from rules.advice import Stage
from rules.desk import Desk, Team
from rules.government import for_election
from rules.indonesian import local_date, moment, period
from rules.programme import Programme
from rules.typed import first_moment, last_moment
from services.meetings import code, leader

STATES = {
    Stage.GIVEN: "belum dikonfirmasi",
    Stage.CONFIRMED: "dalam pelaksanaan",
    Stage.DONE: "dilaporkan selesai",
    Stage.CLOSED: "selesai",
    Stage.WITHDRAWN: "ditarik kembali",
}


def minutes(session: Session, programme: Programme, meeting: Sequence[Given], *, now: datetime) -> Minutes:
    """The minutes as they stand now."""
    desk, own = programme.desk, meeting[0].advice
    assert own.starts_at is not None
    written = meetings.versions(session, own.id)
    led_by = desk.office(leader(session, programme, meeting)).title
    titles = offices.titles(session, [own.written_by for own in written[:1]])
    return Minutes(
        head=head(desk, ("Pimpinan rapat,", led_by), now),
        code=code(meeting),
        when=_span(own.starts_at, own.ends_at, desk.zone),
        place=own.place,
        agenda=own.text,
        led_by=led_by,
        called_by=meeting[0].giver.title,
        invited=tuple(
            Invited(one.owner.title, one.charge.attended, one.charge.deputy)
            for one in meeting
            if one.stage is not Stage.WITHDRAWN
        ),
        text=written[0].text if written else "",
        decisions=tuple(_decision(desk, one) for one in meetings.decided(session, own.id)),
        written_by=titles[written[0].written_by] if written else "",
    )


def _decision(desk: Desk, one: Given) -> Decision:
    due = moment(one.charge.due_at, desk.zone)
    return Decision(one.matter.code, one.advice.text, one.owner.title, due, STATES.get(one.stage, one.stage))


def order(
    session: Session, programme_id: int, programme: Programme, team: Team, first: date, last: date, *, now: datetime
) -> Order:
    """The order for what a team has planned on these days."""
    desk = programme.desk
    signs = desk.signs(local_date(now, desk.zone))
    since, until = first_moment(first.isoformat(), desk.zone), last_moment(last.isoformat(), desk.zone)
    assert since is not None
    assert until is not None
    planned = trips.during(session, programme_id, team.districts, since=since, until=until)
    decree = [str(desk.decree)] if desk.decree else []
    return Order(
        head=head(desk, tuple(line.strip(" ,") for line in signs.signatory.splitlines() if line.strip(" ,")), now),
        team=team.name,
        period=period(first, last),
        bases=(*decree, *(for_election(desk.letters, programme.election.code) or ())),
        members=tuple((desk.office(member).title, f"Anggota {team.name}") for member in team.members),
        stops=tuple(
            Stop(
                matter.code,
                moment(own.starts_at, desk.zone_of(matter.area)),
                ", ".join(filter(None, (own.place, _station(own), _area(desk, matter.area, own)))),
                own.purpose,
                own.going,
            )
            for matter, own in planned
            if own.called_off_at is None and own.starts_at < until
        ),
    )


def head(desk: Desk, signer: tuple[str, ...], now: datetime) -> Head:
    """Whose paper it is, on the letterhead of whoever signs for the desk on that day."""
    letterhead = desk.signs(local_date(now, desk.zone)).letterhead or (desk.name.upper(),)
    return Head(desk.name, letterhead, desk.address, desk.seat, signer, now, desk.zone, desk.level)


def _station(own: trips.Trip) -> str:
    return f"TPS {own.station}" if own.station else ""


def _area(desk: Desk, area: str, own: trips.Trip) -> str:
    return desk.village_name(own.village) if own.village else desk.area_name(area)


def _span(starts_at: datetime, ends_at: datetime | None, zone: str) -> str:
    return f"{moment(starts_at, zone)} sampai {moment(ends_at, zone)}" if ends_at else moment(starts_at, zone)
