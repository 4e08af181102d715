"""The lint reads every text before anybody gets it, and bites."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader

import notifiers
from notifiers import lint
from notifiers.render import Renderer
from rules.calendar import Anchor
from rules.desk import Audience, Channel, Desk, District, Hotline, Office
from rules.duties import Days, Duty, OnHoliday, Per
from rules.ladder import Ladder, Rung, Say
from rules.policy import Caps, Delivery, Policy, Severity

TEMPLATES = Path(notifiers.__file__).parent / "templates"
BOTH = (Channel.SMS, Channel.EMAIL)
RUNGS = tuple(
    Rung(timedelta(hours=n), Audience.TEAM, BOTH, say)
    for n, say in enumerate((Say.REMINDER, Say.DUE, Say.OVERDUE, Say.WARNING, Say.ESCALATION))
)
OFFICE = Office("camat", "Camat Rantau Badauh", "Camat Rantau Badauh", "Asia/Makassar")
DESK = Desk(
    code="batola",
    name="Tim DESK Pemilu Kabupaten Barito Kuala",
    brand="Desk Batola",
    zone="Asia/Makassar",
    regency_code="63.04",
    regency="Kabupaten Barito Kuala",
    province="Kalimantan Selatan",
    seat="Marabahan",
    signatory="Bupati",
    districts=(District("63.04.07", "Rantau Badauh", "Asia/Makassar"),),
    offices=(OFFICE,),
    teams=(),
    coordinators={},
    secretary="camat",
    chair="camat",
    secretariat="camat",
    addressees={},
    polling={},
)
DUTY = Duty(
    code="mingguan",
    name="Laporan mingguan",
    form="mingguan",
    per=Per.DISTRICT,
    days=Days(Anchor(None), Anchor(None)),
    at=(),
    ladder="routine",
    nil=True,
    on_holiday=next(iter(OnHoliday)),
    opens=timedelta(0),
    closes=timedelta(0),
)
POLICY = Policy(
    code="default",
    duties=(DUTY,),
    ladders={
        "routine": Ladder("routine", RUNGS, timedelta(0)),
        "problem": Ladder("problem", (Rung(timedelta(0), Audience.COORDINATOR, BOTH, Say.PROBLEM),), timedelta(0)),
    },
    problems=dict.fromkeys(Severity, "problem"),
    quiet=(),
    caps=Caps({}),
    delivery=Delivery((), timedelta(0), timedelta(0), timedelta(0), {}),
)


def with_template(name: str, source: str) -> Renderer:
    return Renderer(ChoiceLoader([DictLoader({name: source}), FileSystemLoader(TEMPLATES)]))


def test_our_own_texts_pass():
    assert lint.findings([DESK], [POLICY]) == []


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("overdue/sms.txt.j2", "{{ brand }}: Anda terlambat. {{ link }}", "reproaches: 'Anda'"),
        ("overdue/sms.txt.j2", "{{ brand }}: laporan –", "characters outside the basic GSM alphabet: '–'"),
        ("overdue/sms.txt.j2", "{{ brand }}: [laporan] {{ link }}", "characters outside the basic GSM alphabet: '[]'"),
        ("overdue/sms.txt.j2", "{{ brand }}: laporan {{ link }}", "has no room for the salutation"),
        ("overdue/sms.txt.j2", "Yth. {{ sms_name }} {{ link }}", "does not begin with the brand"),
        ("overdue/sms.txt.j2", "{{ brand }}: {{ 'x' * 130 }} {{ link }}", "has no room for the link"),
        ("overdue/sms.txt.j2", "{{ brand }}: {{ area }} {{ link }}", "a fact nobody declared: 'area' is undefined"),
        (
            "problem/sms.txt.j2",
            "{{ brand }}: sangat rawan {{ link }}",
            "tells what the problem is about: 'sangat rawan'",
        ),
        ("overdue/email.txt.j2", "{{ brand }}: " + "x" * 70 + "\n\n---\n", "the subject has 97 characters"),
        ("overdue/email.txt.j2", "laporan\n\n---\n", "the subject does not begin with the brand"),
        ("overdue/email.txt.j2", "{{ brand }}: x\n\nTim lalai.\n\n---\n", "reproaches: 'lalai'"),
        ("overdue/email.txt.j2", "{{ brnd }}: x\n\n---\n", "a fact nobody declared: 'brnd' is undefined"),
        (
            "problem/email.txt.j2",
            "{{ brand }}: {{ rows[0].what }}\n\n---\n",
            "the subject tells what the problem is about",
        ),
    ],
)
def test_a_bad_text_is_found(name: str, source: str, expected: str):
    found = lint.findings([DESK], [POLICY], renderer=with_template(name, source))

    assert any(expected in line for line in found), found
    assert all(line.startswith("batola: Camat Rantau Badauh: ") for line in found)


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        (replace(OFFICE, sms_name="Camat Rantau Badauh Baru"), "sms_name has 24 characters"),
        (replace(OFFICE, sms_name="Camat “Tamban”"), "sms_name has characters outside"),
    ],
)
def test_a_name_that_does_not_suit_phones_is_found(office: Office, expected: str):
    found = lint.findings([replace(DESK, offices=(office,))], [POLICY])

    assert any(expected in line for line in found)


def test_a_duty_that_reproaches_is_found_by_whole_words_only():
    named = [replace(DUTY, name="Laporan tim lalai"), replace(DUTY, name="Laporan kelalaian standar")]

    found = [lint.findings([DESK], [replace(POLICY, duties=(duty,))]) for duty in named]

    assert found[0]
    assert found[1] == []


def test_the_list_of_words_is_the_callers():
    assert lint.findings([DESK], [POLICY], blame=("mohon",))


def test_what_is_wrong_for_many_offices_is_told_once():
    many = tuple(replace(OFFICE, code=f"camat-{n}") for n in range(5))
    spoilt = with_template("overdue/sms.txt.j2", "{{ brand }}: Yth. {{ sms_name }}, lalai {{ link }}")

    found = lint.findings([replace(DESK, offices=many, secretariat="camat-0")], [POLICY], renderer=spoilt)

    assert len(found) == len(set(found)) == 5


def test_a_mail_that_sends_people_to_the_secretariat_without_its_number_is_found():
    desk = replace(DESK, offices=(*DESK.offices, replace(OFFICE, code="x")), hotline=Hotline("+6282000000034"))
    silent = with_template("overdue/email.txt.j2", "{{ brand }}: x\n\nMohon hubungi Sekretariat.\n\n---\n")

    found = lint.findings([replace(desk, secretariat="x")], [POLICY], renderer=silent)

    assert any("names the secretariat, and no number to call" in line for line in found)
