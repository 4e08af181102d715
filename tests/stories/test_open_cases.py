"""Cases that have begun keep the ladder they began under when a policy is changed, unless whoever amends moves them."""

import pytest
from sqlalchemy import update

from config import loader
from config.shelf import Shelf
from jobs.operator import advising, amend, explain
from models.desk.programmes import Document
from models.matters.advice import Wording
from models.matters.matters import Matter
from rules.advice import Answer, Sort
from tests.stories.desk import POLICY, uncalled
from tests.stories.desk import Desk as Told

TEAM, ASISTEN, SEKDA = "Camat Tamban", "Asisten Pemerintahan", "Sekretaris Daerah"
TO_COORDINATOR = "{at: PT3H30M, tell: coordinator"
WARNED = "{at: PT2H, tell: team, by: [sms, email], say: warning, other_way_after: PT45M}"
SOONER = (
    (TO_COORDINATOR, "{at: PT2H30M, tell: coordinator"),
    (WARNED, WARNED.replace("PT2H,", "PT1H15M,").replace("PT45M}", "PT15M}")),
)
HIGH_TO_SECRETARY = "{at: PT1H, tell: secretary, by: [sms, email], say: problem, other_way_after: PT1H}"


def policy(*pairs):
    text = uncalled(POLICY.read_text(encoding="utf-8"))
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return loader.parse(text, "kebijakan.yaml")


