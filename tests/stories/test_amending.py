"""Amendments: what is unfiled and ahead moves, what was filed or is overdue stays, and nobody hears twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from config import loader
from config.errors import ConfigError
from config.shelf import Shelf
from jobs.operator import amend, explain
from jobs.operator.acting import hand
from jobs.operator.refusals import Refusal
from models.desk.changes import Change
from models.desk.programmes import Document
from models.machine.clock import Mark
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.tables import ALL
from rules.amending import Act
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.filing import Standing
from services import amendments
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT, uncalled
from tests.stories.desk import Desk as Told

TEAM, ASISTEN = "Camat Tamban", "Asisten Pemerintahan"
KOMINFO = """\
  - {code: kadis-kominfo, title: Kepala Dinas Kominfo, sms_name: Kadis Kominfo, email: kominfo@desk.example,
     phone: "+62 820 0000 0018"}
"""
WITHOUT_MEKARSARI = (
    ('  - {code: "63.04.13", name: Mekarsari, tile: [1, 2]}\n', ""),
    ('  "63.04.13.2001": Mekarsari\n', ""),
    (', "63.04.13": camat-mekarsari', ""),
    ('"63.04.02", "63.04.13"', '"63.04.02"'),
)
CALM = ("ladder: routine", "ladder: calm"), ("  routine:", "  calm:"), ("[routine, ", "[calm, ")


def changed(path, *pairs):
    text = uncalled(path.read_text())
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return loader.parse(text, path.name)


def daily_at(hour):
    """The policy, with the daily reports of the week before voting due at another time."""
    return changed(POLICY, ('days: H-7..H-1\n    at: ["15:00"]', f'days: H-7..H-1\n    at: ["{hour}"]'))


def books(desk):
    """Every row of every table but the clock's own."""
    with desk.rt.sessions.begin() as session:
        return {
            model.__tablename__: sorted(map(repr, session.execute(select(model.__table__)).all()))
            for model in ALL
            if model is not Mark
        }


def acts(done):
    return {act: count for act, count in done.counts.items() if count}


def test_the_same_files_again_change_nothing(desk):
    before = books(desk)

    (done,) = amend.amend(desk.rt, desk.documents)

    assert (done.changed, books(desk)) == (False, before)


def test_what_is_ahead_moves_and_what_is_overdue_or_filed_stays(desk):
    overdue, filed, ahead = (desk.key("harian", "Tamban", slot) for slot in ("H-3", "H-2", "H-1"))
    desk.clock.reads("H-2 14:00")
    desk.files(filed)
    before = vars(desk.obligation(overdue)) | vars(desk.matter(filed))

    amend.amend(desk.rt, [daily_at("17:00")])

    after = vars(desk.obligation(overdue)) | vars(desk.matter(filed))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}
    assert desk.obligation(filed).due_at == desk.moment("H-2 15:00")
    assert desk.obligation(ahead).due_at == desk.matter(ahead).since == desk.moment("H-1 17:00")
    assert desk.obligation(ahead).opens_at == desk.moment("H-1 08:00")
    desk.clock.reads("H 00:00")


def test_what_was_overdue_is_chased_on_under_the_old_time(desk):
    late = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-7 15:30")

    amend.amend(desk.rt, [daily_at("20:30")])
    desk.clock.reads("H-7 19:00")

    assert any("batas 7/2 15.00 WITA" in text for text in desk.phone(TEAM, since="H-7 16:00").texts)
    assert len(desk.phone(ASISTEN, since="H-7 18:30")) == 1
    assert desk.matter(late).round == 0


def test_a_vanished_slot_is_cancelled_and_nobody_is_asked_for_it(desk):
    gone = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-8 20:00")

    amend.amend(desk.rt, [changed(POLICY, ("days: H-7..H-1", "days: H-6..H-1"))])
    before = desk.heard(TEAM)
    desk.clock.reads("H-7 23:00")

    owed = desk.obligation(gone)
    assert (owed.standing, owed.reason) == (Standing.CANCELLED, "not in the calendar any more (default.yaml)")
    assert (desk.matter(gone).closed_why, desk.heard(TEAM)) == ("cancelled by an amendment", before)


