"""How every district was treated in a period, from the books: the same for all, and what made a difference."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.matters import treating
from reports.papers.treatment import Applied, Decided, Rule, Treated, Treatment
from rules import treatment as rule
from rules.desk import Audience, Desk
from rules.indonesian import moment, number, period
from rules.ladder import Rung, Say
from rules.programme import Programme
from rules.recap import Counts as Owed
from rules.recap import Period, Split, recap
from services import papers
from services import recap as owing

WHOM = {
    Audience.REPORTER: "pelapor wilayah",
    Audience.TEAM: "tim wilayah",
    Audience.OWNER: "penanggung jawab",
    Audience.HANDLERS: "penanggung jawab dan koordinator",
    Audience.GIVER: "pemberi",
    Audience.SECRETARIAT: "sekretariat",
    Audience.COORDINATOR: "koordinator wilayah",
    Audience.SECRETARY: "Sekretaris Tim DESK",
    Audience.CHAIR: "Ketua Tim DESK",
}
SAID = {
    Say.REMINDER: "pengingat",
    Say.DUE: "batas waktu tiba",
    Say.OVERDUE: "belum diterima",
    Say.WARNING: "pemberitahuan sebelum diteruskan",
    Say.ESCALATION: "penerusan",
}


def gather(session: Session, programme_id: int, programme: Programme, own: Period, *, now: datetime) -> Treatment:
    """All districts of the desk, in the file's order, about the reports that fell due in the period."""
    desk = programme.desk
    areas = [district.code for district in desk.districts]
    after, until = own.bounds(desk.zone)
    span = {"after": after, "until": min(until, now)}
    told = treating.said(session, programme_id, areas, **span)
    granted = treating.granted(session, programme_id, areas, **span)
    rows = owing.rows(session, programme_id, programme, own, areas=areas, now=now)
    owed = {line.code: line.counts for line in recap(rows, programme, Split.AREA, areas, now=now)}
    applied: dict[str, set[str]] = defaultdict(set)
    for one in told:
        applied[one.policy].add(one.area)
    return Treatment(
        head=papers.head(desk, ("Sekretaris Tim DESK,", desk.office(desk.secretary).title), now),
        election=programme.election.name,
        period=period(*own),
        districts=tuple(_treated(desk, area, owed[area], told, granted) for area in areas),
        decided=tuple(_decided(desk, one) for area in areas for one in granted if one.area == area),
        rules=tuple(_rules(programme)),
        policies=tuple(Applied(digest, len(districts)) for digest, districts in applied.items()),
        excepted=tuple(
            f"{desk.area_name(area)}, penagihan ditunda {number(round(minutes))} menit"
            for area, minutes in rule.excepted(desk).items()
        ),
    )


def _treated(desk: Desk, area: str, owed: Owed, told: list[treating.Said], granted: list[treating.Granted]) -> Treated:
    counts = rule.count(
        [(one.say, one.audience, one.times) for one in told if one.area == area],
        [one.what for one in granted if one.area == area],
    )
    return Treated(
        name=desk.district(area).name,
        owed=owed.due,
        late=owed.late + owed.missing,
        reminders=counts.reminders,
        warnings=counts.late,
        above=counts.above,
        extended=counts.extended,
        waived=counts.waived,
        revoked=counts.revoked,
        returned=counts.returned,
    )


def _decided(desk: Desk, one: treating.Granted) -> Decided:
    zone = desk.zone_of(one.area)
    name = desk.district(one.area).name
    return Decided(name, one.code, rule.GRANTS[one.what], moment(one.at, zone), one.by, one.why)


def _rules(programme: Programme) -> list[Rule]:
    every = (
        Rule(duty, _when(rung), WHOM[rung.tell], SAID.get(rung.say, str(rung.say)))
        for duty, _, rung in rule.rules(programme.policy)
    )
    return list(dict.fromkeys(every))


def _when(rung: Rung) -> str:
    """`2 jam 30 menit sebelum batas waktu`, `3 hari kerja sesudah batas waktu`."""
    at = rung.at
    if not at:
        return "pada batas waktu"
    minutes = round(abs(at).total_seconds() / 60)
    days = "hari kerja" if rung.working else "hari"
    parts = ((minutes // 1440, days), (minutes % 1440 // 60, "jam"), (minutes % 60, "menit"))
    told = " ".join(f"{number(many)} {unit}" for many, unit in parts if many)
    return f"{told} {'sebelum' if at < timedelta(0) else 'sesudah'} batas waktu"
