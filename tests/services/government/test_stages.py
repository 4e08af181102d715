"""Which stages and regulations the Government reads of: what concerns the regency, as it was known at the cut-off."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import loader
from models.matters.obligations import Obligation
from reports.government.facts import Course
from rules.programme import Programme
from services.government import header, stages

CONFIG = Path(__file__).parents[3] / "config"
WITA = ZoneInfo("Asia/Makassar")
KIND = loader.reports(CONFIG / "reports")["laporan-gubernur"]


@pytest.fixture(scope="module")
def programme():
    own = (loader.read(CONFIG / name).value for name in
           ("elections/pemilu-2024.yaml", "desks/barito-kuala.yaml", "policies/default.yaml"))  # fmt: skip
    return Programme(*own, frozenset(), date(2024, 12, 31), "")


def report(first, last, cut_off):
    return Obligation(period_start=first, period_end=last, opens_at=cut_off, zone="Asia/Makassar")


WEEK_7 = report(date(2024, 2, 5), date(2024, 2, 11), datetime(2024, 2, 14, 18, tzinfo=WITA))
IN_2022 = report(date(2022, 6, 20), date(2022, 6, 26), datetime(2022, 6, 28, 18, tzinfo=WITA))


def cited(programme, own):
    """The regulations that a letter with every basis cites."""
    return tuple(basis for basis in header.legal_bases(programme, KIND, own) if basis.startswith("PKPU"))


def test_a_letter_of_2022_cites_no_regulation_of_2024(programme):
    assert cited(programme, IN_2022) == ("PKPU 3/2022 Lampiran I",)


def test_a_regulation_is_cited_from_the_day_on_which_it_was_known(programme):
    after = report(date(2024, 2, 12), date(2024, 2, 18), datetime(2024, 2, 20, 18, tzinfo=WITA))

    assert cited(programme, WEEK_7) == ("PKPU 3/2022 Lampiran I",)
    assert "PKPU 5/2024 Lampiran (jadwal rekapitulasi berjenjang)" in cited(programme, after)


def test_the_day_of_the_cut_off_is_that_of_the_desk(programme):
    """Shortly after midnight in Makassar it is still the day before in Greenwich."""
    own = report(date(2024, 2, 12), date(2024, 2, 14), datetime(2024, 2, 15, 0, 30, tzinfo=WITA))

    assert len(cited(programme, own)) == 2


def test_after_the_polls_have_closed_nobody_reads_that_voting_is_ahead(programme):
    shown = {s.name: s.course(date(2024, 2, 14)) for s in stages.stages(programme, WEEK_7)}

    assert shown["Masa Kampanye Pemilu"] is Course.OVER
    assert shown["Masa Tenang"] is Course.OVER
    assert shown["Pemungutan suara"] is Course.ONLY_DAY
    assert shown["Penghitungan suara"] is Course.RUNNING
    assert shown["Rekapitulasi tingkat kabupaten/kota"] is Course.AHEAD


def test_voters_abroad_are_not_a_regencys(programme):
    of_districts = [programme.election.stage(role).covers("63.04.02") for role in
                    ("recapitulation_abroad", "recapitulation_district")]  # fmt: skip

    assert not any("PPLN" in stage.name for stage in stages.stages(programme, WEEK_7))
    assert of_districts == [False, True]


def test_every_stage_has_a_name_that_a_letter_may_print(programme):
    for stage in programme.election.stages:
        assert not set(stage.name) & set(":;") or stage.name.startswith("Putaran kedua: ")
        assert "hari setelah" not in stage.name
        assert "AKTUAL" not in stage.name