def test_what_was_planned_of_a_vanished_slot_is_moot_with_the_reason(desk):
    """Held by the hold switch when the calendar changed."""
    gone = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-7 11:00")
    desk.holds("wait")
    desk.clock.reads("H-7 12:30")

    amend.amend(desk.rt, [changed(POLICY, ("days: H-7..H-1", "days: H-6..H-1"))])

    assert {(n.state, n.reason) for n in desk.notices(gone)} == {(NoticeState.MOOT, "amended")}


def test_a_message_on_its_way_about_the_old_time_is_not_sent(desk):
    moved = desk.key("harian", "Tamban", "H-7")
    desk.bell.deaf = True
    desk.clock.jumps("H-7 12:00")
    desk.turn()
    desk.bell.deaf = False

    amend.amend(desk.rt, [daily_at("20:30")])
    desk.clock.reads("H-7 17:00")

    assert desk.notices(moved)[0].state is NoticeState.MOOT
    assert all("7 Februari 2024 pukul 15.00" not in text for text in desk.mailbox(TEAM, since="H-7 12:00").texts)


def test_a_slot_that_comes_back_is_owed_again(desk):
    back = desk.key("harian", "Tamban", "H-7")
    amend.amend(desk.rt, [changed(POLICY, ("days: H-7..H-1", "days: H-6..H-1"))])

    (done,) = amend.amend(desk.rt, [desk.documents[2]])

    assert acts(done)[Act.MAKE] == 3
    assert (desk.obligation(back).standing, desk.obligation(back).reason) == (Standing.OWED, "")
    desk.clock.reads("H-7 15:00")
    assert "R-" in desk.phone(TEAM).last
    assert desk.matter(back).closed_at is None


def test_the_recapitulation_ends_earlier_than_was_planned(sessions, tmp_path):
    """PKPU 5/2024 became known on 15 February 2024: the regency's recapitulation ends on 5 March, not on the 20th."""
    real = ROOT / "config/elections/pemilu-2024.yaml"
    newer = r"      - known_from: 2024-02-15\n        legal_basis: PKPU 5/2024.*?(?=\n  - code:|\n      - known_from)"
    first = tmp_path / "pemilu-2024.yaml"
    first.write_text(re.sub(newer, "", real.read_text(), flags=re.DOTALL))
    barito = ROOT / "config/desks/barito-kuala.yaml"
    desk = Told(sessions, files=(first, barito, POLICY), starts="2024-02-15 10:00")
    final = desk.key("akhir", "Tamban", "2024-04-03")

    (done,) = amend.amend(desk.rt, [loader.read(real)])

    tamban = [step for step in done.altered if step.report.area == "63.04.02"]
    assert {step.act for step in tamban if step.report.duty == "harian-pasca"} == {Act.ADJUST}
    assert {step.report.slot: step.act for step in tamban if step.act is not Act.ADJUST} == {
        "2024-W12": Act.CANCEL,
        "2024-W13": Act.CANCEL,
        "2024-03-19": Act.MAKE,
        "2024-04-03": Act.CANCEL,
    }
    assert desk.obligation(final).standing is Standing.CANCELLED
    assert desk.obligation(desk.key("akhir", "Tamban", "2024-03-19")).due_at == desk.moment("2024-03-19 15:00")


def test_a_stage_that_is_activated_asks_only_from_now_on(sessions, tmp_path):
    """A second round: whose duty begins on Monday, but it was decided on only on Wednesday."""
    inactive = tmp_path / "pemilihan.yaml"
    stage = """
  - code: C-4
    name: Putaran kedua
    role: second_round
    active: false
    versions:
      - {known_from: 2022-06-09, legal_basis: Peraturan Contoh, start: 2024-02-05, end: 2024-02-09}
"""
    inactive.write_text(ELECTION.read_text() + stage)
    policy = tmp_path / "default.yaml"
    duty = """duties:
  - code: putaran-kedua
    name: Laporan putaran kedua
    form: harian
    per: district
    every: day
    from: {stage: second_round, edge: start}
    until: {stage: second_round, edge: end}
    at: ["15:00"]
    opens: -PT9H
    closes: P1D
    ladder: daily
    nil: true
    on_holiday: keep
"""
    policy.write_text(uncalled(POLICY.read_text()).replace("duties:\n", duty, 1))
    desk = Told(sessions, files=(inactive, DESK, policy), starts="2024-01-29 08:00")
    desk.clock.reads("2024-02-07 15:30")

    (done,) = amend.amend(desk.rt, [changed(inactive, ("active: false", "active: true"))])

    assert (acts(done)[Act.MAKE], acts(done)[Act.SKIP]) == (2 * 3, 3 * 3)
    desk.clock.reads("2024-02-08 14:00")
    assert desk.outcome(desk.key("harian", "Tamban", "H-7")) is not None
    assert any("pengingat" in text for text in desk.mailbox(TEAM, since="2024-02-08 11:00").texts)


