"""One channel's state: down once, probed by one at a time, spent from by one after the other."""

import threading
from datetime import timedelta

from models.messages import channels
from rules.desk import Channel
from tests.models.conftest import NOW

MINUTE = timedelta(minutes=1)


def go_down(session):
    return channels.go_down(
        session, Channel.SMS, why="no credit", probe_at=NOW + MINUTE, pass_at=NOW + 2 * MINUTE, now=NOW
    )


def known(sessions):
    with sessions.begin() as session:
        return channels.known(session, Channel.SMS)


def test_a_channel_goes_down_once_and_comes_up_once(sessions):
    with sessions.begin() as session:
        assert [go_down(session), go_down(session)] == [True, False]
    assert (known(sessions).down_since, known(sessions).why) == (NOW, "no credit")

    with sessions.begin() as session:
        assert [channels.come_up(session, Channel.SMS, now=NOW + MINUTE) for _ in range(2)] == [True, False]
    assert known(sessions) == channels.Known(up_since=NOW + MINUTE)


def test_nobody_probes_before_the_time_or_what_is_up(sessions):
    def probe(now):
        with sessions.begin() as session:
            return channels.take_probe(session, Channel.SMS, again_at=now + MINUTE, now=now)

    assert not probe(NOW)
    with sessions.begin() as session:
        go_down(session)

    assert [probe(NOW), probe(NOW + MINUTE), probe(NOW + MINUTE), probe(NOW + 2 * MINUTE)] == [False, True, False, True]
    assert known(sessions).probes == 2


def test_a_channel_is_passed_over_once_after_its_time(sessions):
    def passed(now):
        with sessions.begin() as session:
            return channels.pass_over(session, now=now)

    with sessions.begin() as session:
        go_down(session)

    assert [passed(NOW + MINUTE), passed(NOW + 2 * MINUTE), passed(NOW + 3 * MINUTE)] == [[], [Channel.SMS], []]
    assert known(sessions).passed_over


def test_of_many_workers_at_once_one_probes_and_none_spends_what_another_spent(sessions):
    with sessions.begin() as session:
        go_down(session)
    probes, barrier = [], threading.Barrier(6)

    def work():
        barrier.wait(20)
        with sessions.begin() as session:
            again_at = NOW + 5 * MINUTE
            probes.append(channels.take_probe(session, Channel.SMS, again_at=again_at, now=NOW + MINUTE))
            free_at = channels.free_at(session, Channel.SMS)
            channels.spend(session, Channel.SMS, (free_at or NOW) + MINUTE)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(probes) == [False] * 5 + [True]
    assert known(sessions).free_at == NOW + 6 * MINUTE


def test_openings_that_failed_are_counted_from_the_first_until_one_works_or_the_channel_is_down(sessions):
    def failed(now):
        with sessions.begin() as session:
            return channels.not_reached(session, Channel.SMS, now=now)

    assert [failed(NOW), failed(NOW + MINUTE)] == [(1, NOW), (2, NOW)]
    with sessions.begin() as session:
        channels.reached(session, Channel.SMS)
    assert failed(NOW + 2 * MINUTE) == (1, NOW + 2 * MINUTE)

    with sessions.begin() as session:
        go_down(session)
    assert known(sessions).unreached == 0
    assert failed(NOW + 3 * MINUTE) is None


def test_two_workers_at_once_count_two(sessions):
    barrier, counted = threading.Barrier(2), []

    def work():
        barrier.wait(20)
        with sessions.begin() as session:
            counted.append(channels.not_reached(session, Channel.SMS, now=NOW))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(counted) == [(1, NOW), (2, NOW)]
