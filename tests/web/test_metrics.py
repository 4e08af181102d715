"""Figures for the machine's keeper: true, and about nobody."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config import loader
from jobs.operator import amend, holding
from models.machine import clock
from models.messages import mailboxes
from rules.delivery import ChannelDown
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from services import hearing
from tests.stories.desk import POLICY, uncalled

GUIDE = Path(__file__).parents[2] / "docs/metrics.md"
LABELS = {"programme", "channel", "fate", "outcome", "reason", "le"}


@pytest.fixture
def figures(web):
    """By name and labels, what a scrape shows."""

    def read():
        answer = web.get("/metrics")
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        return {(s.name, *sorted(s.labels.items())): s.value for f in families for s in f.samples}

    return read


def test_what_was_handed_over_and_what_waits_is_counted_by_channel(desk, figures):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 12:00")
    desk.fails(Channel.SMS, ChannelDown("no credit", code="20003"))
    desk.clock.reads("H-1 15:05")

    found = figures()

    assert found["desk_queue_messages", ("channel", "sms")] == 1
    assert found["desk_queue_age_seconds", ("channel", "sms")] == 300
    assert found["desk_tries_last_hour", ("channel", "sms"), ("outcome", "channel_down"), ("reason", "20003")] > 0
    assert found["desk_unnoticed_seconds",] == 0
    assert found["desk_on_hold",] == 0
    assert found["desk_handed_over_seconds_count", ("channel", "sms")] == 0


def test_how_late_things_are_noticed_and_handed_over_and_what_is_said_later_is_shown(desk, figures):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 15:01")
    text = next(m for m in desk.messages() if m.channel is Channel.SMS)
    heard = Heard(message_id=text.id, fate=Fate.UNDELIVERED, provider_id=text.provider_id or "", code="30003")
    with desk.rt.sessions.begin() as session:
        hearing.keep(session, heard, now=desk.clock.at)

    found = figures()

    assert found["desk_noticed_seconds_count",] == 1
    assert found["desk_noticed_seconds_bucket", ("le", "1")] == 1
    assert found["desk_due_to_handed_over_seconds_count", ("channel", "sms")] == 1
    assert found["desk_due_to_handed_over_seconds_bucket", ("channel", "sms"), ("le", "+Inf")] == 1
    assert (
        found["desk_delivery_reports_last_hour", ("channel", "sms"), ("fate", "undelivered"), ("reason", "30003")] == 1
    )


def test_a_mailbox_that_cannot_be_read_shows_until_it_can(desk, figures):
    now, minute = desk.clock.at, timedelta(minutes=1)
    with desk.rt.sessions.begin() as session:
        known = mailboxes.claim(session, "ab", again_at=now + minute, now=now)
        mailboxes.failed(session, "ab", known, "login: no", look_at=now + minute, now=now)
    away = figures()["desk_mailboxes_failing",]
    with desk.rt.sessions.begin() as session:
        mailboxes.looked(session, "ab", look_at=now + minute, now=now)

    assert (away, figures()["desk_mailboxes_failing",]) == (1, 0)


def test_a_hold_and_a_clock_that_stands_show(desk, figures):
    desk.clock.reads("2024-01-30 08:00")
    holding.on(desk.rt.sessions, "a wrong text about Camat Tamban", time=desk.clock)
    desk.clock.jumps("2024-01-30 08:10")

    found = figures()

    assert found["desk_on_hold",] == 1
    assert found["desk_sweep_age_seconds",] >= 600


def test_a_hold_that_set_itself_and_a_channel_that_is_down_show_to_machines_and_to_people(desk, web, figures):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.fails(Channel.SMS, ChannelDown("no credit"))
    desk.clock.reads("H-1 15:01")
    with desk.rt.sessions.begin() as session:
        clock.hold(session, desk.clock.at, "storm: 9", ordered=False)

    found, facts = figures(), web.get("/healthz").json()

    assert (found["desk_on_hold",], found["desk_held_by_itself",]) == (1, 1)
    assert {name[1][1]: value for name, value in found.items() if name[0] == "desk_channel_down"} == {
        "sms": 1,
        "email": 0,
        "whatsapp": 0,
    }
    assert (facts["on_hold"], facts["held_by_itself"], facts["down"]) == (True, True, ["sms"])
    assert "ya, oleh pengaman" in web.get("/").text


def test_no_label_no_figure_and_no_page_of_the_machine_names_anybody(desk, web, figures):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 16:00")
    holding.on(desk.rt.sessions, "a wrong text about Camat Tamban", time=desk.clock)

    text = " ".join(web.get(path).text.lower() for path in ("/metrics", "/healthz", "/"))

    assert {label for _, *labels in figures() for label, _ in labels} <= LABELS
    assert [word for word in ("tamban", "camat", "@desk.example", "+62", "63.04") if word in text] == []


def test_the_guide_names_every_figure_and_no_other(desk, web):
    desk.turn()
    families = {family.name for family in text_string_to_metric_families(web.get("/metrics").text)}

    named = {name.removesuffix("_bucket") for name in re.findall(r"desk_\w+", GUIDE.read_text(encoding="utf-8"))}

    assert named == families


def test_what_messages_cost_is_shown_where_the_policy_has_prices(desk, figures, tmp_path):
    text = uncalled(POLICY.read_text(encoding="utf-8"))
    costs = "\ncosts:\n  prices: {sms: {each: 500}}\n  budget: 1000\n"
    (tmp_path / "berbayar.yaml").write_text(text + costs, encoding="utf-8")
    amend.amend(desk.rt, [loader.read(tmp_path / "berbayar.yaml")])
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 15:05")

    found = {name: value for (name, *_), value in figures().items()}

    assert found["desk_spent_rupiah"] == 500
    assert found["desk_budget_used_percent"] == 50
    assert found["desk_budget_stops_routine"] == 0
