"""The calendar of Pilkada 2024, and a desk that has another secretary in it than in Pemilu 2024."""

import csv
from datetime import date
from pathlib import Path

import pytest

from config import loader
from config.errors import ConfigError
from rules.calendar import VOTING_DAY, Edge
from rules.duties import Per

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "config"


@pytest.fixture(scope="module")
def pilkada():
    return loader.read(CONFIG / "elections" / "pilkada-2024.yaml")


@pytest.fixture
def programme(pilkada, files):
    return loader.programme(pilkada, files.desk, files.policy)


def test_every_stage_stands_in_its_order_with_its_dates(pilkada):
    with (HERE / "facts" / "stages_pilkada_2024.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]

    found = [(s.code, *(day.isoformat() if day else "" for day in _days(s))) for s in pilkada.value.stages]

    assert found == expected
    assert len(found) == 25


def _days(stage):
    version = stage.version()
    return version.start, version.end


def test_no_press_page_is_cited_as_law(pilkada):
    for stage in pilkada.value.stages:
        for version in stage.versions:
            assert version.legal_basis.startswith(("PKPU", "Jadwal rekapitulasi KPU"))
            assert "." not in version.legal_basis


def test_recapitulation_per_level_became_known_on_voting_day(pilkada):
    election = pilkada.value

    assert election.dated(VOTING_DAY, Edge.START) == date(2024, 11, 27)
    assert election.dated("recapitulation_regency", Edge.END, date(2024, 11, 26)) == date(2024, 12, 16)
    assert election.dated("recapitulation_regency", Edge.END) == date(2024, 12, 6)


def test_registration_is_extended_only_where_somebody_says_so(pilkada):
    extended = next(s for s in pilkada.value.stages if s.code == "K24-B3-EXT")

    assert not extended.active
    assert extended.condition


def test_its_reports_are_owed_while_those_of_pemilu_still_are(programme, files):
    """Preparation began on 27 February 2024, and the last reports of Pemilu came weeks later."""
    both = [programme, loader.programme(files.election, files.desk, files.policy)]

    weekly = [{o.due_at for o in own.obligations() if o.duty.startswith("mingguan")} for own in both]

    assert weekly[0] & weekly[1] != set()
    assert {o.per for o in programme.policy.duties} >= {Per.DISTRICT, Per.OFFICE}


def test_a_desk_has_another_secretary_and_name_in_it(programme, files):
    pemilu = loader.programme(files.election, files.desk, files.policy)

    assert (pemilu.desk.secretary, programme.desk.secretary) == ("kepala-kesbangpol", "kabag-tapem")
    assert (pemilu.desk.name, programme.desk.name) == (
        "Tim DESK Pemilu Kabupaten Barito Kuala",
        "Tim Desk Pilkada Kabupaten Barito Kuala",
    )
    assert pemilu.desk.chair == programme.desk.chair


def test_a_secretary_who_is_no_office_of_the_desk_is_refused_with_line_and_remedy():
    text = (CONFIG / "desks" / "barito-kuala.yaml").read_text(encoding="utf-8")
    wrong = text.replace("{secretary: kabag-tapem,", "{secretary: kabag-tapen,")

    with pytest.raises(ConfigError, match=r"\d+: secretary: .*Did you mean kabag-tapem\?"):
        loader.parse(wrong, "barito-kuala.yaml")
