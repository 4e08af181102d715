"""A desk file: every district has one team and one coordinating office, and every office can be told."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from config.build import support
from config.build.common import among, filled, once_each, unrepeated
from config.checking import Check
from config.errors import Path, shown
from config.shapes.desk import (
    AddresseeShape,
    DeskShape,
    DistrictShape,
    OfficeShape,
    OtherAddresseeShape,
    SignatoryShape,
    TeamShape,
)
from config.words import not_plain
from rules import gsm, levels, risks
from rules.desk import Addressee, Decree, Desk, District, Hotline, Office, Polling, Posts, Responsible, Signatory, Team
from rules.levels import Level
from rules.quiet import LONGEST_OWN, Window, empty, length

_LONGEST_GRACE = timedelta(hours=24)
_MOST_TILES = 30


def build(check: Check[DeskShape]) -> Desk:
    shape = check.shape
    filled(check, "districts", "offices", "teams", "coordination")
    _own_area(check)
    _districts(check)
    _villages(check)
    _tiles(check)
    _offices(check)
    _quiet(check)
    _teams(check)
    _coordination(check)
    _responsible(check)
    _risks(check)
    _neighbours(check)
    _addressees(check)
    for area in shape.keys:
        among(check, ("keys", area), area, check.declared("districts"), "area")
    _signatories(check)
    for name, polling in shape.polling.items():
        for district in polling.by_district:
            among(check, ("polling", name, "by_district", district), district, check.declared("districts"), "district")
    return Desk(
        code=shape.desk,
        level=shape.level,
        name=shape.name,
        brand=shape.brand,
        zone=shape.zone,
        regency_code=shape.regency_code,
        regency=shape.regency,
        province=shape.province,
        seat=shape.seat,
        signatory=shape.signatory,
        districts=tuple(
            District(d.code, d.name, d.zone or shape.zone, d.grace or timedelta(0), _tile(d), d.brief or "")
            for d in shape.districts
        ),
        villages=dict(shape.villages),
        offices=tuple(_office(office, shape.zone) for office in shape.offices),
        teams=tuple(Team(t.code, t.name, tuple(t.members), dict(t.reporters), t.illustrative) for t in shape.teams),
        coordinators={district: office for office, own in shape.coordination.items() for district in own},
        secretary=shape.secretary,
        chair=shape.chair,
        secretariat=shape.secretariat,
        hotline=Hotline(shape.secretariat_phone, shape.secretariat_whatsapp),
        signatories=tuple(map(_signatory, shape.signatories)),
        address=tuple(shape.address),
        decree=Decree(own.title, own.number, own.date, own.about) if (own := shape.decree) else None,
        letters={name: tuple(own) for name, own in shape.letters.items()},
        posts={
            name: Posts(own.secretary or shape.secretary, own.name or shape.name) for name, own in shape.posts.items()
        },
        addressees={name: _addressee(own) for name, own in shape.addressees.items()},
        polling={
            name: Polling(p.stations, p.voters, p.source, {d: (k.stations, k.voters) for d, k in p.by_district.items()})
            for name, p in shape.polling.items()
        },
        responsible=tuple(Responsible(r.category, r.office, tuple(r.districts)) for r in shape.responsible),
        keys=dict(shape.keys),
        crest_file=shape.crest or "",
        crest=shape.crest_digest or "",
        risks=dict(shape.risks) or dict(risks.KINDS),
        preparations=support.preparations(check),
        support=support.duties(check),
        neighbours={code: tuple(own) for code, own in shape.neighbours.of.items()} if shape.neighbours else {},
    )


def _districts(check: Check[DeskShape]) -> None:
    shape = check.shape
    _plain(check, "districts")
    unrepeated(check, ((("districts", n, "code"), d.code) for n, d in enumerate(shape.districts)), "districts")
    for number, district in enumerate(shape.districts):
        if check.sound("regency_code") and not levels.inside(shape.level, district.code, shape.regency_code):
            what = f"{district.code} is no {levels.word(shape.level)} of {shape.regency_code}"
            check.bad(("districts", number, "code"), what, f"Look at the code, and at `level`: a {_HOLDS[shape.level]}")
        if district.grace is not None and not timedelta(0) <= district.grace <= _LONGEST_GRACE:
            check.bad(("districts", number, "grace"), "is below nothing or above a day", "Write PT0S to PT24H")


_HOLDS = {
    Level.REGENCY: 'regency\'s desk holds districts, such as "63.04.02"',
    Level.PROVINCE: 'province\'s desk holds regencies, such as "63.04"',
    Level.CENTRE: 'centre\'s desk holds provinces, such as "63"',
}


def _own_area(check: Check[DeskShape]) -> None:
    """The desk's own code is one of its level."""
    shape = check.shape
    right = shape.regency_code.count(".") + 1 == levels.own_parts(shape.level)
    if not right or (shape.level is Level.CENTRE) != (shape.regency_code == levels.NATION):
        what = f"{shown(shape.regency_code)} is not the code of a {shape.level}"
        example = {Level.REGENCY: "63.04", Level.PROVINCE: "63", Level.CENTRE: levels.NATION}[shape.level]
        check.bad(("regency_code",), what, f'Write one such as "{example}", or look at `level`')


