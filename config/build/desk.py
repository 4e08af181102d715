"""A desk file: every district has one team and one coordinating office, and every office can be told."""

from datetime import timedelta

from config import gsm
from config.build.common import among, filled, once_each, unrepeated
from config.checking import Check
from config.errors import shown
from config.shapes.desk import DeskShape, OfficeShape, TeamShape
from rules.calendar import within
from rules.desk import Addressee, Desk, District, Office, Polling, Team

_LONGEST_GRACE = timedelta(hours=24)


def build(check: Check[DeskShape]) -> Desk:
    shape = check.shape
    filled(check, "districts", "offices", "teams", "coordination")
    _districts(check)
    _offices(check)
    _teams(check)
    _coordination(check)
    for name, polling in shape.polling.items():
        for district in polling.by_district:
            among(check, ("polling", name, "by_district", district), district, check.declared("districts"), "district")
    return Desk(
        code=shape.desk,
        name=shape.name,
        brand=shape.brand,
        zone=shape.zone,
        regency_code=shape.regency_code,
        regency=shape.regency,
        province=shape.province,
        seat=shape.seat,
        signatory=shape.signatory,
        districts=tuple(
            District(d.code, d.name, d.zone or shape.zone, d.grace or timedelta(0)) for d in shape.districts
        ),
        offices=tuple(_office(office, shape.zone) for office in shape.offices),
        teams=tuple(Team(t.code, t.name, tuple(t.members), dict(t.reporters), t.illustrative) for t in shape.teams),
        coordinators={district: office for office, own in shape.coordination.items() for district in own},
        secretary=shape.secretary,
        chair=shape.chair,
        secretariat=shape.secretariat,
        addressees={
            name: Addressee(a.to, a.attention, a.place, tuple(a.copies)) for name, a in shape.addressees.items()
        },
        polling={
            name: Polling(p.stations, p.voters, p.source, {d: (k.stations, k.voters) for d, k in p.by_district.items()})
            for name, p in shape.polling.items()
        },
    )


def _districts(check: Check[DeskShape]) -> None:
    shape = check.shape
    unrepeated(check, ((("districts", n, "code"), d.code) for n, d in enumerate(shape.districts)), "districts")
    for number, district in enumerate(shape.districts):
        if check.sound("regency_code") and not within(district.code, shape.regency_code):
            what = f"{district.code} does not lie in {shape.regency_code}"
            check.bad(("districts", number, "code"), what, "Look at the code; a desk holds districts of its regency")
        if district.grace is not None and not timedelta(0) <= district.grace <= _LONGEST_GRACE:
            check.bad(("districts", number, "grace"), "is below nothing or above a day", "Write PT0S to PT24H")


def _offices(check: Check[DeskShape]) -> None:
    shape = check.shape
    codes = ((("offices", n, "code"), o.code) for n, o in enumerate(shape.offices))
    unrepeated(check, codes, "offices")
    for number, office in enumerate(shape.offices):
        path = ("offices", number)
        if not office.email and not office.phone:
            check.bad(path, f"{shown(office.code)} has neither email nor phone", "Add one: nobody else would be told")
        if office.sms_name is None and (len(office.title) > 20 or gsm.foreign(office.title)):
            remedy = "Add `sms_name:`, at most 20 plain letters"
            check.bad(path, f"the title {shown(office.title)} is too long for a text message", remedy)
    for post in ("secretary", "chair", "secretariat"):
        if check.sound(post):
            among(check, (post,), getattr(shape, post), check.declared("offices"), "office")


def _teams(check: Check[DeskShape]) -> None:
    shape, known = check.shape, check.declared("offices")
    unrepeated(check, ((("teams", n, "code"), t.code) for n, t in enumerate(shape.teams)), "teams")
    for number, team in enumerate(shape.teams):
        _members(check, number, team, known)
        if not team.reporters and check.sound("teams", number):
            check.bad(
                ("teams", number), f"{team.name} is placed in no district", "Name its districts under `reporters`"
            )
    if check.sound("teams"):
        placed = [(("teams", n, "reporters", d), d) for n, t in enumerate(shape.teams) for d in t.reporters]
        wanted = [(("districts", n, "code"), d.code, d.name) for n, d in enumerate(shape.districts)]
        once_each(check, wanted, placed, what="team", how="Name it under `reporters` of the team placed there")


def _members(check: Check[DeskShape], number: int, team: TeamShape, known: set[str]) -> None:
    unrepeated(check, ((("teams", number, "members", m), o) for m, o in enumerate(team.members)), "members")
    for m, office in enumerate(team.members):
        among(check, ("teams", number, "members", m), office, known, "office")
    for district, reporter in team.reporters.items():
        path = ("teams", number, "reporters", district)
        among(check, path, district, check.declared("districts"), "district")
        if among(check, path, reporter, known, "office") and reporter not in team.members:
            what = f"{shown(reporter)} files for {district} and is no member of {team.name}"
            check.bad(path, what, f"Add it to `members`, or let one of {', '.join(team.members)} file")


def _coordination(check: Check[DeskShape]) -> None:
    shape, districts = check.shape, check.declared("districts")
    if not check.sound("coordination"):
        return
    for office, own in shape.coordination.items():
        among(check, ("coordination", office), office, check.declared("offices"), "office")
        for number, district in enumerate(own):
            among(check, ("coordination", office, number), district, districts, "district")
    placed = [(("coordination", o, n), d) for o, own in shape.coordination.items() for n, d in enumerate(own)]
    wanted = [(("districts", n, "code"), d.code, d.name) for n, d in enumerate(shape.districts)]
    how = "Add it to the list of one office under `coordination`"
    once_each(check, wanted, placed, what="coordinating office", how=how)


def _office(shape: OfficeShape, zone: str) -> Office:
    return Office(
        code=shape.code,
        title=shape.title,
        sms_name=shape.sms_name or shape.title[:20],
        zone=shape.zone or zone,
        email=shape.email,
        phone=shape.phone,
        illustrative=shape.illustrative,
    )