def test_another_ladder_is_climbed_from_where_a_report_stands_if_so_ordered(desk):
    """The coordinator is to hear of a late report already two and a half hours after its time."""
    late = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-7 16:30")
    assert desk.matter(late).reached == 2

    sooner = ("{at: PT3H30M, tell: coordinator", "{at: PT2H30M, tell: coordinator")
    warned = ("{at: PT2H, tell: team, by: [sms, email], say: warning, other_way_after: PT45M}",
              "{at: PT1H45M, tell: team, by: [sms, email], say: warning, other_way_after: PT15M}")  # fmt: skip
    amend.amend(desk.rt, [changed(POLICY, sooner, warned)], also_open=True)
    desk.clock.reads("H-7 18:00")

    assert desk.phone(TEAM, since="H-7 12:00").clocks == ["15:00", "16:00", "16:45"]
    assert desk.phone(ASISTEN).clocks == ["17:45"]


def test_a_ladder_that_lost_a_rung_repeats_nothing(desk):
    late = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-7 16:30")
    asked = "      - {at: PT1H, tell: reporter, by: [sms, email], say: overdue}"
    fewer = ("      - {at: PT0S, tell: reporter, by: [sms, email], say: due}\n" + asked, asked)

    amend.amend(desk.rt, [changed(POLICY, fewer)], also_open=True)
    desk.clock.reads("H-7 18:45")

    assert (desk.matter(late).round, desk.phone(TEAM, since="H-7 12:00").clocks) == (1, ["15:00", "16:00", "17:00"])
    assert desk.phone(ASISTEN).clocks == ["18:30"]


def test_quiet_hours_that_end_earlier_let_go_what_they_held(desk):
    desk.clock.reads("H-7 23:00")
    desk.clock.reads("H-6 05:30")
    earlier = ('{from: "20:00", until: "07:00"}', '{from: "20:00", until: "06:00"}')

    amend.amend(desk.rt, [changed(POLICY, earlier)])
    desk.clock.reads("H-6 06:30")

    assert books(desk)["notice"]
    assert all(n.release_at <= desk.clock.at for n in desk.notices(desk.key("harian", "Tamban", "H-7")))


def test_a_dry_run_says_the_same_and_changes_nothing(desk):
    before = books(desk)

    (shown,) = amend.amend(desk.rt, [daily_at("17:00")], dry_run=True)

    assert books(desk) == before
    assert desk.rt.programmes[1].digest == desk.programme.digest
    (done,) = amend.amend(desk.rt, [daily_at("17:00")])
    assert (shown.steps, acts(done)) == (done.steps, {Act.MOVE: 21, Act.KEEP: 80})


def test_all_desks_that_use_a_file_are_amended(desk):
    desk.loads_jayapura()

    done = amend.amend(desk.rt, [daily_at("17:00")])

    assert [one.programme.code for one in done] == ["pemilihan/contoh-jayapura", "pemilihan/tiga-kecamatan"]
    assert desk.obligation(desk.key("harian", "Sentani", "H-1")).due_at == desk.moment("H-1 16:00")


def test_if_one_desk_cannot_be_amended_none_is(desk):
    """The first is written already when it turns out that the second lost a district that its books need."""
    desk.loads_jayapura()
    before = books(desk)

    with pytest.raises(Refusal, match=r"63\.04\.13 has reports or problems, and is not in the desk"):
        amend.amend(desk.rt, [daily_at("17:00"), changed(DESK, *WITHOUT_MEKARSARI)])

    assert books(desk) == before
    assert desk.rt.programmes[1].digest == desk.programme.digest


