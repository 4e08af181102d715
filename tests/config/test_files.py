"""The project's own files say what the sources say."""

import csv
import json
from datetime import date, time, timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from config import loader, schema
from config.errors import ConfigError
from rules.calendar import VOTING_DAY, Edge
from rules.desk import Audience, Channel
from rules.duties import Per
from rules.policy import Severity
from rules.quiet import Window
from rules.scenario import Do

FACTS = Path(__file__).parent / "facts"
CONFIG = Path(__file__).parents[2] / "config"
FILES = sorted(
    file
    for folder in ("elections", "desks", "policies", "scenarios", "forms", "reports")
    for file in (CONFIG / folder).glob("*.yaml")
)


def facts(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on(text):
    return date.fromisoformat(text) if text else None


def test_every_stage_stands_in_its_order_with_its_dates(files):
    expected = [(r["code"], r["name"], on(r["start"]), on(r["end"])) for r in facts("stages_pemilu_2024.csv")]

    stages = files.election.value.stages

    assert [(s.code, s.name, s.version().start, s.version().end) for s in stages] == expected
    assert len(expected) == 34


def test_what_never_happened_is_there_and_makes_nothing(files):
    inactive = [s.code for s in files.election.value.stages if not s.active]

    assert inactive == ["P24-09C", *(f"P24-R2-0{n}" for n in range(1, 8))]
    assert all(s.condition for s in files.election.value.stages if not s.active)


def test_no_press_page_is_cited_as_law(files):
    for stage in files.election.value.stages:
        for version in stage.versions:
            assert version.legal_basis.startswith(("PKPU", "UU"))
            assert "." not in version.legal_basis


def test_recapitulation_per_level_became_known_later(files):
    election = files.election.value

    assert election.dated("recapitulation_regency", Edge.END, date(2024, 2, 14)) == date(2024, 3, 20)
    assert election.dated("recapitulation_regency", Edge.END) == date(2024, 3, 5)
    assert election.dated(VOTING_DAY, Edge.START) == date(2024, 2, 14)
    assert [len(s.versions) for s in election.stages if s.code.startswith("P24-10")] == [1, 2, 2, 2, 2, 2]


def test_the_conflict_of_the_second_round_is_noted(files):
    stage = next(s for s in files.election.value.stages if s.code == "P24-R2-01")

    assert "2024-05-17 s.d. 2024-06-12" in stage.version().note


def test_team_viii_is_as_the_source_has_it(files):
    desk = files.desk.value
    team = desk.team("VIII")

    assert [desk.office(code).title for code in team.members] == [
        "Kepala Dinas Kominfo",
        "Kabag Prokopimda Setda",
        "Camat Tamban",
        "Camat Mekarsari",
    ]
    assert {desk.district(code).name: desk.office(own).title for code, own in team.reporters.items()} == {
        "Tamban": "Camat Tamban",
        "Mekarsari": "Camat Mekarsari",
    }
    assert not team.illustrative
    assert [t.code for t in desk.teams] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    assert all(t.illustrative for t in desk.teams if t is not team)


def test_the_desk_has_the_seventeen_districts(files):
    desk = files.desk.value

    assert [(d.code, d.name) for d in desk.districts] == [(r["code"], r["name"]) for r in facts("districts_63.04.csv")]
    assert set(desk.coordinators) == {d.code for d in desk.districts}
    assert {d.zone for d in desk.districts} == {"Asia/Makassar"}


def test_the_desk_has_every_village_of_the_ministrys_list_in_its_district(files):
    desk = files.desk.value
    listed = [(row["code"], row["name"], row["district"]) for row in facts("villages_63.04.csv")]

    assert [(code, name, code.rpartition(".")[0]) for code, name in desk.villages.items()] == listed
    assert len(listed) == 201
    assert sum(name.startswith("Kelurahan ") for d in desk.districts for name in desk.villages_of(d.code).values()) == 6


def test_villages_of_one_name_are_told_apart_by_their_district(files):
    named = [code for code, name in files.desk.value.villages.items() if name == "Karya Baru"]

    assert [files.desk.value.village_name(code) for code in named] == [
        "Desa Karya Baru, Kecamatan Tabunganen",
        "Desa Karya Baru, Kecamatan Barambai",
    ]


def test_nobody_real_can_be_reached(files):
    for desk in (files.desk.value, files.jayapura.value):
        assert all(o.email is None or o.email.endswith(".example") for o in desk.offices)
        numbers = [o.phone for o in desk.offices if o.phone]
        assert len(set(numbers)) == len(numbers)
        assert all(number.startswith("+62820000000") and len(number) == 14 for number in numbers)
        assert all(len(o.sms_name) <= 20 for o in desk.offices)


def test_polling_figures_are_those_of_the_source(files):
    known = files.desk.value.polling["pemilu-2024"]

    assert (known.stations, known.voters, known.by_district) == (1090, 234988, {"63.04.05": (198, None)})
    assert "kabarkalsel" in known.source


def test_everything_in_the_second_desk_is_illustrative(files):
    desk = files.jayapura.value

    assert desk.zone == "Asia/Jayapura"
    assert all(item.illustrative for item in (*desk.offices, *desk.teams))


def test_the_duties_are_those_agreed(files):
    policy = files.policy.value

    assert [duty.code for duty in policy.duties if duty.per is Per.DISTRICT] == [
        "mingguan",
        "harian",
        "hari-h",
        "harian-pasca",
        "mingguan-rekapitulasi",
        "akhir",
    ]
    assert policy.duty("hari-h").at == (time(7, 30), time(10), time(13, 30), time(18), time(22))
    assert policy.duty("laporan-gubernur").opens == timedelta(hours=-16)
    assert [duty.code for duty in policy.duties if duty.per is Per.DESK] == [
        "laporan-gubernur",
        "laporan-harian",
        "laporan-situasi",
        "laporan-akhir",
        "laporan-khusus",
    ]
    assert policy.problems[Severity.HIGH] == "problem-high"
    assert [code for code, ladder in policy.ladders.items() if ladder.urgent] == [
        "urgent",
        "problem-high",
        "government-urgent",
        "summary",
        "tasks-urgent",
        "silence",
    ]
    assert policy.caps.per_day == {Channel.SMS: 4, Channel.EMAIL: 6, Channel.WHATSAPP: 4}
    assert policy.digest == files.policy.digest


def test_the_programme_owes_what_a_calendar_on_paper_says(files):
    owed = loader.programme(files.election, files.desk, files.policy).obligations()

    count = {duty.code: sum(o.duty == duty.code for o in owed) // 17 for duty in files.policy.value.duties}

    mondays = sum(1 for n in range((date(2024, 2, 6) - date(2022, 6, 14)).days + 1)
                  if (date(2022, 6, 14) + timedelta(days=n)).weekday() == 0)  # fmt: skip
    assert count["mingguan"] == mondays == 86
    assert (count["harian"], count["hari-h"], count["harian-pasca"]) == (7, 5, 7)
    assert (count["mingguan-rekapitulasi"], count["akhir"]) == (3, 1)


def test_the_demo_scenario_fits_the_programme(files):
    programme = loader.programme(files.election, files.desk, files.policy)

    demo = loader.scenario(files.demo, programme)

    outage = next(o for o in demo.outages if o.channel is None)
    assert outage.end - outage.start == timedelta(hours=9)
    assert outage.start.isoformat() == "2024-02-13T08:00:00+08:00"
    assert {deed.do for own in (*demo.problems, *demo.advice) for deed in own.deeds} == set(Do)


def test_the_demo_scenario_does_not_fit_another_desk(files):
    programme = loader.programme(files.election, files.jayapura, files.policy)

    with pytest.raises(ConfigError, match=r"demo\.yaml:\d+: pemilu-2024/contoh-jayapura has no district"):
        loader.scenario(files.demo, programme)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("office: kabag-tapem, place", "office: kabag-x, place", "no office 'kabag-x'"),
        ("at_most: 3, offices", "at_most: 3, stages: [P24-99], offices", "no stage 'P24-99'"),
        ('what: reports, place: "63.04.01"', 'what: reports, place: "VIII"', "no such place 'VIII'"),
        ('"63.04.02.2007":\n', '"63.04.02.2099":\n', "no village '63.04.02.2099'"),
    ],
)
def test_a_scenario_names_only_what_the_programme_has(files, written, instead, told):
    programme = loader.programme(files.election, files.desk, files.policy)
    assert written in files.demo.text

    with pytest.raises(ConfigError, match=f"demo.yaml:[0-9]+: pemilu-2024/barito-kuala has {told}"):
        loader.scenario(loader.parse(files.demo.text.replace(written, instead), "demo.yaml"), programme)


