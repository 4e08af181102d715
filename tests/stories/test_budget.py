"""Prices and a budget: routine texts stop where the money does, what is grave goes on, and nobody is missed quietly."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from config import loader
from jobs.commands import budgeting
from jobs.delivery import deliver
from jobs.operator import budgets, closing
from jobs.operator.refusals import Refusal
from models.desk.changes import Change
from models.machine.gaps import Gap
from models.matters import tasks as tasks_
from models.messages import notices, spending
from models.messages.messages import Attempt, Message
from models.messages.spending import Charge
from rules.costs import TOO_DEAR, Level
from rules.delivery import State, Unknown
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Say
from rules.learned import Reason, Side
from rules.tasks import Why
from tests.stories.desk import DESK, ELECTION, POLICY, Desk, uncalled, unkept
from tests.stories.test_restored import put_back
from tests.stories.test_two_elections import FIRST, SECOND, another, report

OTHERS, TELKOMSEL = 100, 120


def policy(tmp_path, budget, reserve, carriers, *, called=True):
    text = POLICY.read_text(encoding="utf-8")
    text = text if called else uncalled(text)
    limits = f"\n  budget: {budget}" * bool(budget) + f"\n  reserve: {reserve}" * bool(reserve)
    named = f", by_carrier: {{telkomsel: {TELKOMSEL}}}" * carriers
    costs = f"costs:\n  prices: {{sms: {{each: {OTHERS}{named}}}}}{limits}\n"
    (tmp_path / "berbayar.yaml").write_text(f"{text}\n{costs}", encoding="utf-8")
    return tmp_path / "berbayar.yaml"


@pytest.fixture
def begins(sessions, tmp_path):
    """A desk whose texts cost something, on the day before voting day, with one report to chase."""

    def begun(budget=None, reserve=0, *, carriers=True):
        desk = Desk(sessions, (ELECTION, DESK, policy(tmp_path, budget, reserve, carriers)))
        desk.owes_only(desk.key("harian", "Tamban", "H-1"), desk.key("harian", "Mekarsari", "H-1"))
        desk.clock.reads("H-1 11:30")
        return desk

    return begun


def others_spend(desk, message_id, texts):
    with desk.rt.sessions.begin() as session:
        spending.charge(session, [Charge(message_id, Channel.SMS, "", texts, texts * OTHERS)])


def stand(desk):
    ((id, programme),) = desk.rt.programmes.items()
    (own,) = budgets.look(desk.rt)
    assert own.programme == programme.code
    with desk.rt.sessions() as session:
        assert own.stand.spent == recounted(session, id)
    return own.stand


def recounted(session, id):
    """What tries cost, from the tries alone."""
    tries = select(Attempt.outcome, Attempt.provider_id).join(Message).where(Message.channel == Channel.SMS)
    paid = session.execute(tries.where(Message.programme_id == id)).all()
    own = sum(OTHERS for outcome, _ in paid if outcome in ("accepted", "unknown", "lost"))
    assert own == (session.scalar(select(func.sum(Attempt.cost))) or 0)
    return own


def texts(desk, office="Camat Tamban"):
    return desk.phone(office, since="H-1 11:30").clocks


def mails(desk, office="Camat Tamban"):
    return desk.mailbox(office, since="H-1 11:30").clocks


def budget_tasks(desk):
    return [task for task in desk.tasks() if task.why is Why.BUDGET]


def tasks(desk):
    return [task.text for task in budget_tasks(desk)]


def test_every_text_that_was_taken_is_counted_and_without_a_budget_all_of_them_go(begins):
    desk = begins()

    desk.clock.reads("H-1 17:30")

    assert texts(desk) == ["15:00", "16:00", "17:00"]
    assert stand(desk).spent == OTHERS * len([m for m in desk.messages() if m.channel is Channel.SMS])
    assert tasks(desk) == []


def test_nothing_is_paid_for_a_refusal_and_everything_for_what_may_have_arrived(begins):
    desk = begins()
    desk.refuses(Channel.SMS, "Camat Tamban")
    desk.fails(Channel.SMS, Unknown("no answer"), to="Camat Mekarsari")

    desk.clock.reads("H-1 15:30")

    outcomes = sorted(a.outcome for a in desk.attempts() if a.cost)
    assert set(outcomes) == {"unknown"}
    assert stand(desk).spent == OTHERS * len(outcomes)


def test_a_carrier_has_its_own_price(begins):
    desk = begins()
    desk.moves_to("Camat Tamban", Channel.SMS, "+6281234567890")

    desk.clock.reads("H-1 15:30")

    (own,) = budgets.look(desk.rt)
    assert {(one.carrier, one.rupiah) for one in own.spent} == {("telkomsel", TELKOMSEL), ("", OTHERS)}


def test_above_the_budget_the_routine_goes_by_mail_with_the_reason_and_a_warning_still_rings(begins):
    desk = begins(budget=2 * OTHERS + 1)

    desk.clock.reads("H-1 17:30")

    assert texts(desk) == ["15:00", "17:00"]
    assert "16:00" in mails(desk)
    notices = desk.notices(desk.key("harian", "Tamban", "H-1"), "Camat Tamban")
    untold = [n for n in notices if n.state is NoticeState.NOBODY]
    assert [(n.channel, n.reason) for n in untold] == [("sms", TOO_DEAR)]
    assert [n.reason for n in notices if n.occasion == "other_way"] == [f"sms is {TOO_DEAR}"]
    assert stand(desk).level is Level.OVER


def test_the_reserve_is_left_to_what_is_grave(begins):
    desk = begins(budget=10 * OTHERS, reserve=9 * OTHERS + 1)

    desk.clock.reads("H-1 17:30")

    assert texts(desk) == ["17:00"]
    assert mails(desk)[-2:] == ["15:00", "16:00"]
    assert stand(desk).level is Level.STOPPED


def test_the_secretariat_is_told_once_at_80_percent_and_once_when_routine_stops(begins):
    desk = begins(budget=5 * OTHERS, carriers=False)

    desk.clock.reads("H-1 16:30")
    near = tasks(desk)
    desk.clock.reads("H-1 17:30")
    stopped = tasks(desk)

    assert near == ["Hampir terpakai; setelah habis, pesan rutin beralih ke surel. Pemilihan: Rp400 dari Rp500."]
    assert [text.partition(":")[0] for text in stopped] == ["Seluruhnya terpakai"]


def ticks_off(desk):
    (task,) = budget_tasks(desk)
    with desk.rt.sessions.begin() as session:
        tasks_.done(session, Why.BUDGET, task.subject, now=desk.clock.at, how=tasks_.TICKED)


def test_what_was_ticked_off_is_not_told_again_before_more_was_added(begins):
    desk = begins(budget=4 * OTHERS, carriers=False)
    desk.clock.reads("H-1 16:30")
    ticks_off(desk)

    desk.clock.reads("H-1 16:45")

    assert tasks(desk) == []


def test_an_open_task_says_what_is_spent_now_and_nobody_is_told_again(begins):
    desk = begins(budget=20 * OTHERS, carriers=False)
    desk.clock.reads("H-1 15:30")
    others_spend(desk, desk.messages()[0].id, 14)
    desk.clock.reads("H-1 15:31")
    (before,) = budget_tasks(desk)
    others_spend(desk, desk.messages()[0].id, 1)

    desk.clock.reads("H-1 15:32")

    (after,) = budget_tasks(desk)
    assert "Rp1.600 dari Rp2.000" in before.text
    assert "Rp1.700 dari Rp2.000" in after.text
    assert (after.id, after.opened_at) == (before.id, before.opened_at)


def test_the_secretariat_is_told_once_that_the_whole_is_used_though_it_ticked_off_that_routine_stops(begins):
    desk = begins(budget=10 * OTHERS, reserve=OTHERS, carriers=False)
    desk.clock.reads("H-1 15:30")
    others_spend(desk, desk.messages()[0].id, 7)
    desk.clock.reads("H-1 15:31")
    ticks_off(desk)
    others_spend(desk, desk.messages()[0].id, 2)

    desk.clock.reads("H-1 15:32")
    over = tasks(desk)
    ticks_off(desk)
    desk.clock.reads("H-1 15:33")

    assert [text.partition(":")[0] for text in over] == ["Seluruhnya terpakai"]
    assert tasks(desk) == []


def test_who_adds_to_a_budget_is_kept_with_why_and_routine_goes_on(begins):
    desk = begins(budget=2 * OTHERS, carriers=False)
    desk.clock.reads("H-1 15:30")

    raised = budgets.raise_(desk.rt, desk.programme.code, 500, by="sekda", reason="Banjir.")
    desk.clock.reads("H-1 16:30")

    assert "16:00" in texts(desk)
    assert [(own.rupiah, own.title, own.reason) for own in raised.raises] == [(500, "Sekretaris Daerah", "Banjir.")]
    with desk.rt.sessions() as session:
        (change,) = session.scalars(select(Change).where(Change.what == "raised"))
    assert (change.title, change.text) == ("Sekretaris Daerah", "500 rupiah: Banjir.")


@pytest.mark.parametrize(
    ("budget", "rupiah", "by", "reason"),
    [
        pytest.param(1000, 500, "sekda", " ", id="for no reason"),
        pytest.param(1000, 500, "nobody", "Banjir.", id="by nobody"),
        pytest.param(1000, 0, "sekda", "Banjir.", id="nothing"),
        pytest.param(1000, 10**12, "sekda", "Banjir.", id="a slip"),
        pytest.param(None, 500, "sekda", "Banjir.", id="where there is no budget"),
    ],
)
def test_no_sum_is_added(begins, budget, rupiah, by, reason):
    desk = begins(budget=budget)

    with pytest.raises(Refusal):
        budgets.raise_(desk.rt, desk.programme.code, rupiah, by=by, reason=reason)


def untried(desk):
    """The texts of 15:00, which no worker has heard of yet."""
    desk.bell.deaf = True
    desk.clock.jumps("H-1 15:00")
    desk.turn()
    desk.bell.deaf = False
    return [m.id for m in desk.messages() if m.channel is Channel.SMS and m.state is State.PENDING]


def test_workers_that_come_at_once_do_not_overspend(begins):
    desk = begins(budget=3 * OTHERS, carriers=False)
    waiting = untried(desk)
    others_spend(desk, waiting[0], 2)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: deliver.run(desk.rt, Channel.SMS, [one]), waiting))

    assert len(waiting) == 2
    assert sorted(m.state for m in desk.messages() if m.id in waiting) == [State.CANCELLED, State.SENT]
    with desk.rt.sessions() as session:
        assert spending.spent(session, next(iter(desk.rt.programmes))) == 3 * OTHERS


def test_what_a_worker_could_not_afford_goes_by_mail(begins):
    desk = begins(budget=3 * OTHERS, carriers=False)
    waiting = untried(desk)
    others_spend(desk, waiting[0], 3)

    desk.clock.reads("H-1 15:05")

    assert texts(desk) == []
    assert mails(desk)[-1][:4] == "15:0"


def test_a_worker_that_fell_silent_may_have_cost_its_text(begins):
    desk = begins()
    desk.fails(Channel.SMS, KeyboardInterrupt(), times=1)
    with pytest.raises(KeyboardInterrupt):
        desk.clock.reads("H-1 15:00")

    desk.clock.reads("H-1 15:30")

    assert "lost" in {attempt.outcome for attempt in desk.attempts()}
    assert stand(desk).spent


def test_what_no_rung_says_goes_by_mail_above_the_budget(begins):
    desk = begins(budget=OTHERS // 2, carriers=False)

    desk.files(desk.key("harian", "Tamban", "H-1"), via="phone")
    desk.clock.reads("H-1 11:40")

    receipts = [n for n in desk.notices(desk.key("harian", "Tamban", "H-1")) if n.say is Say.RECEIVED]
    assert [(n.channel, n.state, n.reason) for n in receipts] == [
        ("sms", NoticeState.NOBODY, TOO_DEAR),
        ("email", NoticeState.DISPATCHED, TOO_DEAR),
    ]
    assert texts(desk) == []
    assert len(mails(desk)) >= 1


@pytest.fixture
def both_begin(sessions, tmp_path):
    """Two live elections with a budget each, and a report in both that the same office owes at the same hour."""

    def begun(first, second):
        desk = Desk(sessions, (ELECTION, DESK, policy(tmp_path, first, 0, carriers=False, called=False)))
        own = loader.read(policy(tmp_path, second, 0, carriers=False, called=False))
        desk.load([another(), desk.documents[1], own])
        desk.owes_only(report(FIRST), report(SECOND))
        desk.clock.reads("H-7 15:30")
        return desk

    return begun


def spent(desk):
    return {own.programme: own.stand.spent for own in budgets.look(desk.rt)}


def told(desk, programme):
    notices = desk.notices(report(programme), "Camat Tamban")
    return [(n.channel, n.state) for n in notices if n.say is Say.DUE]


@pytest.mark.parametrize(
    ("first", "second", "pays"),
    [
        pytest.param(50, 5000, SECOND, id="that of the second notice"),
        pytest.param(5000, 50, FIRST, id="that of the first"),
        pytest.param(5000, 5000, FIRST, id="the first of two that have it"),
    ],
)
def test_a_message_of_two_elections_goes_if_one_has_the_money_and_that_one_pays(both_begin, first, second, pays):
    desk = both_begin(first, second)

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert "2 laporan" in desk.phone("Camat Tamban").last
    assert told(desk, FIRST) == told(desk, SECOND) == [("sms", NoticeState.DISPATCHED)]
    assert spent(desk) == {FIRST: 0, SECOND: 0} | {pays: OTHERS}


def test_a_message_of_two_elections_is_held_back_where_neither_has_the_money(both_begin):
    desk = both_begin(50, 50)

    assert desk.phone("Camat Tamban").clocks == []
    assert spent(desk) == {FIRST: 0, SECOND: 0}
    assert ("sms", NoticeState.NOBODY) in told(desk, FIRST)
    assert ("sms", NoticeState.NOBODY) in told(desk, SECOND)


def waits_while_others_spend(desk):
    """The one text that was made at 16.00 and is not claimed yet; meanwhile others spend of the first's money."""
    desk.bell.deaf = True
    desk.clock.jumps("H-7 16:00")
    desk.turn()
    desk.bell.deaf = False
    (waiting,) = [m for m in desk.messages() if m.channel is Channel.SMS and m.state is State.PENDING]
    others_spend(desk, waiting.id, 1)
    return waiting


