"""Two stages are prepared from H-40 on: before each begins the secretary hears what is not ready, and only that."""

import re

import pytest
from sqlalchemy import select

from jobs.operator import amend
from models.matters.matters import Kind, Matter
from rules import gates as rule
from rules import people
from rules.desk import Channel
from rules.forms import Condition
from rules.ladder import Say
from tests.stories import prepared
from tests.stories.desk import POLICY, Desk
from tests.stories.test_amending import changed
from tests.stories.test_rollcalls import confirms
from tests.stories.test_support import BPBD, KEY, KOMINFO, SECRETARY, SEKDA, key, says

WAREHOUSES = {"63.04.01": "Camat Tabunganen", "63.04.02": "Camat Tamban"}


@pytest.fixture
def desk(sessions, tmp_path):
    """Logistics leave at H-3, so their gates are at H-17, H-10 and H-6."""
    return prepares(sessions, tmp_path)


def prepares(sessions, folder, policy=None, **more):
    election, own, usual = prepared.files(folder)
    desk = Desk(sessions, (election, own, policy or usual), starts="2024-01-05 08:00", **more)
    desk.owes_only(*(o.key for o in desk.programme.obligations() if desk.programme.policy.duty(o.duty).support))
    return desk


def gates(desk, preparation="logistik"):
    """Each gate that has come, with why it is closed and what its notices say."""
    query = select(Matter).where(Matter.kind == Kind.GATE, Matter.since <= desk.clock.at).order_by(Matter.since)
    with desk.rt.sessions.begin() as session:
        found = [own for own in session.scalars(query) if rule.preparation(own.key) == preparation]
    return [(own, desk.notices(own.key)) for own in found]


def told(desk, preparation="logistik"):
    return [notice.reason for _, notices in gates(desk, preparation) for notice in notices]


def every_item_of_logistics(desk):
    """Its items, with the office that answers each, in the order in which they are asked."""
    yield key(desk, "hibah"), SEKDA
    yield key(desk, "angkutan"), BPBD
    yield key(desk, "angkutan-cek"), KOMINFO
    for owed in desk.programme.obligations():
        if owed.duty == "gudang":
            yield owed.key, desk.programme.desk.office(people.owing(desk.programme.desk, owed.area)[0]).title


def test_the_secretary_hears_at_each_gate_how_much_is_not_ready(desk):
    desk.clock.reads("H-31 09:00")
    says(desk, key(desk, "hibah"), SEKDA, cair_kpu=Condition.NOT_READY)  # and so it stays
    desk.clock.reads("H-17 07:59")
    assert told(desk) == []

    desk.clock.reads("H-17 08:10")
    desk.clock.reads("H-15 09:00")
    says(desk, key(desk, "angkutan"), BPBD)
    desk.clock.reads("H-12 09:00")
    says(desk, key(desk, "angkutan-cek"), KOMINFO)
    for district, camat in WAREHOUSES.items():
        says(desk, f"{KEY}/gudang/{district}/H-12".replace("dukungan", "tiga-kecamatan"), camat)
    desk.clock.reads("H-4 09:00")

    none_late, one_late = "; belum ada yang lewat waktu", "; lewat waktu: 1"
    assert told(desk) == [
        f"belum siap: 6 dari 6{none_late}",
        f"belum siap: 2 dari 6{one_late}",
        f"belum siap: 2 dari 6{one_late}",
    ]
    assert {(n.say, n.audience) for _, notices in gates(desk) for n in notices} == {(Say.GATE, "secretary")}
    heard = [own for own in desk.mailbox(SECRETARY).texts if "Mulai 11 Februari 2024." in own]
    assert len(heard) == 3
    assert heard[0].splitlines()[0].endswith("kesiapan Pergeseran logistik belum siap: 6 dari 6")
    assert "Belum siap: 2 dari 6; lewat waktu: 1." in heard[-1]
    assert "Belum siap: 6 dari 6; belum ada yang lewat waktu." in heard[0]
    assert "Siap 4 dari 6 (66%), belum siap 2" in heard[-1]
    assert "Hibah kepada KPU" not in heard[-1]