@pytest.fixture
def late(desk):
    """The daily report of Tamban, an hour and a half late; no other is owed."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.clock.reads("H-7 16:10")
    return key


def test_a_late_report_is_chased_by_the_ladder_it_began_under(desk, late):
    (done,) = amend.amend(desk.rt, [policy(*SOONER)])
    desk.clock.reads("H-7 18:45")

    assert desk.phone(TEAM, since="H-7 12:00").clocks == ["15:00", "16:00", "17:00"]
    assert desk.phone(ASISTEN).clocks == ["18:30"]
    assert (done.kept, done.carried, desk.matter(late).round) == (1, 0, 0)


def test_moved_to_the_new_ladder_it_goes_on_from_where_it_stands(desk, late):
    (done,) = amend.amend(desk.rt, [policy(*SOONER)], also_open=True)
    desk.clock.reads("H-7 18:45")

    assert desk.phone(TEAM, since="H-7 12:00").clocks == ["15:00", "16:00", "16:15"]
    assert desk.phone(ASISTEN).clocks == ["17:30"]
    assert (done.kept, done.carried) == (0, 1)


def test_who_was_warned_of_a_later_hour_is_warned_anew_before_anybody_above_hears(desk, late):
    """On a boat nobody can do before half past five what he was asked to do by half past six."""
    desk.clock.reads("H-7 17:05")
    assert "18.30" in desk.phone(TEAM).last

    amend.amend(desk.rt, [policy(*SOONER)], also_open=True)
    desk.clock.reads("H-7 18:45")

    told = desk.phone(TEAM, since="H-7 17:05")
    assert told.clocks == ["17:05"]
    assert "18.05" in told.last
    assert desk.phone(ASISTEN).clocks == ["18:05"]
    assert desk.matter(late).round == 1


def test_who_was_warned_of_an_earlier_hour_is_not_warned_again(desk, late):
    desk.clock.reads("H-7 17:05")

    amend.amend(desk.rt, [policy((TO_COORDINATOR, "{at: PT4H, tell: coordinator"))], also_open=True)
    desk.clock.reads("H-7 19:15")

    assert desk.phone(TEAM, since="H-7 17:05").clocks == []
    assert desk.phone(ASISTEN).clocks == ["19:00"]


def test_who_was_warned_is_not_warned_again_because_the_new_ladder_warns_later(desk, late):
    """The second warning named an hour later than that at which somebody above heard."""
    amend.amend(desk.rt, [policy(*SOONER)], also_open=True)
    desk.clock.reads("H-7 16:20")

    amend.amend(desk.rt, [policy()], also_open=True)
    desk.clock.reads("H-7 18:45")

    assert desk.phone(TEAM, since="H-7 16:05").clocks == ["16:15"]
    assert desk.phone(ASISTEN).clocks == ["18:30"]


def test_it_can_be_moved_later_by_the_same_file(desk, late):
    amend.amend(desk.rt, [policy(*SOONER)])
    desk.clock.reads("H-7 16:12")

    (done,) = amend.amend(desk.rt, [policy(*SOONER)], also_open=True)
    (again,) = amend.amend(desk.rt, [policy(*SOONER)], also_open=True)
    desk.clock.reads("H-7 17:45")

    assert (done.changed, done.carried, again.changed) == (True, 1, False)
    assert desk.phone(ASISTEN).clocks == ["17:30"]


def test_what_is_not_due_yet_takes_the_new_ladder(desk):
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.clock.reads("H-7 14:00")

    (done,) = amend.amend(desk.rt, [policy(*SOONER)])
    desk.clock.reads("H-7 18:45")

    assert done.kept == 0
    assert desk.phone(ASISTEN).clocks == ["17:30"]


def test_a_problem_is_told_on_by_the_ladder_it_began_under_and_the_next_one_by_the_new(desk):
    desk.clock.reads("2024-01-30 09:00")
    first = desk.has_a_problem("Jembatan putus")
    desk.clock.reads("2024-01-30 09:05")

    later = (HIGH_TO_SECRETARY, HIGH_TO_SECRETARY.replace("PT1H,", "PT2H,", 1).replace("PT1H}", "PT45M}"))
    amend.amend(desk.rt, [policy(later)])
    second = desk.has_a_problem("Gudang banjir", by=TEAM)
    desk.clock.reads("2024-01-30 11:30")

    told = {
        code: [n.planned_at for n in desk.notices(key) if (n.rung, n.occasion) == (2, "ladder")]
        for code, key in _keys(desk, first, second)
    }
    assert {at.astimezone(desk.zone).strftime("%H:%M") for at in told[first]} == {"10:00"}
    assert {at.astimezone(desk.zone).strftime("%H:%M") for at in told[second]} == {"11:05"}


def _keys(desk, *codes):
    with desk.rt.sessions() as session:
        return [(code, session.query(Matter.key).filter(Matter.code == code).scalar()) for code in codes]


def test_a_second_amendment_leaves_it_under_the_policy_it_began_under(desk, late):
    amend.amend(desk.rt, [policy(*SOONER)])
    began = desk.matter(late).policy

    (done,) = amend.amend(desk.rt, [policy((TO_COORDINATOR, "{at: PT6H, tell: coordinator"))])
    desk.clock.reads("H-7 18:45")

    assert (desk.matter(late).policy, done.kept) == (began, 1)
    assert desk.phone(ASISTEN).clocks == ["18:30"]


def test_once_its_own_policy_is_in_force_again_it_follows_that(desk, late):
    amend.amend(desk.rt, [policy(*SOONER)])

    (done,) = amend.amend(desk.rt, [policy()])

    assert (desk.matter(late).policy, done.kept, done.carried) == ("", 0, 0)


def test_caps_and_quiet_hours_hold_at_once_for_what_keeps_its_ladder(desk, late):
    """At night nobody is told any more, though the ladder that is kept was made when evenings were free."""
    quiet = ('{from: "20:00", until: "07:00"}', '{from: "17:30", until: "07:00"}')

    amend.amend(desk.rt, [policy(*SOONER, quiet)])
    desk.clock.reads("H-6 07:30")

    assert desk.phone(ASISTEN, since="H-7 16:00").clocks == ["07:00"]


def test_whom_a_ladder_wakes_holds_at_once_too(sessions):
    """By night the chair is not rung up any more for a problem that began when he was."""
    desk = Told(sessions, starts="2024-01-29 08:00")
    desk.clock.reads("2024-01-30 21:00")
    desk.has_a_problem("Gudang banjir")
    desk.clock.reads("2024-01-30 21:10")
    calm = ("{at: PT3H, tell: chair, by: [sms, email], say: problem, at_once: true}",
            "{at: PT4H, tell: chair, by: [sms, email], say: problem, at_once: true, wakes: false}")  # fmt: skip

    amend.amend(desk.rt, [policy(calm)])
    desk.clock.reads("2024-01-31 06:00")

    assert desk.mailbox(SEKDA, since="2024-01-30 21:00").clocks[0] == "00:00"
    assert desk.phone(SEKDA, since="2024-01-30 21:00").texts == []


def test_a_round_that_a_person_begins_is_under_the_policy_in_force(desk, late):
    amend.amend(desk.rt, [policy(*SOONER)])
    desk.files(late)
    desk.returns(late, "H-7 17:00")

    desk.clock.reads("H-7 19:45")

    assert desk.matter(late).policy == ""
    assert desk.phone(ASISTEN).clocks == ["19:30"]


def test_a_change_of_something_else_keeps_nobody_under_an_earlier_policy(desk, late):
    """Of an urgent ladder one rung may wake an audience, and the next not."""
    told = "{at: PT3H30M, tell: coordinator, by: [sms, email], say: escalation}"
    again = "{at: PT4H30M, tell: coordinator, by: [sms, email], say: escalation, wakes: false}"
    mixed = (told, f"{told}\n      - {again}")
    urgent = ("  daily:\n    cooling: PT1H", "  daily:\n    urgent: true\n    cooling: PT1H")
    amend.amend(desk.rt, [policy(mixed, urgent)], also_open=True)

    (done,) = amend.amend(desk.rt, [policy(mixed, urgent, ("caps_per_day: {sms: 4", "caps_per_day: {sms: 5"))])

    assert (done.kept, done.carried, desk.matter(late).policy) == (0, 0, "")


def test_explaining_names_the_policy_that_a_case_runs_under(desk, late):
    before = explain.matter(desk.rt, late)
    began = desk.programme.policy.digest[:16]

    amend.amend(desk.rt, [policy(*SOONER)])

    after = explain.matter(desk.rt, late)
    assert f"policy: default {began}, in force" in before.state
    assert f"policy: default {began}, under which it began; another is in force" in after.state
    assert after.ahead.endswith(f"warning to team, by the policy it began under ({began})")
    assert began in str(explain.why_not(desk.rt, desk.office(TEAM), desk.moment("H-6 09:00").date()).state)


def test_what_it_says_goes_by_the_policy_that_says_it(desk, late):
    amend.amend(desk.rt, [policy(*SOONER)])
    desk.clock.reads("H-7 18:45")

    assert {notice.policy for notice in desk.notices(late)} == {desk.programme.policy.digest}


def test_another_process_reads_the_kept_policy_with_the_new_one(desk, late, sessions):
    amend.amend(desk.rt, [policy(*SOONER)])

    with sessions() as session:
        other = desk.another_process(sessions)
        other.refresh(session)
    ((_, programme),) = other.programmes.items()

    assert set(programme.kept) == {desk.programme.policy.digest}
    assert programme.ladder("daily", desk.matter(late).policy) == desk.programme.policy.ladder("daily")


def test_an_invitation_that_was_declined_and_is_accepted_after_all_begins_under_the_policy_in_force(desk, sessions):
    """Nothing open named the earlier policy any more: whoever read the programme meanwhile did not read that."""
    desk.owes_only()
    desk.clock.reads("H-10 09:00")
    at, until = desk.moment("H-8 09:00"), desk.moment("H-8 11:00")
    wording = Wording(Sort.MEETING, "Logistik", at, place="Aula", ends_at=until)
    (code,) = advising.give(desk.rt, desk.programme.code, wording, to=[desk.office(TEAM)], by=desk.office(SEKDA))
    desk.clock.reads("H-10 09:05")
    hours = "{at: -PT2H, tell: owner, by: [sms, email], say: advice}"
    (done,) = amend.amend(desk.rt, [policy((hours, hours.replace("PT2H", "PT1H")))])
    advising.answer(desk.rt, code, Answer.ABSENT, by=desk.office(TEAM))
    later = desk.again_on(sessions)

    advising.answer(later.rt, code, Answer.ATTENDS, by=desk.office(TEAM))

    ((_, key),) = _keys(desk, code)
    assert (done.kept, desk.matter(key).policy) == (1, "")
    later.clock.reads("H-8 08:30")
    assert later.phone(TEAM, since="H-8 07:00").clocks == ["08:00"]


def test_a_kept_policy_that_cannot_be_read_stops_nothing_else(desk, late, monkeypatch):
    amend.amend(desk.rt, [policy(*SOONER)])
    stored = next(iter(desk.rt.shelf.sources.values()))
    broken = stored._replace(kept=tuple(own._replace(text="policy: [") for own in stored.kept))

    shelf = desk.rt.shelf.stocked([broken])

    assert shelf.readable[stored.id].kept == {}
    assert shelf.readable[stored.id].ladder("daily", desk.matter(late).policy).rungs


def test_of_a_case_whose_policy_cannot_be_read_any_more_it_is_said_by_which_it_goes_on(desk, late, sessions, capsys):
    amend.amend(desk.rt, [policy(*SOONER)])
    began = desk.matter(late).policy[:16]
    with sessions.begin() as session:
        session.execute(update(Document).where(Document.digest.startswith(began)).values(text="policy: ["))
    later = desk.again_on(sessions)
    in_force = later.rt.programmes[1].policy.digest

    told = explain.matter(later.rt, late)
    later.rt.shelf = Shelf()
    later.clock.reads("H-7 17:05")

    state = f"policy: default {in_force[:16]}, in force; {began}, under which it began, cannot be read"
    assert state in told.state
    assert "began under" not in told.ahead
    assert later.notices(late)[-1].policy == in_force
    assert capsys.readouterr().out.count("policy unreadable") == 1