def test_what_the_first_can_no_longer_pay_at_the_claim_the_second_pays_a_turn_later(both_begin):
    desk = both_begin(250, 5000)
    waits_while_others_spend(desk)

    desk.clock.reads("H-7 16:05")

    assert [clock[:4] for clock in desk.phone("Camat Tamban").clocks] == ["15:0", "16:0"]
    assert spent(desk) == {FIRST: 2 * OTHERS, SECOND: OTHERS}


def test_what_is_grave_for_one_election_is_not_paid_by_another_that_has_no_money_any_more(both_begin):
    """Whatever is grave goes, and the election pays that it is grave for."""
    desk = both_begin(250, 50)
    waiting = waits_while_others_spend(desk)
    (grave,) = [n.id for n in desk.notices(report(SECOND), "Camat Tamban") if n.message_id == waiting.id]
    with desk.rt.sessions.begin() as session, unkept(session, "notice"):
        notices.write(session, grave, urgent=True)
    before = spent(desk)

    desk.clock.reads("H-7 16:05")

    assert [clock[:4] for clock in desk.phone("Camat Tamban").clocks] == ["15:0", "16:0"]
    assert spent(desk) == {FIRST: before[FIRST], SECOND: before[SECOND] + OTHERS}


LOST = "belum termasuk 13 Februari 2024 pukul 13.00-15.30 WITA (buku dipulihkan), lihat tagihan penyedia"