def test_nobody_hears_of_what_is_ready(desk):
    for name, office in every_item_of_logistics(desk):
        desk.clock.jumps("H-20 09:00")
        says(desk, name, office)

    desk.clock.reads("H-4 09:00")

    assert told(desk) == []
    assert {(own.closed_why, own.reached) for own, _ in gates(desk)} == {(rule.READY, -1)}
    assert not [own for own in desk.mailbox(SECRETARY).texts if "Pergeseran logistik" in own and "kesiapan" in own]


def test_each_stage_has_gates_of_its_own(desk):
    desk.clock.reads("H+20 09:00")

    begins = next(own.begins for own in desk.programme.desk.preparations if own.code == "rekap")
    day = begins.on(desk.programme.election)
    assert [(day - own.since.astimezone(desk.zone).date()).days for own, _ in gates(desk, "rekap")] == [14, 7, 3]
    assert len(told(desk, "rekap")) == 3


def test_what_was_not_told_in_time_is_left_to_the_next_gate(desk):
    desk.clock.reads("H-18 09:00")
    desk.is_down("H-17 07:00", "H-14 09:00")
    desk.clock.reads("H-9 09:00")

    assert len(told(desk)) == 1


def test_whoever_has_not_answered_the_roll_call_is_counted(sessions, tmp_path):
    desk = prepares(sessions, tmp_path, calls=True)
    desk.clock.reads("H-30 10:00")
    for own in desk.programme.desk.offices:
        if own.title != BPBD:
            confirms(desk, own.title)
    for name, office in every_item_of_logistics(desk):
        desk.clock.jumps("H-20 09:00")
        says(desk, name, office)

    desk.clock.reads("H-16 09:00")

    many = len(desk.programme.desk.offices)
    assert told(desk) == [f"belum siap: 0 dari 6; apel kontak belum dijawab: 1 dari {many}"]


def test_a_policy_without_gates_tells_nobody(sessions, tmp_path):
    text = prepared.POLICY.read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(re.sub(r"^gates: .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    desk = prepares(sessions, tmp_path, tmp_path / "own.yaml")

    desk.clock.reads("H-4 09:00")

    assert gates(desk) == []


def test_a_secretary_with_a_phone_alone_reads_the_figure_in_one_text(sessions, tmp_path):
    desk = prepares(sessions, tmp_path)
    desk.loses(SECRETARY, Channel.EMAIL)

    desk.clock.reads("H-17 09:00")

    text = next(t for t in desk.phone(SECRETARY).texts if "Pergeseran logistik" in t)
    assert "belum siap: 6 dari 6" in text
    assert len(text.strip()) <= 160


def test_a_gate_that_the_calendar_moved_away_is_not_told(desk):
    desk.clock.reads("H-18 09:00")
    ((first, _),) = [(own, None) for own in planned(desk)][:1]
    with desk.rt.sessions.begin() as session:
        session.get_one(Matter, first.id).since = desk.moment("H-17 07:30")
        session.get_one(Matter, first.id).next_at = desk.moment("H-17 07:30")

    desk.clock.reads("H-17 09:00")

    ((own, notices),) = gates(desk)
    assert (own.closed_why, notices) == (rule.MOVED, [])


def test_a_gate_that_is_planned_comes_at_the_time_that_an_amendment_names(desk):
    desk.clock.reads("H-18 09:00")
    amend.amend(desk.rt, [changed(POLICY, ('P3D], at: "08:00"', 'P3D], at: "10:00"'))])

    desk.clock.reads("H-17 09:00")
    assert told(desk) == []

    desk.clock.reads("H-17 10:10")
    assert len(told(desk)) == 1


def planned(desk):
    with desk.rt.sessions.begin() as session:
        return list(session.scalars(select(Matter).where(Matter.kind == Kind.GATE).order_by(Matter.since)))