def _villages(check: Check[DeskShape]) -> None:
    """Each lies in a district of this file. Two districts may have villages of one name, never one district."""
    named: dict[tuple[str, str], str] = {}
    for code, name in check.shape.villages.items():
        district = code.rpartition(".")[0]
        if district not in check.declared("districts"):
            what = f"{code} ({name}) lies in {district}, a district that this file does not have"
            check.bad(("villages", code), what, "Look at the code; a desk holds villages of its districts")
        first = named.setdefault((district, name.casefold()), code)
        if first != code:
            what = f"{code} and {first} are both called {shown(name)}"
            check.bad(("villages", code), what, "Give each its own name, as the ministry's list writes it")


def _tiles(check: Check[DeskShape]) -> None:
    taken: dict[tuple[int, int], str] = {}
    for number, district in enumerate(check.shape.districts):
        tile, path = _tile(district), ("districts", number, "tile")
        if tile is None:
            continue
        if max(tile) > _MOST_TILES:
            check.bad(path, f"lies beyond {_MOST_TILES}", f"Count columns and rows from 1 to {_MOST_TILES}")
        if tile in taken:
            check.bad(path, f"is the tile of {taken[tile]} too", "Give each district a tile of its own")
        taken[tile] = district.name


def _tile(district: DistrictShape) -> tuple[int, int] | None:
    return (district.tile[0], district.tile[1]) if district.tile else None


def _quiet(check: Check[DeskShape]) -> None:
    for number, office in enumerate(check.shape.offices):
        if office.quiet is None:
            continue
        own = Window(office.quiet.start, office.quiet.end)
        if empty(own):
            what = f"the quiet hours of {office.code} begin when they end"
            check.bad(("offices", number, "quiet"), what, "Write two different hours, or leave them out")
        elif length(own) > LONGEST_OWN:
            what = f"no routine text would reach {office.code} for more than 12 hours a day"
            check.bad(("offices", number, "quiet"), what, "Write 12 hours at most")


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
    for key in ("phone", "email", "sms_name"):
        _its_own(check, key)
    for post in ("secretary", "chair", "secretariat"):
        if check.sound(post):
            among(check, (post,), getattr(shape, post), check.declared("offices"), "office")
    for name, own in shape.posts.items():
        if own.secretary is not None:
            among(check, ("posts", name, "secretary"), own.secretary, check.declared("offices"), "office")


def _its_own(check: Check[DeskShape], key: str) -> None:
    """Names and addresses must belong to one office alone, or a message to one would be read by another."""
    having: dict[str, str] = {}
    for number, office in enumerate(check.shape.offices):
        value = getattr(office, key) or (office.title if key == "sms_name" else "")
        first = having.setdefault(value.casefold(), office.code)
        if value and first != office.code:
            what = f"{shown(office.code)} has the {key.replace('sms_name', 'name in texts')} of {shown(first)}"
            check.unmeant(("offices", number, key), what, _OWN[key])


_OWN = {
    "phone": "Give each office its own; who holds two is entered as their holder: ./desk people import",
    "email": "Give each office its own; who holds two is entered as their holder: ./desk people import",
    "sms_name": "Add an `sms_name:` that tells it from the other",
}


def _plain(check: Check[DeskShape], key: str) -> None:
    """Names that stand in texts have no character that halves what a text holds."""
    for number, own in enumerate(getattr(check.shape, key)):
        if wrong := not_plain(own.name):
            check.unmeant((key, number, "name"), *wrong)