@pytest.mark.parametrize("kind", schema.KINDS)
def test_the_schema_is_current(kind):
    file = schema.FOLDER / f"{kind}.schema.json"

    assert file.read_text(encoding="utf-8") == schema.text(kind), "write it anew: ./desk schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text(kind)))


class Core(yaml.SafeLoader):
    """What an editor reads: the core schema of YAML 1.2, which knows neither dates nor `on`."""


Core.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in forms if tag.endswith((":null", ":int", ":float"))]
    for sign, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("true|false"), list("tf"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_editor_finds_nothing_wrong_with_our_files(file):
    text = file.read_text(encoding="utf-8")
    first, _, name = text.partition("\n")[0].partition("$schema=")

    assert first == "# yaml-language-server: "
    described = json.loads((file.parent / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(described).validate(yaml.load(text, Core))


def test_each_report_of_voting_day_has_its_own_name_and_asks_what_can_be_known_by_then(files):
    duty = files.policy.value.duty("hari-h")
    forms = loader.forms(CONFIG / "forms")

    own = [files.policy.value.duty("hari-h", f"pemilu/batola/hari-h/63.04.01/H@{at:%H.%M}") for at in duty.at]
    asked = [{i.code for i in forms[each.form].indicators} for each in own]

    assert [each.name.partition(":")[0] for each in own] == [f"Laporan pukul {at:%H.%M}" for at in duty.at]
    assert len({each.form for each in own}) == len(own)
    assert own[-1].name == "Laporan pukul 22.00: kotak suara"
    assert ["tps-buka" in codes for codes in asked] == [True, False, False, False, False]
    assert ["kotak" in codes for codes in asked] == [False, False, False, False, True]


@pytest.mark.parametrize("name", ["default", "provinsi", "pusat"])
def test_no_missing_form_rings_at_night_with_those_who_lead(name):
    """Nor does a report to the Government, on voting day either. A grave problem may, and a message that is stuck."""
    policy = loader.read(CONFIG / "policies" / f"{name}.yaml").value
    may = {policy.problems[Severity.HIGH], policy.tasks.urgent}
    leading = {Audience.SECRETARY, Audience.CHAIR}

    ringing = [
        (ladder.code, rung.at)
        for ladder in policy.ladders.values()
        if ladder.urgent and ladder.code not in may
        for rung in ladder.rungs
        if rung.tell in leading and rung.wakes and set(rung.by) != {Channel.EMAIL}
    ]

    assert ringing == []
    assert Window(time(20), time(7)) in policy.quiet
