"""The text of a new desk's two files, with comments. What is typed goes in as quoted text and stays text."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.areas import Area, bare
from rules import founding
from rules.duties import Per
from rules.founding import Post, Seat
from rules.programme import Programme


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new desk is, and how it names itself. `province_seat`: where the Governor's letters go."""

    province: Area
    regency: Area
    districts: Sequence[Area]
    zone: str
    seat: str
    province_seat: str
    signatory: str
    brand: str
    phone: str = ""

    @property
    def code(self) -> str:
        return founding.code(self.regency.name.removeprefix("Kabupaten "))


def signatory(regency: Area) -> str:
    """Who signs for a regency: BUPATI TAPIN, WALI KOTA BANJARBARU."""
    head = "WALI KOTA" if regency.name.startswith("Kota ") else "BUPATI"
    return f"{head} {bare(regency.name).upper()}"


def brand(regency: Area) -> str:
    """What texts begin with: Desk Tapin."""
    return founding.brief(f"Desk {bare(regency.name)}", 15)


def desk(place: Place, seats: Sequence[Seat], *, day: str) -> str:
    """The desk's file. It says on which `day` it was written."""
    blocks = (
        _head(place, seats, day),
        _districts(place),
        _teams(seats),
        _coordination(seats),
        _offices(seats),
        _end(place),
    )
    return "\n".join(line for block in blocks for line in (*block, "")).rstrip() + "\n"


def environment(settings: Mapping[str, str]) -> str:
    """The file of settings, in the form that systemd and `deploy/desk-command` read: no quotes, one a line."""
    lines = [
        "# Settings of the desk, written by ./desk init. docs/configuration.md explains each.",
        "# A value holds no quotes and no comment behind it. Keep this file to yourself: it may hold passwords.",
        "",
        *(f"{name}={value}" for name, value in settings.items() if name not in _TOLD),
    ]
    for name, (said, example) in _TOLD.items():
        lines += ["", f"# {said}", f"{name}={settings[name]}" if name in settings else f"#{name}={example}"]
    return "\n".join(lines) + "\n"


_TOLD = {
    "DESK_SMTP_URL": (
        "The mail server. Without this line mails are written into the outbox folder.",
        "smtp://desk:PASSWORD@mail.example:587?tls=starttls",
    ),
    "DESK_MAIL_FROM": ("Mails come from this address.", "desk@example"),
    "DESK_SMS_URL": (
        "Texts. Without this line they are written into the outbox folder.",
        "gateway:https://desk:PASSWORD@sms.example/cgi-bin/sendsms",
    ),
    "DESK_TRIAL_ALLOW": (
        "A trial: only these addresses and numbers get anything; empty: nobody. Take the line out when it is over.",
        "",
    ),
}


def course(programme: Programme) -> str:
    """A scenario for any regency: most report in time, some late, some never; the desk's own reports leave in time."""
    about = "Tiga dari empat laporan masuk tepat waktu, satu dari lima terlambat, sisanya tidak masuk."
    lines = ["scenario: awal", f"about: {_q(about)}", "seed: 1", f"zone: {_q(programme.desk.zone)}"]
    filings = ["  - {on_time: 0.75, late: 0.2, nil: 0.5, early_by: [PT5M, PT50M], late_by: [PT10M, PT3H]}"]
    if codes := [duty.code for duty in programme.policy.duties if duty.per is Per.DESK]:
        own = f"  - {{duties: {_list(codes)}"
        filings.insert(0, f"{own}, on_time: 1, early_by: [PT5M, PT20M]}}")
        lines += ["words:", f"{own}, answers: {{facts: Telah diperiksa dan disetujui.}}}}"]
    lines += ["filings:", *filings]
    return "\n".join(lines) + "\n"


def _q(text: str) -> str:
    """A text in double quotes, as YAML and JSON both read it."""
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_q, texts))}]"


