"""A rehearsal in the middle of which voting day moves: who reports stays the same, when follows the new calendar."""

import json
from datetime import date

import pytest

from config import loader
from jobs.rehearsal import play
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT
from tests.stories.test_open_cases import SOONER


def priced(each):
    return POLICY.read_text("utf-8") + f"\ncosts:\n  prices: {{sms: {{each: {each}}}}}\n"


SCRIPT = """scenario: mundur
about: Hari pemungutan suara mundur satu hari.
seed: 7
zone: Asia/Makassar
filings:
  - {duties: [harian], on_time: 0, late: 1, nil: 1, late_by: [PT1H, PT3H], last: 2024-02-11}
  - {duties: [harian, hari-h], on_time: 1, nil: 1, early_by: [PT5M, PT10M]}
  - {on_time: 1, early_by: [PT5M, PT10M]}
words:
  - {duties: [laporan-harian, laporan-situasi, laporan-gubernur], answers: {facts: Telah diperiksa.}}
amendments:
  - at: 2024-02-12 13:10
    files: [berubah/pemilihan.yaml, kebijakan.yaml]
expects:
  - {at_most: 0, from: "13:10", until: "13:12"}
"""


def rehearsed(folder, script, policy, first, last):
    (folder / "skenario.yaml").write_text(script, "utf-8")
    files = [loader.read(ELECTION), loader.read(DESK), policy]
    forms, kinds = loader.forms(ROOT / "config/forms"), loader.reports(ROOT / "config/reports")
    days = date.fromisoformat(first), date.fromisoformat(last)
    return play.play(
        files, loader.read(folder / "skenario.yaml"), forms, kinds,
        out=folder / "out", documents="none", tell=lambda share, day: None, days=days,
    )  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mundur")
    (folder / "berubah").mkdir()
    moved = ELECTION.read_text("utf-8").replace("2024-02-15, end: 2024-03", "2024-02-16, end: 2024-03")
    (folder / "berubah/pemilihan.yaml").write_text(moved.replace("2024-02-14", "2024-02-15"), "utf-8")
    (folder / "kebijakan.yaml").write_text(priced(900), "utf-8")
    summary = rehearsed(folder, SCRIPT, loader.parse(priced(300), "awal.yaml"), "2024-02-11", "2024-02-15")
    return summary, folder / "out"


def lines(out, name):
    return [json.loads(line) for line in (out / f"{name}.jsonl").read_text("utf-8").splitlines()]


def test_the_summary_says_what_moved_and_how_many_were_told(played):
    summary, out = played
    (own,) = summary["amendments"]

    assert (own["at"], own["files"]) == ("2024-02-12T13:10:00+08:00", ["pemilihan.yaml", "kebijakan.yaml"])
    assert own["duties"]["hari-h"]["move"] == 15
    said = {line["recipient"] for line in lines(out, "notices") if line["say"] in ("amended", "dropped")}
    assert own["told"] == len(said) > 0


def test_what_moved_is_reported_by_its_new_time_and_everything_is_taken(played):
    summary, out = played
    voting = [line for line in lines(out, "obligations") if line["duty"] == "hari-h"]

    assert {line["due_at"][:10] for line in voting} == {"2024-02-15"}
    assert {line["timeliness"] for line in voting} == {"on_time"}
    assert all(line["received_at"][:10] == "2024-02-15" for line in voting)
    taken = next(own for own in summary["promises"] if own["name"].startswith("the desk took all"))
    assert taken["which"] == []


def test_what_the_scenario_expects_holds_over_the_amendment_too(played):
    summary, _ = played
    own = next(own for own in summary["promises"] if own["name"].startswith("expected: "))

    assert not own["kept"]
    assert {which.rpartition(" at ")[2] for which in own["which"]} == {"2024-02-12 13.10"}
    assert "camat-tamban by sms" in " ".join(own["which"])


def test_a_text_costs_what_the_policy_said_when_it_left(played):
    _, out = played
    texts = [line for line in lines(out, "messages") if line["channel"] == "sms"]
    prices = {line["at"] >= "2024-02-12T13:10": set() for line in texts}
    for line in texts:
        prices[line["at"] >= "2024-02-12T13:10"].add(line["cost"] // line["segments"])

    assert prices == {False: {300}, True: {900}}


def test_the_page_shows_it(played):
    _, out = played
    page = (out / "index.html").read_text("utf-8")

    for words in ("Perubahan di tengah geladi", "15 berubah waktunya", "Diberi tahu tentang perubahan ini:"):
        assert words in page


def test_what_the_books_do_not_take_by_then_is_told_and_changes_nothing(tmp_path):
    renamed = POLICY.read_text("utf-8").replace("- code: harian\n", "- code: lain\n")
    renamed = renamed.replace("[harian,", "[lain,").replace(" harian: PT20H", " lain: PT20H")
    (tmp_path / "kebijakan.yaml").write_text(renamed, "utf-8")
    script = "scenario: x\nzone: Asia/Makassar\namendments:\n  - {at: 2024-02-12 20:00, files: [kebijakan.yaml]}\n"

    summary = rehearsed(tmp_path, script, loader.read(POLICY), "2024-02-12", "2024-02-12")

    taken = next(own for own in summary["promises"] if own["name"].startswith("the desk took all"))
    assert "duty harian has reports that stay" in taken["which"][0]
    assert summary["amendments"] == []


@pytest.mark.parametrize("also_open", [False, True])
def test_open_cases_keep_their_ladder_unless_the_scenario_says_otherwise(tmp_path, also_open):
    """Nobody reports; an hour and a half after the time the coordinator is to be told an hour sooner."""
    text = POLICY.read_text("utf-8")
    for old, new in SOONER:
        text = text.replace(old, new)
    (tmp_path / "kebijakan.yaml").write_text(text, "utf-8")
    amendment = f"{{at: 2024-02-11 16:30, files: [kebijakan.yaml], also_open: {str(also_open).lower()}}}"
    script = f"scenario: x\nzone: Asia/Makassar\namendments:\n  - {amendment}\n"

    summary = rehearsed(tmp_path, script, loader.read(POLICY), "2024-02-11", "2024-02-11")

    (own,) = summary["amendments"]
    first = min(line["planned_at"][11:16] for line in lines(tmp_path / "out", "notices") if line["say"] == "escalation")
    assert (own["open"]["kept"] > 0, own["open"]["carried"] > 0) == (not also_open, also_open)
    assert first == ("17:30" if also_open else "18:30")
