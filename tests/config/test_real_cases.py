"""What happened in 2023 to 2025, put in force as docs/amending.md says: only who is affected owes."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from config import loader
from rules import amending, duties
from rules.amending import Act, Known
from rules.calendar import WEEKEND
from tests import recipes

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
PSU = "Voting is repeated, goes on, or is caught up (PSU, PSL, PSS)"


def amended(name, *pairs):
    """An election's file with other words in it."""
    text = (CONFIG / "elections" / name).read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return loader.parse(text, name)


@pytest.fixture(scope="module")
def policy():
    """The usual one with the duty that the page shows."""
    duty, _ = recipes.blocks(PSU, "yaml", page=ROOT / "docs" / "amending.md")
    text = (CONFIG / "policies" / "default.yaml").read_text(encoding="utf-8")
    own = "".join(f"  {line}" for line in duty.splitlines(keepends=True))
    return loader.parse(text.replace("\nduties:\n", f"\nduties:\n{own}\n"), "policy.yaml")


def owed(election, desk, policy, duty):
    return [own for own in loader.programme(election, desk, policy).obligations() if own.duty == duty]


def active(areas):
    """The stage of re-votes, in these places on Saturday, 24 February 2024."""
    return amended(
        "pemilu-2024.yaml",
        ("    active: false\n    condition: Hanya di TPS", f"    areas: {areas}\n    condition: Hanya di TPS"),
        (
            "        note: Tidak ada di Lampiran PKPU 3/2022; batas H+10\n",
            "      - {known_from: 2024-02-16, legal_basis: Keputusan KPU, start: 2024-02-24, end: 2024-02-24}\n",
        ),
    )  # fmt: skip


def test_nothing_is_owed_of_a_re_vote_until_there_is_one(files, policy):
    assert owed(files.election, files.desk, policy, "psu") == []


def test_voting_caught_up_in_ten_villages_is_owed_by_their_district_alone(files, policy):
    """As in Demak, where ten flooded villages voted on 24 February 2024."""
    villages = [code for code in files.desk.value.villages if code.startswith("63.04.01.")][:10]

    found = owed(active(villages), files.desk, policy, "psu")

    assert len(villages) == 10
    assert [(own.area, own.due_at.isoformat()) for own in found] == [
        ("63.04.01", "2024-02-24T05:30:00+00:00"),
        ("63.04.01", "2024-02-24T10:00:00+00:00"),
    ]
    assert {(own.period_start, own.period_end) for own in found} == {(date(2024, 2, 24), date(2024, 2, 24))}


def test_who_was_told_of_a_re_vote_hears_when_it_is_called_off(files, policy):
    before = owed(active(["63.04.01.2001", "63.04.02.2003"]), files.desk, policy, "psu")
    books = {own.key: Known(own) for own in before}

    steps = amending.plan(
        books, owed(files.election, files.desk, policy, "psu"), now=before[0].due_at - timedelta(days=2)
    )

    assert {(step.act, step.report.area) for step in steps} == {(Act.CANCEL, "63.04.01"), (Act.CANCEL, "63.04.02")}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param(["63.04"], 17, id="one pair stood in the regency"),
        pytest.param(["63.05"], 0, id="it stood in the neighbouring one"),
    ],
)
def test_longer_registration_is_owed_only_where_one_pair_stood(files, where, expected):
    inactive, active = (
        "    active: false\n    condition: Hanya di daerah",
        f"    areas: {where}\n    condition: Di daerah",
    )
    election = amended("pilkada-2024.yaml", (inactive, active))
    text = (CONFIG / "policies" / "default.yaml").read_text(encoding="utf-8")
    duty, _ = recipes.blocks(PSU, "yaml", page=ROOT / "docs" / "amending.md")
    own = "".join(f"  {line}" for line in duty.replace("revote", "candidate_registration_extended").splitlines(True))
    longer = loader.parse(text.replace("\nduties:\n", f"\nduties:\n{own}\n"), "policy.yaml")

    found = owed(election, files.desk, longer, "psu")

    assert {own.due_at.date() for own in found} == ({date(2024, 9, 2)} if expected else set())
    assert len({own.area for own in found}) == expected


def test_a_re_vote_on_a_saturday_that_became_a_holiday_is_reported_on_that_day(files, policy):
    """As in Banjarbaru, which voted again on Saturday, 19 April 2025, a holiday by the minister's letter."""
    election = amended(
        "pilkada-2024.yaml",
        ("    role: recapitulation_province\n", "    role: revote\n"),
        (
            "        start: 2024-11-30\n        end: 2024-12-09\n",
            "        start: 2025-04-19\n        end: 2025-04-19\n",
        ),
    )
    programme = loader.programme(election, files.desk, policy)
    closed = programme.holidays | {date(2025, 4, 19)}

    made = duties.obligations(election.value, programme.desk, programme.policy.duties, closed, WEEKEND)

    found = {own.due_at.date() for own in made if own.duty == "psu"}
    assert found == {date(2025, 4, 19)}


