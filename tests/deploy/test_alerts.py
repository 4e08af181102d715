"""The alerts and the dashboard name figures that there are, and each alert rings when it should, and only then."""

import json
import re
import subprocess

import pytest
import yaml

from tests import tools
from tests.stories.desk import ROOT

ALERTS = ROOT / "deploy/prometheus/desk-alerts.yml"
DASHBOARD = ROOT / "deploy/grafana/desk.json"
GUIDE = ROOT / "docs/metrics.md"
FIGURE = re.compile(r"desk_[a-z_]+")

WELL = {
    "desk_sweep_age_seconds": "3+0x180",
    "desk_unnoticed_seconds": "0+0x180",
    "desk_on_hold": "0+0x180",
    "desk_held_by_itself": "0+0x180",
    "desk_programmes_unread": "0+0x180",
    "desk_mailboxes_failing": "0+0x180",
    "desk_kept_back_lately": "0+0x180",
    'desk_budget_used_percent{programme="pemilu"}': "40+0x180",
    'desk_budget_stops_routine{programme="pemilu"}': "0+0x180",
    "desk_messages_in_doubt": "2+0x180",
    'desk_channel_down{channel="sms"}': "0+0x180",
    'desk_queue_age_seconds{channel="sms"}': "20+0x180",
    'desk_tries_last_hour{channel="sms",outcome="accepted",reason=""}': "50+0x180",
    'desk_delivery_reports_last_hour{channel="sms",fate="delivered",reason=""}': "95+0x180",
    'desk_delivery_reports_last_hour{channel="sms",fate="failed",reason=""}': "1+0x180",
    'desk_noticed_seconds_bucket{le="10.0"}': "100+0x180",
    'desk_noticed_seconds_bucket{le="+Inf"}': "100+0x180",
    'desk_due_to_handed_over_seconds_bucket{channel="sms",le="10.0"}': "100+0x180",
    'desk_due_to_handed_over_seconds_bucket{channel="sms",le="60.0"}': "100+0x180",
    'desk_due_to_handed_over_seconds_bucket{channel="sms",le="+Inf"}': "100+0x180",
}
"""A desk that is well, once a minute for three hours."""

RINGS = {
    "ClockStopped": {"desk_sweep_age_seconds": "3+60x180"},
    "NotNoticed": {"desk_unnoticed_seconds": "90+0x180"},
    "NoticedLate": {
        'desk_noticed_seconds_bucket{le="10.0"}': "50+0x180",
        'desk_noticed_seconds_bucket{le="300.0"}': "100+0x180",
    },
    "HandedOverLate": {
        'desk_due_to_handed_over_seconds_bucket{channel="sms",le="60.0"}': "50+0x180",
        'desk_due_to_handed_over_seconds_bucket{channel="sms",le="10.0"}': "50+0x180",
        'desk_due_to_handed_over_seconds_bucket{channel="sms",le="300.0"}': "100+0x180",
    },
    "Stuck": {'desk_queue_age_seconds{channel="sms"}': "900+0x180"},
    "HeldByItself": {"desk_held_by_itself": "1+0x180"},
    "HeldForLong": {"desk_on_hold": "1+0x180"},
    "ChannelDown": {'desk_channel_down{channel="sms"}': "1+0x180"},
    "KeptBack": {"desk_kept_back_lately": "4+0x180"},
    "ProgrammeUnread": {"desk_programmes_unread": "1+0x180"},
    "MailboxFailing": {"desk_mailboxes_failing": "1+0x180"},
    "BudgetNear": {'desk_budget_used_percent{programme="pemilu"}': "80+0x180"},
    "BudgetUsed": {'desk_budget_stops_routine{programme="pemilu"}': "1+0x180"},
    "LeftInDoubt": {"desk_messages_in_doubt": "2+1x180"},
    "NotArriving": {'desk_delivery_reports_last_hour{channel="sms",fate="failed",reason=""}': "40+0x180"},
    "CannotBeWritten": {'desk_tries_last_hour{channel="sms",outcome="unwritable",reason="x"}': "1+0x180"},
}
"""By alert, what is another than well."""


def rules():
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


def known():
    """Every figure: a test of the pages holds the guide to them."""
    return set(FIGURE.findall(GUIDE.read_text(encoding="utf-8")))


def named(expression):
    return {name.removesuffix("_bucket") for name in FIGURE.findall(expression)}


def test_every_alert_names_figures_that_there_are_and_says_what_to_do():
    own = rules()

    assert own.keys() == RINGS.keys()
    assert {name for rule in own.values() for name in named(rule["expr"])} <= known()
    assert all(rule["labels"]["severity"] in ("page", "look") for rule in own.values())
    assert all(rule["annotations"]["summary"] and rule["annotations"]["do"] for rule in own.values())


def test_every_panel_names_figures_that_there_are_and_nobody():
    board = json.loads(DASHBOARD.read_text())

    expressions = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert {name for one in expressions for name in named(one)} <= known()
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in board["panels"]}) == len(places)
    assert not re.search(r"office|camat|\+62|@", " ".join(expressions))


def rings(tmp_path, series, alert, *, expected):
    """Whether Prometheus' own evaluation agrees that an alert rings after three hours."""
    rule = rules()[alert]
    wanted = (
        [{"exp_labels": rule["labels"] | expected, "exp_annotations": rule["annotations"]}]
        if expected is not None
        else []
    )
    test = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [{"eval_time": "150m", "alertname": alert, "exp_alerts": wanted}],
            }
        ],
    }
    (tmp_path / "test.yml").write_text(yaml.safe_dump(test))
    return subprocess.run(["promtool", "test", "rules", str(tmp_path / "test.yml")], capture_output=True, text=True)


@tools.needs("promtool")
@pytest.mark.parametrize("alert", RINGS)
def test_an_alert_is_silent_while_all_is_well(tmp_path, alert):
    done = rings(tmp_path, WELL, alert, expected=None)

    assert done.returncode == 0, done.stdout


LABELS = {
    "BudgetNear": {"programme": "pemilu"},
    "BudgetUsed": {"programme": "pemilu"},
    "ClockStopped": {},
    "Stuck": {"channel": "sms"},
    "ChannelDown": {"channel": "sms"},
    "NotArriving": {"channel": "sms"},
}


@tools.needs("promtool")
@pytest.mark.parametrize("alert", RINGS)
def test_an_alert_rings(tmp_path, alert):
    done = rings(tmp_path, WELL | RINGS[alert], alert, expected=LABELS.get(alert, {}))

    assert done.returncode == 0, done.stdout


@tools.needs("promtool")
def test_a_desk_that_says_nothing_rings(tmp_path):
    series = {name: values for name, values in WELL.items() if name != "desk_sweep_age_seconds"}

    done = rings(tmp_path, series, "ClockStopped", expected={})

    assert done.returncode == 0, done.stdout


def test_a_hold_lets_a_message_wait_without_an_alert():
    assert "desk_on_hold == 0" in rules()["Stuck"]["expr"]