def _head(place: Place, seats: Sequence[Seat], day: str) -> list[str]:
    one = {post: seat.code for seat in seats for post in seat.posts}
    name = f"Tim DESK Pemilu {place.regency.name}"
    phone = f"secretariat_phone: {_q(place.phone)}" if place.phone else '#secretariat_phone: "(0511) 479 9123"'
    return [
        f"# The {name}. Written by ./desk init on {day}; from now on this file is yours.",
        "# docs/configuration.md explains every key. What you change later is put in force with ./desk amend FILE",
        "# --dry-run, then without --dry-run. Offices stand here, never people: their holders are entered on the page",
        "# Kontak.",
        f"desk: {_q(place.code)}",
        f"name: {_q(name)}",
        f"brand: {_q(place.brand)}   # begins every text message",
        f"zone: {_q(place.zone)}",
        f"regency_code: {_q(place.regency.code)}",
        f"regency: {_q(place.regency.name)}",
        f"province: {_q(place.province.name)}",
        f"seat: {_q(place.seat)}   # where letters are dated",
        f"signatory: {_q(place.signatory)}",
        "",
        f"secretary: {_q(one[Post.SECRETARY])}",
        f"chair: {_q(one[Post.CHAIR])}",
        f"secretariat: {_q(one[Post.SECRETARIAT])}",
        "# What people call for help; messages and pages carry it.",
        phone,
    ]


def _districts(place: Place) -> list[str]:
    def line(area: Area) -> str:
        short = founding.brief(area.name)
        brief = f", brief: {_q(short)}" if short != area.name else ""
        return f"  - {{code: {_q(area.code)}, name: {_q(area.name)}{brief}}}"

    return [
        "# Codes of the Ministry of Home Affairs. `grace: PT1H` delays the chase where there is no signal.",
        "districts:",
        *map(line, place.districts),
    ]


def _teams(seats: Sequence[Seat]) -> list[str]:
    lines = ["# Each team with its offices; `reporters` says which of them files for a district.", "teams:"]
    for team in dict.fromkeys(seat.team for seat in seats if seat.team):
        own = [seat for seat in seats if seat.team == team]
        lines += [
            f"  - code: {_q(team)}",
            f"    name: {_q(f'Tim DESK {team}')}",
            f"    members: {_list(seat.code for seat in own)}",
            "    reporters:",
        ]
        reporters = [(d, seat.code) for seat in own if Post.REPORTER in seat.posts for d in seat.districts]
        lines += [f"      {_q(district)}: {_q(code)}" for district, code in reporters]
    return lines


def _coordination(seats: Sequence[Seat]) -> list[str]:
    own = [seat for seat in seats if Post.COORDINATOR in seat.posts]
    lines = ["# Who is told when a team does not answer; every district has one.", "coordination:"]
    return lines + [f"  {_q(seat.code)}: {_list(seat.districts)}" for seat in own]


def _offices(seats: Sequence[Seat]) -> list[str]:
    lines = ["# `sms_name` stands in texts: at most 20 plain characters, another for each.", "offices:"]
    for seat in seats:
        lines += [f"  - code: {_q(seat.code)}", f"    title: {_q(seat.title)}", f"    sms_name: {_q(seat.sms_name)}"]
        lines += [f"    {key}: {_q(own)}" for key, own in (("phone", seat.phone), ("email", seat.email)) if own]
    return lines


def _end(place: Place) -> list[str]:
    return [
        "# Where reports to the Government go. With `email` they can be mailed, with their documents.",
        "addressees:",
        "  default:",
        f"    to: {_q(f'Gubernur {place.province.name}')}",
        "    attention: Kepala Badan Kesatuan Bangsa dan Politik",
        f"    place: {_q(place.province_seat)}",
        "    copies: [Arsip]",
        "",
        "# More that a desk may have: villages, neighbours, responsible, decree, letters, polling. They are explained",
        "# in docs/configuration.md; config/desks/barito-kuala.yaml shows them in use.",
    ]