def _teams(check: Check[DeskShape]) -> None:
    shape, known = check.shape, check.declared("offices")
    _plain(check, "teams")
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
            what = f"{shown(reporter)} files for {district} and is not a member of {team.name}"
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


def _risks(check: Check[DeskShape]) -> None:
    """Tables name a kind by its name."""
    seen: set[str] = set()
    for code, name in check.shape.risks.items():
        if name.casefold() in seen:
            check.bad(("risks", code), f"{shown(name)} is the name of two kinds of risk", "Give each its own name")
        seen.add(name.casefold())


def _responsible(check: Check[DeskShape]) -> None:
    for number, own in enumerate(check.shape.responsible):
        path: Path = ("responsible", number)
        among(check, (*path, "office"), own.office, check.declared("offices"), "office")
        for place, district in enumerate(own.districts):
            among(check, (*path, "districts", place), district, check.declared("districts"), "district")


def _addressees(check: Check[DeskShape]) -> None:
    """Whoever is mailed a copy is named as one, and nobody has two addresses."""
    known: dict[str, str] = {}
    for name, own in check.shape.addressees.items():
        path: Path = ("addressees", name)
        for copy in own.copy_emails:
            among(check, (*path, "copy_emails", copy), copy, set(own.copies), "copy")
        addressee = _addressee(own)
        every = (addressee, *addressee.kinds.values())
        for title, email in ((title, email) for one in every for title, email in one.mailed.items()):
            if known.setdefault(title, email) != email:
                what = f"{shown(title)} has another address than in an addressee above"
                check.bad(path, what, "Give it one address: a mail finds the office, not the report")


def _addressee(shape: AddresseeShape) -> Addressee:
    emails = dict(shape.copy_emails)
    usual = Addressee(shape.to, shape.attention, shape.place, tuple(shape.copies), shape.email, emails)
    return replace(usual, kinds={code: _other(usual, own) for code, own in shape.kinds.items()})


def _other(usual: Addressee, shape: OtherAddresseeShape) -> Addressee:
    """Where one kind goes. Another unit does not have the usual one's address."""
    moved = shape.to is not None or shape.attention is not None
    return Addressee(
        to=shape.to or usual.to,
        attention=usual.attention if shape.attention is None else shape.attention,
        place=shape.place or usual.place,
        copies=usual.copies if shape.copies is None else tuple(shape.copies),
        email=shape.email or (None if moved else usual.email),
        copy_emails=usual.copy_emails,
    )


def _signatory(shape: SignatoryShape) -> Signatory:
    lines = "\n".join(filter(None, (shape.signatory, shape.on_behalf)))
    return Signatory(shape.since, lines, tuple(shape.letterhead))


def _signatories(check: Check[DeskShape]) -> None:
    since = [own.since for own in check.shape.signatories]
    for number, (before, after) in enumerate(pairwise(since), 1):
        if after <= before:
            what = f"{after} does not come after {before}"
            check.bad(("signatories", number, "from"), what, "Write them in the order of their days")


def _neighbours(check: Check[DeskShape]) -> None:
    """Who borders on whom is said from both sides: a slip on one side shows."""
    of = check.shape.neighbours.of if check.shape.neighbours else {}
    known = check.declared("districts")
    for district, own in of.items():
        here: Path = ("neighbours", "of", district)
        among(check, here, district, known, "district")
        unrepeated(check, (((*here, n), code) for n, code in enumerate(own)), "neighbours of one district")
        for number, code in enumerate(own):
            if code == district:
                check.bad((*here, number), f"{code} is its own neighbour", "Remove it")
            elif among(check, (*here, number), code, known, "district") and district not in of.get(code, ()):
                what = f"{district} names {code} as its neighbour, and {code} does not name {district}"
                how = f"Add {district} to the neighbours of {code}, or remove {code} here"
                check.bad((*here, number), what, how)


def _office(shape: OfficeShape, zone: str) -> Office:
    return Office(
        code=shape.code,
        title=shape.title,
        sms_name=shape.sms_name or shape.title[:20],
        zone=shape.zone or zone,
        email=shape.email,
        phone=shape.phone,
        illustrative=shape.illustrative,
        quiet=Window(shape.quiet.start, shape.quiet.end) if shape.quiet else None,
    )