def test_two_amendments_at_once_are_done_one_after_the_other(desk):
    elsewhere, moved = desk.another_process(desk.rt.sessions), desk.key("harian", "Tamban", "H-1")

    with ThreadPoolExecutor(2) as both:
        done = [
            both.submit(amend.amend, rt, [daily_at(hour)]) for rt, hour in ((desk.rt, "16:00"), (elsewhere, "17:00"))
        ]

    assert [acts(one)[Act.MOVE] for (one,) in (each.result() for each in done)] == [21, 21]
    assert desk.matter(moved).round == 2
    assert desk.obligation(moved).due_at == desk.matter(moved).since


def test_a_report_that_comes_in_meanwhile_is_kept_and_stays_as_it_was_filed(desk):
    """Whichever is first: it is received, and its chase is over."""
    filed = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-7 12:30")

    with ThreadPoolExecutor(2) as both:
        done = [both.submit(amend.amend, desk.rt, [daily_at("17:00")]), both.submit(desk.files, filed)]
    for each in done:
        each.result()

    assert (desk.obligation(filed).standing, desk.matter(filed).next_at) == (Standing.RECEIVED, None)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        pytest.param(
            lambda: changed(POLICY, ("policy: default", "policy: other")),
            "policy other: no live programme",
            id="strange",
        ),
        pytest.param(
            lambda: changed(POLICY, ("code: mingguan\n", "code: pekanan\n"), ("{mingguan: ", "{pekanan: ")),
            "duty mingguan has reports that stay",
            id="a duty renamed",
        ),
        pytest.param(
            lambda: changed(
                POLICY, ("ladder: routine", "ladder: calm"), ("  routine:", "  calm:"), ("[routine, ", "[calm, ")
            ),
            "ladder routine is climbed still",
            id="a ladder renamed",
        ),
        pytest.param(
            lambda: changed(DESK, *WITHOUT_MEKARSARI),
            "63.04.13 has reports or problems, and is not in the desk any more",
            id="a district taken out",
        ),
    ],
)
def test_what_the_books_still_need_cannot_be_taken_away(desk, document, why):
    desk.clock.reads("2024-02-01 16:00")
    before = books(desk)

    with pytest.raises(Refusal, match=why):
        amend.amend(desk.rt, [document()])

    assert books(desk) == before


def test_an_office_that_leaves_is_told_no_more_and_its_contacts_are_as_people_left_them(desk):
    desk.moves_to(TEAM, Channel.SMS, "+6282000009999")
    desk.clock.reads("H-7 12:30")
    leaves = (
        ("members: [kadis-kominfo, camat-tamban", "members: [camat-tamban"),
        (KOMINFO, ""),
        ("title: Camat Tamban,", "title: Camat Tamban Baru, sms_name: Camat Tamban,"),
    )
    kominfo, left_at = desk.address("Kepala Dinas Kominfo", Channel.SMS), desk.clock.at

    amend.amend(desk.rt, [changed(DESK, *leaves)])
    desk.clock.reads("H-7 19:00")

    assert [sent for sent in desk.wire.accepted if sent.letter.to == kominfo and sent.at >= left_at] == []
    told = desk.phone("Camat Tamban Baru", since="H-7 12:30")
    assert (told.clocks, told.letters[0].letter.to) == (["15:00", "16:00", "17:00"], "+6282000009999")


def test_a_programme_that_cannot_be_read_is_mended_by_an_amendment(desk):
    desk.clock.reads("H-2 10:00")
    with desk.rt.sessions.begin() as session:
        session.execute(update(Document).where(Document.kind == "policy").values(text="policy: x"))
    desk.rt.shelf = Shelf()

    (done,) = amend.amend(desk.rt, [daily_at("17:00")])

    assert (acts(done)[Act.MOVE], list(desk.rt.shelf.unreadable)) == (6, [])
    desk.clock.reads("H-2 13:59")
    assert desk.mailbox(TEAM, since="H-2 10:00").clocks == []
    desk.clock.reads("H-2 14:00")
    assert desk.mailbox(TEAM, since="H-2 10:00").clocks == ["14:00"]


def test_a_file_that_cannot_be_read_and_is_not_among_those_given_is_named(desk):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Document).where(Document.kind == "desk").values(text="desk: x\nname: ["))
    desk.rt.shelf = Shelf()

    with pytest.raises(ConfigError, match="tiga-kecamatan"):
        amend.amend(desk.rt, [daily_at("17:00")])


