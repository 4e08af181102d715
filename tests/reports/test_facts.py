import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given

from reports.government import facts, figures
from reports.government.facts import Content, Course, Stage
from rules import government
from rules.desk import Audience
from tests.reports import samples
from tests.reports.samples import district, owed, problem, received, waived, week


@given(samples.weeks())
def test_frozen_facts_come_back_the_same(weekly):
    text = facts.to_json(weekly)

    assert facts.from_json(text) == weekly
    assert facts.to_json(facts.from_json(text)) == text


def test_the_zone_an_instant_is_held_in_does_not_change_the_frozen_text():
    plain = week()
    local = samples.CUT_OFF.astimezone(timezone(timedelta(hours=8)))

    assert facts.to_json(replace(plain, header=replace(plain.header, cut_off=local))) == facts.to_json(plain)


@given(samples.weeks())
def test_every_figure_equals_a_count_of_the_frozen_rows(weekly):
    told = figures.printed(weekly)

    assert told == recounted(json.loads(facts.to_json(weekly)))


@given(samples.weeks())
def test_what_became_of_the_reports_adds_up_to_what_was_owed(weekly):
    for place in weekly.districts:
        parts = (place.filled_on_time, place.nil_on_time, place.late, place.missing, place.waived)

        assert sum(parts) == place.owed
        assert place.filled + place.nil + place.partial == place.received


def test_a_waived_report_stays_in_the_denominator():
    place = district(2, received("R-0001"), waived("R-0002", "banjir"))

    assert (place.owed, place.received, place.waived, place.missing) == (2, 1, 1, 0)


def test_what_is_missing_is_named_in_the_order_of_the_codes():
    weekly = week(district(1, owed("R-0009")), district(2, received("R-0002")), district(3, owed("R-0001")))

    assert [(place.name, [r.code for r in rows]) for place, rows in weekly.missing] == [
        ("Tabunganen", ["R-0009"]),
        ("Anjir Pasar", ["R-0001"]),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda: week(district(2), district(1)), id="districts out of order"),
        pytest.param(lambda: week(district(1), district(1)), id="a district twice"),
        pytest.param(lambda: week(district(1, owed("R-1", day=13))), id="due after the cut-off"),
        pytest.param(lambda: week(district(1, received("R-1", day=12, late=False).__class__(
            "k", "R-1", "x", samples.due(12), facts.Standing.RECEIVED, Content.NIL, True,
            datetime(2024, 2, 13, tzinfo=UTC)))), id="received after the cut-off"),
        pytest.param(lambda: week(district(1, replace(received("R-1"), content=None))), id="received and empty"),
        pytest.param(lambda: week(district(1, received("R-1", Content.WITHDRAWN))), id="received and taken back"),
        pytest.param(lambda: week(district(1, replace(owed("R-1"), late=True))), id="late and not received"),
        pytest.param(lambda: week(district(1), problems=(problem(district="63.04.02"),)), id="a problem nowhere"),
    ],
)  # fmt: skip
def test_impossible_facts_are_refused(broken):
    with pytest.raises(ValueError):
        broken()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"surprise": 1}, "Weekly: unknown surprise"),
        ({"legal_bases": "x"}, "Weekly.legal_bases: a list expected"),
        ({"header": {}}, "Weekly.header: .*missing"),
        ({"districts": [{"code": 1}]}, r"Weekly.districts\[0\].code: text expected"),
        ({"polling": {"stations": "1", "voters": 2, "source": ""}}, "Weekly.polling.stations: int expected"),
    ],
)
def test_other_json_is_refused_and_the_place_is_named(change, where):
    stored = json.loads(facts.to_json(week())) | change

    with pytest.raises(ValueError, match=where):
        facts.from_json(json.dumps(stored))


@pytest.mark.parametrize(
    ("start", "end", "course"),
    [
        pytest.param((1, 1), (2, 10), Course.OVER, id="ended before"),
        pytest.param((2, 11), (2, 13), Course.RUNNING, id="in the middle"),
        pytest.param((2, 11), (2, 12), Course.LAST_DAY, id="ends that day"),
        pytest.param((2, 12), (2, 12), Course.ONLY_DAY, id="that day alone"),
        pytest.param((2, 12), (2, 14), Course.RUNNING, id="begins that day"),
        pytest.param((2, 13), (2, 14), Course.AHEAD, id="begins the day after"),
        pytest.param((1, 1), None, Course.RUNNING, id="open end"),
    ],
)
def test_where_a_stage_is_on_a_day(start, end, course):
    stage = Stage("S", "Tahap", date(2024, *start), date(2024, *end) if end else None, "")

    assert stage.course(date(2024, 2, 12)) is course


def recounted(stored):
    """The figures again, by hand, from the frozen rows alone."""
    counts, resolved = Counter(), "resolved"
    for place in stored["districts"]:
        for name in figures.COUNTS:
            counts[f"district.{place['code']}.{name}"] = counts[f"reports.{name}"] = 0
    for name in figures.COUNTS:
        counts[f"reports.{name}"] = 0
    told = [(place["code"], name) for place in stored["districts"] for r in place["reports"] for name in names_of(r)]
    for code, name in told:
        counts[f"district.{code}.{name}"] += 1
        counts[f"reports.{name}"] += 1
    incomplete = {code for code, name in told if name == "missing"}
    counts["districts"] = len(stored["districts"])
    counts["districts.missing"] = len(incomplete)
    counts["districts.complete"] = len(stored["districts"]) - len(incomplete)
    counts["problems.grave"] = counts["problems.before"] = 0
    counts["problems.restricted"] = stored["restricted"]
    assert stored["since"] is None
    heads = ["problems", *{f"problems.{p['category']}" for p in stored["problems"]}]
    for head in heads:
        for tail in ("", ".open", ".acknowledged", ".followed_up", ".postponed", ".resolved", ".unresolved"):
            counts[head + tail] += 0
    for row in stored["problems"]:
        counts["problems.grave"] += row["severity"] == "high" and row["status"] != resolved
        counts["problems.before"] += row["opened_on"] < stored["header"]["period_start"]
        for head in ("problems", f"problems.{row['category']}"):
            counts[head] += 1
            counts[f"{head}.{row['status']}"] += 1
            counts[f"{head}.unresolved"] += row["status"] != resolved
    counts["polling.stations"], counts["polling.voters"] = 1090, 234988
    return dict(counts)


def names_of(report):
    if report["standing"] == "received":
        on_time = "nil_on_time" if report["content"] == "nil" else "filled_on_time"
        return ["owed", "received", report["content"], "late" if report["late"] else on_time]
    return ["owed", "waived" if report["standing"] == "waived" else "missing"]


def test_the_kind_of_frozen_facts_is_read_without_the_rest():
    kind = replace(government.PLAIN, approve=(Audience.CHAIR,))

    assert facts.kind_of(facts.to_json(replace(week(), kind=kind))) == kind
    assert facts.kind_of("{}") == government.PLAIN
