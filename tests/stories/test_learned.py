"""What is learned at the end adds up, says whose side it was, and agrees with a count by hand."""

from collections import Counter

from sqlalchemy import select

from jobs.operator import closing
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.promises import Promise
from rules.desk import Channel
from rules.filing import Standing, Via
from rules.learned import Reason, Side

CODE = "pemilihan/tiga-kecamatan"


def by_hand(desk):
    """Late or missing reports by stage, and those that stand on the team's side, from plain rows."""
    late, owed = Counter(), Counter()
    with desk.rt.sessions() as session:
        for own in session.scalars(select(Obligation)):
            if own.standing in (Standing.CANCELLED, Standing.WAIVED) or own.due_at >= desk.clock.at:
                continue
            owed[own.stage] += 1
            late[own.stage] += own.received_at is None or own.received_at > (own.extended_until or own.due_at)
    return owed, +late


def unsent(desk):
    """How many reports that the desk itself owes to the Governor came late or never, from plain rows."""
    with desk.rt.sessions() as session:
        own = session.scalars(select(Obligation).where(Obligation.team.is_(None)))
        return sum(one.due_at < desk.clock.at and one.standing is Standing.OWED for one in own)


def test_what_is_learned_agrees_with_a_count_by_hand_and_the_reasons_add_up(desk):
    told, phoned, promised = (desk.key("harian", "Tamban", f"H-{n}") for n in (7, 6, 5))
    desk.clock.reads("H-7 17:00")
    desk.files(told)
    desk.clock.reads("H-6 17:00")
    desk.files(phoned, via=Via.PHONE, by="Sekretariat Desk")
    desk.clock.reads("H-5 14:00")
    with desk.rt.sessions.begin() as session:
        matter = session.scalars(select(Matter).where(Matter.key == promised)).one()
        until = desk.moment("H-5 20:00")
        session.add(Promise(obligation_id=matter.id, office_id=1, made_at=desk.clock.at, until=until))
    desk.clock.reads("H-5 21:00")
    desk.loses("Camat Tamban", Channel.SMS, Channel.EMAIL)
    desk.clock.reads("H-3 08:00")

    stages = closing.learn(desk.rt, CODE)

    owed, late = by_hand(desk)
    assert {own.code: own.counts.due for own in stages} == owed
    assert {own.code: n for own in stages if (n := own.counts.late + own.counts.missing)} == late
    for own in stages:
        assert sum(own.reasons.values()) == sum(own.on(side) for side in Side) == late[own.code]
        assert own.on(Side.OURS) + own.on(Side.CHANNEL) == own.counts.ours
    whole = sum((Counter(own.reasons) for own in stages), Counter())
    assert whole[Reason.CAME_LATE] == 1
    assert whole[Reason.BY_HAND] == 1
    assert whole[Reason.PROMISED] == 1
    assert whole[Reason.NOT_REACHED] >= 1
    assert whole[Reason.SILENT] >= 1
    assert whole[Reason.OWN] == unsent(desk) > 0


def test_of_a_closed_election_it_says_what_was_so_when_it_was_closed(desk):
    desk.clock.reads("H-7 18:00")
    before = closing.learn(desk.rt, CODE)

    closing.close(desk.rt, CODE, by=desk.programme.desk.secretariat, reason="Selesai.")
    desk.clock.reads("H-3 08:00")

    assert closing.learn(desk.rt, CODE) == before
    assert before