def holidays_of_2023(*, without):
    """The closed days of 2023 before the decree named these."""
    with (Path(__file__).parent / "facts" / "holidays_2023_2024.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]) for row in csv.DictReader(file)} - {
            date.fromisoformat(d) for d in without
        }


def test_a_decree_revised_twice_in_a_year_moves_what_is_ahead_and_nothing_else(files):
    """Collective leave of 2023: 19, 20 and 25 April came in March, 28 and 30 June in the middle of June."""
    programme = loader.programme(files.election, files.desk, files.policy)
    spring, summer = {"2023-04-19", "2023-04-20", "2023-04-25"}, {"2023-06-28", "2023-06-30"}

    def calendar(without):
        days = holidays_of_2023(without=without)
        return duties.obligations(files.election.value, programme.desk, programme.policy.duties, days, WEEKEND)

    first, second, third = calendar(spring | summer), calendar(summer), calendar(())
    march, june = first[0].due_at.replace(2023, 3, 28), first[0].due_at.replace(2023, 6, 16)
    moved = amending.plan({own.key: Known(own) for own in first}, second, now=march)
    again = amending.plan({own.key: Known(own) for own in second}, third, now=june)

    assert {step.act for step in moved} == {Act.MOVE, Act.KEEP}
    assert {(step.before.owed.due_at.date(), step.report.due_at.date()) for step in moved if step.act is Act.MOVE} == {
        (date(2023, 4, 25), date(2023, 4, 26)),  # weekly reports of Monday, the 24th, which was leave already
        (date(2023, 4, 19), date(2023, 4, 26)),  # and the desk's own, of Wednesday
    }
    assert all(step.report.due_at > june for step in again if step.act is not Act.KEEP)


def final_by_working_days(files, without):
    """A report due three working days after recapitulation ends, as if that were on 14 April 2023."""
    days = holidays_of_2023(without=without)
    election = amended(
        "pemilu-2024.yaml", ("start: 2024-02-17\n        end: 2024-03-05", "start: 2023-04-01\n        end: 2023-04-14")
    )
    text = files.policy.text.replace(
        "on: {stage: recapitulation_regency, edge: end, plus: P14D}",
        "on: {stage: recapitulation_regency, edge: end, working_days: 3}",
    )
    own = loader.programme(election, files.desk, loader.parse(text, "policy.yaml"))
    return replace(own, holidays=frozenset(days), decrees={2023: f"SKB yang ke-{3 - len(without) // 2}"})


def test_what_is_due_after_working_days_moves_with_the_decree_and_says_which(files):
    """19, 20 and 25 April 2023 became collective leave in March: three working days after the 14th end on the 26th."""
    before = final_by_working_days(files, {"2023-04-19", "2023-04-20", "2023-04-25"})
    after = final_by_working_days(files, ())
    books = {own.key: Known(own) for own in before.obligations()}
    march = next(iter(books.values())).owed.due_at.replace(2023, 3, 28)

    steps = [step for step in amending.plan(books, after.obligations(), now=march) if step.report.duty == "akhir"]

    assert {step.act for step in steps} == {Act.MOVE}
    assert {(step.before.owed.due_at.date(), step.report.due_at.date()) for step in steps} == {
        (date(2023, 4, 19), date(2023, 4, 26))
    }
    assert {amending.moved_by(before, after, step) for step in steps} == {"SKB yang ke-3"}
    nameless = replace(after, decrees={})
    assert amending.moved_by(before, nameless, steps[0]) == amending.OTHER_HOLIDAYS


def test_what_the_desk_itself_moved_is_no_decrees(files):
    before = final_by_working_days(files, ())
    text = files.policy.text.replace('at: ["15:00"]\n    opens: -P13D', 'at: ["16:00"]\n    opens: -P13D')
    after = loader.programme(files.election, files.desk, loader.parse(text, "policy.yaml"))
    same_stages = replace(after, election=before.election)
    books = {own.key: Known(own) for own in before.obligations()}
    now = next(iter(books.values())).owed.due_at

    steps = amending.plan(books, same_stages.obligations(), now=now)

    step = next(step for step in steps if step.report.duty == "akhir")
    assert amending.moved_by(before, same_stages, step) == ""