@pytest.fixture
def restored(begins, tmp_path):
    """A copy of 13.00 was put back at 15.30. Most of the money was spent before."""
    desk = begins(budget=50 * OTHERS, carriers=False)
    desk.rt.seen = tmp_path / "seen.json"
    desk.clock.reads("H-1 15:30")
    others_spend(desk, desk.messages()[0].id, 40)
    put_back(desk, "H-1 13:00")
    desk.clock.reads("H-1 15:35")
    return desk


def test_after_a_restore_every_sum_says_which_time_is_not_in_it(restored, capsys):
    (own,) = budgets.look(restored.rt)
    budgeting._show(own)

    assert own.stand.figures.endswith(LOST)
    assert f"{LOST}." in tasks(restored)[0]
    assert "not counted: 2024-02-13 13.00 WITA to 2024-02-13 15.30 WITA" in capsys.readouterr().out


def test_the_task_of_a_gap_says_that_what_was_spent_in_it_is_on_the_bill_alone(restored):
    (gap,) = [task for task in restored.tasks() if task.why is Why.GAP]

    assert "Biaya pesan dan tambahan anggaran pada waktu itu tidak termasuk dalam angka desk" in gap.text


def test_a_gap_from_before_an_election_was_known_is_not_named(begins):
    desk = begins(budget=50 * OTHERS)
    before = {"began_at": desk.moment("2024-01-01 08:00"), "ended_at": desk.moment("2024-01-01 09:00")}
    with desk.rt.sessions.begin() as session:
        session.add(Gap(**before))

    assert stand(desk).lost == []


