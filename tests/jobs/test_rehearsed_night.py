"""The demo's voting day and the night after: what its scenario writes down is what the desk makes of it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from config import loader
from jobs.rehearsal import folder
from jobs.rehearsal.rehearse import Rehearsal, prepare
from models.matters import advice, issues
from models.matters.issues import Issue, Step
from models.matters.matters import Matter
from models.matters.reports import Report
from models.messages.notices import Notice
from models.offices.offices import Office
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.expecting import Expectation
from tests.test_examine_demo import examine_demo

CONFIG = Path(loader.__file__).parent
FILES = ("elections/pemilu-2024.yaml", "desks/barito-kuala.yaml", "policies/default.yaml")
ZONE = ZoneInfo("Asia/Makassar")


@contextmanager
def rehearsed(out: Path, first: str, last: str) -> Iterator[Rehearsal]:
    files = [loader.read(CONFIG / name) for name in FILES]
    demo = loader.scenario(loader.read(CONFIG / "scenarios/demo.yaml"), loader.programme(*files))
    start, end = (datetime.fromisoformat(at).replace(tzinfo=ZONE) for at in (first, last))
    rehearsal = prepare(files, demo, loader.forms(CONFIG / "forms"), {}, seed=None, start=start, end=end, out=out)
    for _ in rehearsal.play():
        pass
    yield rehearsal
    rehearsal.close()


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    with rehearsed(tmp_path_factory.mktemp("night"), "2024-02-14T05:00", "2024-02-15T10:00") as played:
        yield played


@pytest.fixture
def session(night):
    with night.rt.sessions.begin() as session:
        yield session


def problem(session, title):
    return session.execute(select(Matter, Issue).join(Issue, Issue.id == Matter.id).where(Issue.title == title)).one()


def steps(session, title):
    return [event.step for event in issues.events(session, problem(session, title)[0].id)]


def test_the_desk_takes_everything_that_is_done(night):
    assert night.people.refused == []


def test_the_grave_problem_of_the_night_wakes_whoever_has_it_and_the_coordinator_within_a_minute(session):
    matter, issue = problem(session, "Perahu pembawa kotak suara kandas di muara")
    told = session.execute(
        select(Office.code, Notice.planned_at)
        .join(Notice, Notice.office_id == Office.id)
        .where(Notice.matter_id == matter.id, Notice.state == NoticeState.DISPATCHED)
    ).all()

    first = {office for office, at in told if (at - issue.opened_at).total_seconds() < 60}
    assert first == {"kadis-perhubungan", "asisten-pemerintahan"}
    assert "kepala-kesbangpol" in {office for office, _ in told}
    assert (issue.confirmed_at is not None, issue.affected) == (True, 9)


@pytest.fixture(scope="module")
def summary(night, tmp_path_factory):
    return folder.write(night, tmp_path_factory.mktemp("left"), start=datetime(2024, 2, 14, 5, tzinfo=ZONE))


def test_between_eight_and_seven_nothing_routine_rings_with_the_chair_on_voting_day_either(summary):
    expected = [own for own in summary["promises"] if own["name"].startswith("expected: ")]

    assert len(expected) == 3
    assert [own["which"] for own in expected] == [[], [], []]
    assert expected[0]["text"] == (
        "Sesuai skenario: tidak ada pesan antara pukul 20.00 dan 07.00 kepada sekda melalui sms, whatsapp, kecuali "
        "dari problem-high"
    )


def test_an_expectation_that_does_not_hold_names_each_message_that_is_too_many(night, tmp_path):
    nights = replace(night.scenario.expects[0], offices=frozenset({"asisten-pemerintahan"}), but=frozenset())
    strict = replace(night, scenario=replace(night.scenario, expects=(nights,)))

    told = folder.write(strict, tmp_path, start=datetime(2024, 2, 14, 5, tzinfo=ZONE))

    (own,) = (own for own in told["promises"] if own["name"].startswith("expected: "))
    assert told["broken_promises"] >= 1
    assert not own["kept"]
    row = re.compile(r"message \d+ to asisten-pemerintahan by sms at 2024-02-1[45] (2[0-3]|0[0-6])\.\d\d")
    assert all(row.fullmatch(which) for which in own["which"])
    assert own["found"] == len(own["which"]) > 0


def test_a_cost_that_is_too_high_is_told_with_its_sum_and_where_it_went(night, summary, tmp_path):
    spent = summary["cost"]
    expects = (Expectation(costs_at_most=spent), Expectation(costs_at_most=spent - 1000, by=frozenset({Channel.SMS})))
    strict = replace(night, scenario=replace(night.scenario, expects=expects))

    told = folder.write(strict, tmp_path, start=datetime(2024, 2, 14, 5, tzinfo=ZONE))

    enough, less = (own for own in told["promises"] if own["name"].startswith("expected: "))
    whole = f"Rp{spent:,}".replace(",", ".")
    assert (enough["kept"], enough["found"], enough["which"]) == (True, whole, [])
    assert (less["kept"], less["found"], less["which"][0]) == (False, whole, "Rp1.000 too much")
    row = re.compile(r"Rp([\d.]+) for \d+ message\(s\) by sms, (stage P24-\w+|no stage)")
    parts = [row.fullmatch(which) for which in less["which"][1:]]
    assert sum(int(part[1].replace(".", "")) for part in parts) == spent
    assert less["text"].startswith("Sesuai skenario: biaya pesan paling banyak Rp")
    assert less["text"].endswith(" melalui sms")


def test_the_same_water_reported_twice_is_one_problem_and_both_stay_readable(session):
    first, _ = problem(session, "Air pasang menggenangi TPS, antrean pemilih berhenti")
    _, second = problem(session, "Genangan di jalan ke TPS Tabunganen Muara")

    assert second.merged_into == first.id
    assert Step.JOINED in steps(session, "Air pasang menggenangi TPS, antrean pemilih berhenti")


def test_a_correction_takes_a_problem_back_but_only_people_close_it(session):
    matter, issue = problem(session, "Bencana dan cuaca: perlu perhatian")
    versions = session.scalars(select(Report).where(Report.obligation_id == issue.obligation_id)).all()

    assert [own.version for own in versions] == [1, 2]
    assert steps(session, issue.title) == [Step.OPENED, Step.WITHDRAWN]
    assert matter.closed_at is None


def test_nil_beside_two_neighbours_with_water_is_asked_about(session):
    areas = session.scalars(
        select(Matter.area).join(Issue, Issue.id == Matter.id).where(Issue.title.startswith("Nihil, sedangkan"))
    ).all()

    assert "63.04.13" in areas


def test_the_board_was_looked_at_when_the_scenario_says(night):
    local = [f"{look['at'].astimezone(ZONE):%H.%M}" for look in night.people.looks]

    assert local == ["07.45", "10.15", "13.45", "18.15", "22.15"]


def test_every_figure_of_the_board_is_what_plain_rows_say_and_a_wrong_one_is_found(night):
    looks = [{**look, "at": look["at"].astimezone(ZONE).isoformat()} for look in night.people.looks]
    wrong = [{**looks[2], "open": looks[2]["open"] + 1}]

    with closing(sqlite3.connect(night.rt.sessions.kw["bind"].url.database)) as database:
        examine_demo.examine_looks(database, looks, CONFIG / "forms", faults := examine_demo.Faults())
        examine_demo.examine_looks(database, wrong, CONFIG / "forms", found := examine_demo.Faults())

    assert len(looks) == 5
    assert faults.lines() == []
    assert len(found.lines()) == 1


def test_of_what_was_given_something_is_done_something_is_chased_and_a_meeting_has_its_attendance(tmp_path):
    with rehearsed(tmp_path, "2024-02-07T08:00", "2024-02-11T23:00") as played, played.rt.sessions.begin() as session:
        given = [
            advice.one(session, id) for id in session.scalars(select(Matter.id).where(Matter.key.contains("/advice/")))
        ]

    assert played.people.refused == []
    assert {str(own.stage) for own in given} >= {"closed", "over", "confirmed", "given"}
    assert (
        sorted(str(own.charge.attended) for own in given if own.advice.place) == ["False"] * 2 + ["None"] + ["True"] * 4
    )