def test_a_worker_of_its_own_takes_the_new_calendar_over(desk):
    elsewhere = desk.another_process(desk.rt.sessions)
    with elsewhere.sessions.begin() as session:
        elsewhere.refresh(session)

    amend.amend(desk.rt, [daily_at("17:00")])

    with elsewhere.sessions.begin() as session:
        elsewhere.refresh(session)
    assert elsewhere.programmes[1].digest == desk.rt.programmes[1].digest != desk.programme.digest


def test_explain_says_who_moved_it_from_when_to_when_and_by_which_file(desk):
    moved = desk.key("harian", "Tamban", "H-1")

    amend.amend(desk.rt, [daily_at("17:00")], by="kepala-kesbangpol")

    steps = {(step.what, step.why) for step in explain.matter(desk.rt, moved).steps}
    span = "2024-02-13 15.00 WITA -> 2024-02-13 17.00 WITA"
    assert ("moved by Kepala Kesbangpol via command", f"by amendment: {span} (default.yaml)") in steps
    with desk.rt.sessions.begin() as session:
        whole = session.scalars(select(Change).where(Change.what == "amended")).one()
    assert whole.text == "default.yaml: 21 move, 0 adjust, 0 cancel, 0 make, 0 skip, 80 keep"


def test_whoever_was_told_of_the_old_time_is_told_of_the_new_one_once(desk):
    """The reminder for three in the afternoon went out at noon; half an hour later the report is due at five."""
    desk.clock.reads("H-1 12:30")
    code = desk.code(desk.key("harian", "Tamban", "H-1"))
    assert "13/2" in desk.mailbox(TEAM, since="H-1 12:00").last

    (done,) = amend.amend(desk.rt, [daily_at("17:00")])
    desk.clock.reads("H-1 13:30")

    moved = desk.key("harian", "Tamban", "H-1")
    assert {key: codes for key, codes in done.told.items() if codes}[moved] == ["camat-tamban"]
    (told,) = desk.phone(TEAM, since="H-1 12:30").texts
    assert f"Yth. Camat Tamban, perubahan jadwal: laporan {code} batas 13/2 17.00 WITA. Mohon" in told
    desk.clock.reads("H-1 16:59")
    assert desk.heard(TEAM)[-2:] == ["sms 12:30", "email 14:00"]
    desk.clock.reads("H-1 18:00")
    assert desk.phone(TEAM, since="H-1 13:00").clocks == ["17:00", "18:00"]


def test_whoever_was_told_of_nothing_yet_hears_nothing_more(desk):
    desk.clock.reads("H-1 09:00")
    before = len(desk.heard(TEAM))

    amend.amend(desk.rt, [daily_at("17:00")])
    desk.clock.reads("H-1 16:00")

    assert desk.heard(TEAM)[before:] == ["email 14:00"]


def test_a_due_time_moved_earlier_is_told_instead_of_a_reminder_that_comes_too_late(desk):
    desk.clock.reads("H-1 12:30")

    amend.amend(desk.rt, [daily_at("14:00")])
    desk.clock.reads("H-1 13:59")

    assert desk.heard(TEAM)[-2:] == ["email 12:00", "sms 12:30"]


def test_one_message_names_all_that_was_moved_for_an_office(sessions, tmp_path):
    one_reporter = tmp_path / "desk.yaml"
    one_reporter.write_text(DESK.read_text().replace('"63.04.13": camat-mekarsari}', '"63.04.13": camat-tamban}'))
    desk = Told(sessions, files=(ELECTION, one_reporter, POLICY))
    desk.clock.reads("H-1 12:30")

    amend.amend(desk.rt, [daily_at("17:00")])
    desk.clock.reads("H-1 12:45")

    (told,) = desk.phone(TEAM, since="H-1 12:10").texts
    assert "perubahan jadwal: 2 laporan batas 13/2 17.00 WITA" in told