def test_offices_without_mail_are_counted_in_the_task_and_named_to_whoever_asks(begins, capsys):
    desk = begins(budget=50 * OTHERS, carriers=False)
    for office in ("Camat Tamban", "Camat Mekarsari"):
        desk.loses(office, Channel.EMAIL)
    desk.loses("Camat Tabunganen", Channel.EMAIL, Channel.SMS)
    desk.clock.reads("H-1 15:30")
    others_spend(desk, desk.messages()[0].id, 50)
    desk.clock.reads("H-1 15:31")

    (own,) = budgets.look(desk.rt)
    budgeting._show(own)

    assert own.unmailed == ["Camat Tamban", "Camat Mekarsari"]
    assert "Tidak punya surel, jadi perlu ditelepon: 2 jabatan." in tasks(desk)[0]
    assert "2 without mail, to be phoned: Camat Tamban, Camat Mekarsari" in capsys.readouterr().out


def test_what_a_closed_election_has_cost_stays_in_sight_as_closed(begins, capsys):
    desk = begins(budget=50 * OTHERS, carriers=False)
    desk.clock.reads("H-1 15:30")
    figures = stand(desk).figures
    closing.close(desk.rt, desk.programme.code, by=desk.programme.desk.secretariat, reason="Selesai.")

    (own,) = budgets.closed(desk.rt)
    budgeting._show(own)

    assert budgets.look(desk.rt) == []
    assert (own.stand.figures, own.closed) == (figures, True)
    assert f"{desk.programme.code}, closed: " in capsys.readouterr().out


def test_who_heard_nothing_for_want_of_money_was_late_on_our_side(begins):
    desk = begins(budget=OTHERS // 2, carriers=False)
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.clock.reads("H-1 16:30")

    stages = closing.learn(desk.rt, desk.programme.code)

    assert sum(own.reasons.get(Reason.TOO_DEAR, 0) for own in stages) == 1
    assert sum(own.reasons.get(Reason.NOT_REACHED, 0) for own in stages) == 0
    assert sum(own.on(Side.OURS) - own.reasons.get(Reason.OWN, 0) for own in stages) == 1
