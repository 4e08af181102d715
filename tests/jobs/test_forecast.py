"""What messages cost at least, as the scenario has it, and at most: the same programme, with other answers."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from config import founding, loader
from jobs.rehearsal import folder, forecast
from jobs.rehearsal.rehearse import prepare
from models.matters.reports import Report
from rules.costs import Costs, Prices, cost
from rules.desk import Channel
from rules.filing import Content
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT

ZONE = ZoneInfo("Asia/Makassar")
START, END = datetime(2024, 2, 12, tzinfo=ZONE), datetime(2024, 2, 13, 23, 59, tzinfo=ZONE)
PRICES = "\ncosts:\n  prices: {sms: {each: 300}}\n"
HALF = """scenario: separuh
about: Separuh laporan masuk tepat waktu.
seed: 7
zone: Asia/Makassar
filings:
  - {on_time: 0.5, late: 0.2, early_by: [PT5M, PT1H], late_by: [PT1H, PT3H]}
"""


@pytest.fixture(scope="module")
def world():
    policy = loader.parse(POLICY.read_text(encoding="utf-8") + PRICES, "berharga.yaml")
    files = [loader.read(ELECTION), loader.read(DESK), policy]
    scenario = loader.scenario(loader.parse(HALF, "separuh.yaml"), loader.programme(*files))
    return files, scenario, loader.forms(ROOT / "config/forms"), loader.reports(ROOT / "config/reports")


@pytest.fixture(scope="module")
def played(world, tmp_path_factory):
    files, scenario, forms, kinds = world
    ends = forecast.bounds(files, scenario, forms, kinds, seed=None, start=START, end=END)
    own = prepare(files, scenario, forms, kinds, seed=None, start=START, end=END, out=tmp_path_factory.mktemp("own"))
    for _ in own.play():
        pass
    out = Path(own.rt.documents).parent
    summary = folder.write(own, out, start=START, forecast=ends)
    own.close()
    return summary, (out / "index.html").read_text(encoding="utf-8")


def test_what_comes_in_time_costs_least_and_what_never_comes_most(played):
    summary, _ = played

    least, likely, most = (sum(summary["forecast"][end].values()) for end in ("low", "likely", "high"))

    assert least < likely < most
    assert likely == summary["cost"]


def test_a_text_costs_what_the_policy_says(played):
    summary, _ = played
    own = Costs({Channel.SMS: Prices(300)})

    assert summary["cost"] == summary["counts"]["segments"] * cost(own, Channel.SMS, "", 1)
    assert "price_per_segment" not in summary


def test_the_page_shows_all_three_and_what_they_mean(played):
    summary, page = played

    for words in ("Biaya menurut harga dalam kebijakan desk.", "Terendah", "Perkiraan", "Tertinggi"):
        assert words in page
    assert f"Rp{sum(summary['forecast']['high'].values()):,}".replace(",", ".") in page


def test_two_runs_of_the_same_forecast_are_the_same(world, played):
    files, scenario, forms, kinds = world

    again = forecast.bounds(files, scenario, forms, kinds, seed=None, start=START, end=END)

    assert again == {end: played[0]["forecast"][end] for end in ("low", "high")}


def test_what_takes_no_nil_report_is_filed_in_full_by_the_first_scenario_of_every_desk(world, tmp_path):
    files, _, forms, kinds = world
    programme = loader.programme(*files)
    final = next(own for own in programme.obligations() if own.duty == "akhir")
    script = loader.scenario(loader.parse(founding.course(programme), "awal.yaml"), programme)
    script = replace(script, filings=tuple(replace(own, on_time=1, late=0, nil=1) for own in script.filings))
    days = {"start": final.due_at - timedelta(hours=2), "end": final.due_at + timedelta(hours=1)}

    own = prepare(files, script, forms, kinds, seed=None, **days, out=tmp_path)
    for _ in own.play():
        pass

    with own.rt.sessions() as session:
        filed = session.scalars(select(Report.content)).all()
    own.close()
    assert own.people.refused == []
    assert Content.NIL not in filed
    assert filed