def test_nobody_is_woken_for_a_routine_report_that_was_moved(desk):
    """Told in the evening of H-2 that a report of a week is due later: the morning is early enough."""
    weekly = desk.key("mingguan", "Tamban", "2024-W06")
    desk.clock.reads("2024-02-05 12:00")
    later = ('until: H-8\n    at: ["15:00"]', 'until: H-8\n    at: ["23:00"]')
    quiet = ('{from: "20:00", until: "07:00"}', '{from: "11:00", until: "13:00"}')

    amend.amend(desk.rt, [changed(POLICY, later, quiet)])
    desk.clock.reads("2024-02-05 12:59")
    before = desk.phone(TEAM, since="2024-02-05 12:00").clocks
    desk.clock.reads("2024-02-05 13:30")

    assert (before, desk.phone(TEAM, since="2024-02-05 12:00").clocks) == ([], ["13:00"])
    assert desk.obligation(weekly).due_at == desk.moment("2024-02-05 23:00")


def test_whoever_was_reminded_of_a_report_that_vanished_is_told_so_once(desk):
    """A reading of voting day at half past ten instead of ten: by its slot it is another report."""
    old, new = desk.key("hari-h", "Tamban", "H@22.00"), desk.key("hari-h", "Tamban", "H@22.30")
    desk.clock.reads("H 21:40")
    code = desk.code(old)
    assert f"{code} (batas 14/2 22.00 WITA)" in desk.phone(TEAM, since="H 21:30").last

    later = [('"18:00", "22:00"]', '"18:00", "22:30"]'), ('{at: "22:00", name', '{at: "22:30", name')]
    amend.amend(desk.rt, [changed(POLICY, *later)])
    desk.clock.reads("H 22:10")

    gone, reminded = desk.phone(TEAM, since="H 21:40").texts
    assert f"perubahan jadwal: laporan {code} (batas 14/2 22.00 WITA) tidak diperlukan lagi. Terima kasih." in gone
    assert f"{desk.code(new)} (batas 14/2 22.30 WITA)" in reminded


def test_what_vanished_and_came_back_before_anybody_was_told_is_not_told_as_gone(desk):
    desk.clock.reads("H-1 12:30")
    desk.holds("wait")
    amend.amend(desk.rt, [changed(POLICY, ("days: H-7..H-1", "days: H-7..H-2"))])
    amend.amend(desk.rt, [desk.documents[2]])
    desk.releases()

    desk.clock.reads("H-1 13:30")

    assert not any("tidak diperlukan" in text for text in desk.phone(TEAM, since="H-1 12:30").texts)


def test_moved_twice_before_anybody_was_told_is_told_once(desk):
    desk.clock.reads("H-1 12:30")
    desk.holds("wait")
    amend.amend(desk.rt, [daily_at("16:00")])
    amend.amend(desk.rt, [daily_at("17:00")])
    desk.releases()

    desk.clock.reads("H-1 13:30")

    assert [text for text in desk.phone(TEAM, since="H-1 12:30").texts if "16.00" in text] == []
    assert len(desk.phone(TEAM, since="H-1 12:30")) == 1


def test_who_files_before_he_is_told_is_not_told(desk):
    desk.clock.reads("H-1 12:30")
    desk.holds("wait")
    amend.amend(desk.rt, [daily_at("17:00")])
    desk.files(desk.key("harian", "Tamban", "H-1"))
    desk.releases()

    desk.clock.reads("H-1 13:30")

    assert desk.phone(TEAM, since="H-1 12:30").texts == []


def test_a_report_of_the_desk_that_vanished_is_not_compiled_and_one_that_is_compiled_stays(desk):
    own = f"{desk.programme.code}/laporan-gubernur/63.04"
    desk.clock.reads("2024-02-06 18:10")
    compiled, coming = f"{own}/2024-W06", f"{own}/2024-W07"
    only_later = changed(
        POLICY, ("from: start+7         # on the first days there is no week to report on", "from: start+21")
    )

    amend.amend(desk.rt, [only_later])
    desk.clock.reads("2024-02-13 18:30")

    assert desk.obligation(compiled).standing is Standing.OWED
    assert (desk.obligation(coming).standing, desk.obligation(coming).compile_at) == (Standing.CANCELLED, None)


def test_a_row_that_makes_no_sense_is_no_hindrance(desk):
    """Set aside with a ladder that there never was, in a district that there never was."""
    with desk.rt.sessions.begin() as session:
        of = update(Matter).where(Matter.key == desk.key("harian", "Tamban", "H-7"))
        session.execute(of.values(ladder="nonsense", area="99.99.99", next_at=None))

    (done,) = amend.amend(desk.rt, [changed(POLICY, ("caps_per_day: {sms: 4", "caps_per_day: {sms: 5"))])

    assert done.changed


def test_when_voting_moves_two_days_later_no_day_in_between_is_left_without_a_report(desk):
    """H-4 was filed for the 10th, and falls on the 12th now: what came for one date does not stand for the other."""
    filed = desk.key("harian", "Tamban", "H-4")
    desk.clock.reads("H-4 14:00")
    desk.files(filed)

    later = ("start: 2024-02-14, end: 2024-02-14", "start: 2024-02-16, end: 2024-02-16")
    (done,) = amend.amend(desk.rt, [changed(ELECTION, later)])

    with desk.rt.sessions.begin() as session:
        owed = session.scalars(
            select(Obligation.due_at)
            .join(Matter, Matter.id == Obligation.id)
            .where(Obligation.duty == "harian", Matter.area == "63.04.02", Obligation.standing != Standing.CANCELLED)
        ).all()
    assert sorted(f"{at:%m-%d}" for at in owed if at >= desk.moment("H-4 00:00")) == [
        f"02-{day}" for day in (10, 11, 12, 13, 14, 15)
    ]
    assert [(f"{d.day:%d}", d.before, d.after) for d in done.days if d.duty == "harian"] == [("14", 0, 1), ("15", 0, 1)]
    assert desk.reports(filed)[0].version == 1

    desk.clock.reads("H-2 15:30")
    assert f"{desk.code(f'{filed}~2')}" in desk.phone(TEAM, since="H-2 15:00").last
    desk.files(f"{filed}~2")
    desk.clock.reads("H 08:00")


KADIS_REPORTS = ('"63.04.13": camat-mekarsari', '"63.04.13": kadis-kominfo')


def test_whoever_reports_for_another_district_from_now_on_is_not_told_of_what_was_held_over_night(desk):
    """Kadis Kominfo was to be warned of Tamban's report in the morning, and reports for Mekarsari by then."""
    tamban = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(tamban)
    desk.is_down("H-7 16:30", "H-7 20:30")
    desk.clock.reads("H-7 21:00")
    assert [n.state for n in desk.notices(tamban, "Kadis Kominfo")] == [NoticeState.PLANNED]

    amend.amend(desk.rt, [changed(DESK, KADIS_REPORTS)])
    desk.clock.reads("H-6 09:30")

    assert desk.heard("Kadis Kominfo") == []
    assert desk.phone(TEAM, since="H-6 06:00").clocks == ["07:00"]
    assert len(desk.phone(ASISTEN)) == 1


def test_who_reports_from_now_on_is_asked_and_the_coordinator_hears_only_after_he_was_warned(desk):
    mekarsari = desk.key("harian", "Mekarsari", "H-7")
    desk.owes_only(mekarsari)
    desk.clock.reads("H-7 16:30")

    amend.amend(desk.rt, [changed(DESK, KADIS_REPORTS)])
    desk.clock.reads("H-7 18:45")

    assert desk.phone("Kadis Kominfo").clocks == ["16:30", "17:00"]
    assert desk.matter(mekarsari).round == 1
    assert desk.phone(ASISTEN).clocks == ["18:30"]


def test_whoever_was_told_of_a_new_time_is_told_too_when_that_report_vanishes(desk):
    desk.clock.reads("H-7 12:10")
    amend.amend(desk.rt, [daily_at("18:00")])
    desk.clock.reads("H-7 12:30")
    later = ('days: H-7..H-1\n    at: ["15:00"]', 'days: H-6..H-1\n    at: ["18:00"]')
    amend.amend(desk.rt, [changed(POLICY, later)])

    desk.clock.reads("H-7 13:00")

    new, gone = desk.phone(TEAM, since="H-7 12:00").texts
    assert "18.00 WITA" in new
    assert "tidak diperlukan lagi" in gone


def test_who_knew_of_a_due_time_is_told_what_it_was_and_what_it_is(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.loses(TEAM, Channel.SMS)
    desk.clock.reads("H-7 12:00")

    amend.amend(desk.rt, [daily_at("17:00")])
    desk.clock.reads("H-7 12:30")

    word = desk.mailbox(TEAM).last
    assert "Batas waktu Rabu, 7 Februari 2024 pukul 17.00 WITA, semula Rabu, 7 Februari 2024 pukul 15.00 WITA" in word
    assert "Dasar perubahan" not in word  # the desk's own rule changed, and no regulation


def test_a_regulation_that_moved_it_is_named(desk):
    """Voting day is moved, and the reports that count from it."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key)
    desk.loses(TEAM, Channel.SMS)
    desk.clock.reads("H-1 12:30")

    moved = ELECTION.read_text(encoding="utf-8").replace("2024-02-14", "2024-02-15")
    moved = moved.replace("legal_basis: Peraturan Contoh", "legal_basis: PKPU 99/2024")
    amend.amend(desk.rt, [loader.parse(moved, ELECTION.name)])
    desk.clock.reads("H-1 12:45")

    word = "\n".join(desk.mailbox(TEAM, since="H-1 12:30").texts)
    assert "Batas waktu Rabu, 14 Februari 2024 pukul 15.00 WITA, semula Selasa, 13 Februari 2024" in word
    assert "Dasar perubahan: PKPU 99/2024." in word


@pytest.mark.parametrize(
    ("last", "told"),
    [
        pytest.param(
            "18:00", "pukul 18.00 WITA, semula Rabu, 7 Februari 2024 pukul 15.00 WITA", id="from what they knew"
        ),
        pytest.param("15:00", "", id="moved back: they know it"),
    ],
)
def test_of_what_was_moved_twice_before_anybody_was_told_only_the_whole_way_counts(desk, last, told):
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.loses(TEAM, Channel.SMS)
    desk.clock.reads("H-7 12:00")
    desk.holds("ujian")

    amend.amend(desk.rt, [daily_at("17:00")])
    desk.clock.reads("H-7 12:10")
    amend.amend(desk.rt, [daily_at(last)])
    desk.clock.reads("H-7 12:20")
    desk.releases()
    desk.clock.reads("H-7 12:40")

    words = desk.mailbox(TEAM, since="H-7 12:01").texts
    assert len(words) == bool(told)
    assert all(told in word for word in words)


def test_a_decree_that_takes_leave_back_moves_what_counts_working_days_and_is_named(desk):
    """Four working days before voting: 6 February, and the 7th once the 9th is no collective leave any more."""
    by_days = ("days: H-7..H-1\n", "on: {stage: voting_day, working_days: -4}\n")
    amend.amend(desk.rt, [changed(POLICY, by_days)])
    key = desk.key("harian", "Tamban", "H-4k")
    desk.owes_only(key)
    desk.loses(TEAM, Channel.SMS)
    desk.clock.reads("H-8 12:30")
    assert "6 Februari 2024" in desk.mailbox(TEAM).last

    with desk.rt.sessions.begin() as session:
        ((id, before),) = desk.rt.live(session).items()
        after = replace(before, holidays=before.holidays - {date(2024, 2, 9)}, decrees={2024: "SKB 3 Menteri contoh"})
        amendment = amendments.Amendment(id, before, after, "policy.yaml")
        done = amendments.carry_out(
            session, amendment, hand=hand(session, before, before.desk.secretariat), now=desk.clock.at
        )
    desk.clock.reads("H-8 12:45")

    assert [step.act for step in done.steps if step.report.key == key] == [Act.MOVE]
    word = desk.mailbox(TEAM).last
    assert "Batas waktu Rabu, 7 Februari 2024 pukul 15.00 WITA, semula Selasa, 6 Februari 2024" in word
    assert "Dasar perubahan: SKB 3 Menteri contoh." in word


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_texts_lose_beside_our_links_is_said_before_and_after_a_change(desk, dry_run):
    desk.rt.public_url = f"https://{'x' * 50}.go.id"
    brand = changed(DESK, ("brand: Desk Contoh", "brand: Desk Pemilu"))

    (done,) = amend.amend(desk.rt, [brand], dry_run=dry_run)

    (warning,) = [str(own) for own in done.warnings if "texts" in str(own)]
    assert "leave out the salutation or the link: " in warning
    assert "carriers may hold back: pemilu to " in warning
