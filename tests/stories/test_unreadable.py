"""A programme whose stored files a newer version cannot read stops alone; mended, it goes on by itself."""

import zoneinfo
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from config import loader
from config.errors import ConfigError
from config.shelf import Shelf
from jobs.delivery import deliver, doubts
from jobs.operator import amend, holding, load
from jobs.turn import audit
from models.desk import programmes
from models.desk.programmes import Document
from models.matters import submissions
from models.messages import bells, settling
from models.messages.messages import Message
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import NoticeState
from tests.stories.desk import DESK, ELECTION, POLICY
from tests.stories.test_doubts import Provider

BROKEN = "desk: tiga-kecamatan\nname: [\n"
HOUR = timedelta(hours=1)
TAMBAN, SENTANI = "Camat Tamban", "Kepala Distrik Sentani"


@pytest.fixture
def both(desk):
    """Two desks, each with one district's report of the eve; nobody was told yet."""
    desk.loads_jayapura()
    desk.owes_only(*keys(desk))
    desk.clock.reads("H-1 09:00")
    return desk


def keys(desk):
    return f"{desk.programme.code}/harian/63.04.02/H-1", "pemilihan/contoh-jayapura/harian/91.03.01/H-1"


@pytest.fixture
def heard(both):
    """When an office heard anything: its addresses are known also while its programme cannot be read."""
    known = {o: {both.address(o, c) for c in (Channel.SMS, Channel.EMAIL)} for o in (TAMBAN, SENTANI)}
    return lambda office: [sent.clock for sent in both.wire.accepted if sent.letter.to in known[office]]


def spoil(desk):
    """A new version starts, for which the first desk's file does not hold."""
    with desk.rt.sessions.begin() as session:
        session.execute(update(Document).where(Document.code == "tiga-kecamatan").values(text=BROKEN))
    desk.rt.shelf = Shelf()


def lives_through(desk, *clocks):
    for clock in clocks:
        desk.clock.jumps(f"H-1 {clock}")
        desk.turn()


def with_brand(brand):
    return loader.parse(DESK.read_text().replace("brand: Desk Contoh", f"brand: {brand}"), DESK.name)


def edited(text, edits):
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def first(desk):
    """The id of the programme that stops."""
    return desk.matter(keys(desk)[0]).programme_id


def unread(desk):
    return [one.code for one in audit.run(desk.rt, now=desk.clock.at).unread]


FIRST_RUNG = "      - {at: -PT30M, tell: reporter, by: [sms, email], say: reminder}\n"
REFUSED_TODAY = [
    pytest.param(DESK, {"mekarsari@desk": "tamban@desk"}, id="a mailbox of two offices"),
    pytest.param(DESK, {"0000 0013": "0000 0001"}, id="a phone of two offices"),
    pytest.param(DESK, {"sms_name: Sekda": "sms_name: Camat Tamban"}, id="a name in texts of two offices"),
    pytest.param(DESK, {"name: Mekarsari": 'name: "Mekarsari \U0001f33e"'}, id="an emoji in a name"),
    pytest.param(POLICY, {FIRST_RUNG: "", "closes: PT6H": "closes: PT5M"}, id="a chase over before its first word"),
    pytest.param(ELECTION, {"end: 2024-02-14": "end: 2024-02-15"}, id="two days of voting"),
]


@pytest.mark.parametrize(("file", "edits"), REFUSED_TODAY)
def test_what_new_files_may_not_say_silences_no_desk_that_runs_with_it(both, heard, file, edits):
    """An earlier version took it, and the desk lives with it: it goes on, and can be amended in its other files."""
    text = file.read_text(encoding="utf-8")
    once = edited(text, edits)
    with pytest.raises(ConfigError):
        loader.parse(once, file.name)
    with both.rt.sessions.begin() as session:
        session.execute(update(Document).where(Document.text == text).values(text=once))
    both.rt.shelf = Shelf()
    other, edits = (DESK, {"BUPATI": "WALI KOTA"}) if file is POLICY else (POLICY, {"email: 6": "email: 7"})

    (*_, done) = amend.amend(both.rt, [loader.parse(edited(other.read_text(), edits), other.name)])
    lives_through(both, "12:00")

    assert (done.changed, unread(both), heard(TAMBAN)) == (True, [], ["12:00"])


def test_the_chase_of_a_programme_that_cannot_be_read_rests_and_the_others_go_on(both, heard):
    spoil(both)

    lives_through(both, "12:00", "14:00", "15:00", "16:00")

    tamban = both.matter(keys(both)[0])
    assert (heard(TAMBAN), len(heard(SENTANI)) > 1) == ([], True)
    assert (tamban.closed_at, tamban.next_at is None, both.notices(tamban.key)) == (None, False, [])
    both.every_promise_is_kept()


def test_what_is_wrong_is_told_once_with_file_line_and_remedy_and_the_outside_hears_of_it(both, capsys):
    spoil(both)

    lives_through(both, "12:00", "12:01")

    found = audit.run(both.rt, now=both.clock.at)
    ((finding, *_),) = [one.findings for one in found.unread]
    assert (finding.file, finding.line) == (str(DESK), 3)
    assert finding.remedy
    assert found.failure == f"cannot be read: {both.programme.code}"
    assert capsys.readouterr().out.count("programme unreadable") == 1


def test_once_mended_it_goes_on_by_itself_with_one_message_and_not_one_for_each_missed_rung(both, heard):
    """What was on its way to the office goes into that message too."""
    both.bell.deaf = True
    lives_through(both, "12:00")
    spoil(both)
    both.bell.deaf = False
    lives_through(both, "12:01", "15:00", "16:00")
    assert heard(TAMBAN) == []
    both.every_promise_is_kept()

    (done,) = load.load(both.another_process(both.rt.sessions), both.documents)
    both.clock.reads("H-1 16:05")

    assert (done.mended, heard(TAMBAN), unread(both)) == (True, ["16:00"], [])


def test_other_files_for_the_same_reports_mend_it_and_their_words_are_used(both, heard):
    spoil(both)
    lives_through(both, "12:00")

    both.load([both.documents[0], with_brand("Desk Lain"), both.documents[2]])
    both.turn()

    assert heard(TAMBAN) == ["12:00"]
    assert both.wire.accepted[-1].letter.sender_name == "Desk Lain"


def test_files_that_make_other_reports_do_not_mend_it(both):
    spoil(both)
    other = both.documents[2].text.replace("days: H-7..H-1", "days: H-6..H-1")

    with pytest.raises(load.ChangedCalendar, match=r"only by files that make the same reports: .*H-7 is not in these"):
        both.load([*both.documents[:2], loader.parse(other, "policy.yaml")])

    assert unread(both) == [both.programme.code]


def test_a_spoilt_file_that_another_programme_shares_is_mended_with_that_one(both):
    """The policy of all desks; whoever is loaded next brings it back."""
    with both.rt.sessions.begin() as session:
        session.execute(update(Document).where(Document.kind == "policy").values(text="policy: x"))
    both.rt.shelf = Shelf()
    assert len(unread(both)) == 2
    second = both.documents[0].text.replace("election: pemilihan", "election: pilkada")

    both.load([loader.parse(second, "pilkada.yaml"), *both.documents[1:]])

    assert unread(both) == []


def test_one_that_was_mended_is_no_more_overwritten_by_loading_than_any_other(both):
    spoil(both)
    both.load()

    with pytest.raises(load.ChangedCalendar, match=r"use \./desk amend"):
        both.load([both.documents[0], with_brand("Desk Lain"), both.documents[2]])


def test_a_message_in_a_workers_hands_waits_and_is_neither_sent_nor_cancelled(both, heard):
    both.bell.deaf = True
    lives_through(both, "12:00")
    (tamban,) = (m for m in both.messages() if m.programme_id == first(both))
    spoil(both)

    deliver.run(both.rt, tamban.channel, [tamban.id])

    (still,) = (m for m in both.messages() if m.id == tamban.id)
    assert (still.state, still.tries, heard(TAMBAN)) == (State.PENDING, 0, [])


def test_a_message_in_doubt_waits_with_its_programme(both):
    """Its provider was about to be asked; what its silence or its answer means, the policy says."""
    both.rt.notifiers = dict.fromkeys(Channel, Provider(both))
    lives_through(both, "12:00")
    with both.rt.sessions.begin() as session:
        session.execute(update(Message).values(state=State.IN_DOUBT, due_at=both.clock.at))
    questions = doubts.find_lost(both.rt, now=both.clock.at)
    spoil(both)

    doubts.ask(both.rt, questions)
    both.clock.at += timedelta(minutes=10)
    both.turn()

    doubted = {m.programme_id: m.state for m in both.messages()}
    assert (len(questions) > 1, doubted[first(both)]) == (True, State.IN_DOUBT)
    assert State.SENT in doubted.values()


def test_what_was_decided_before_waits_with_its_programme_and_goes_out_with_it(both, heard):
    both.holds("a wrong text")
    lives_through(both, "12:00")
    spoil(both)
    assert [(w.notices, w.first_at) for w in holding.preview(both.rt).waits] == [(1, None)]
    both.releases()

    lives_through(both, "12:01")
    assert (heard(TAMBAN), len(heard(SENTANI))) == ([], 1)
    assert [n.state for n in both.notices(keys(both)[0])] == [NoticeState.PLANNED]
    both.load()
    lives_through(both, "12:02")

    assert heard(TAMBAN) == ["12:02"]


def test_the_other_way_waits_too_and_is_looked_for_after_the_mend(both, heard):
    """The warning went by text at five; whoever gave no sign is told by mail from a quarter to six on."""
    lives_through(both, "12:00", "15:00", "16:00", "17:00")
    before = len(heard(TAMBAN))
    spoil(both)

    lives_through(both, "17:46", "17:50")
    assert len(heard(TAMBAN)) == before
    both.load()
    lives_through(both, "17:51")

    assert heard(TAMBAN)[before:] == ["17:51"]


def test_a_worker_that_died_meanwhile_is_ruled_on_after_the_mend(both):
    both.bell.deaf = True
    lives_through(both, "12:00")
    with both.rt.sessions.begin() as session:
        session.execute(update(Message).values(state=State.SENDING, due_at=both.clock.at))
    spoil(both)

    lives_through(both, "12:05")
    states = {m.programme_id: m.state for m in both.messages()}
    both.load()
    lives_through(both, "12:06")

    assert states.pop(first(both)) is State.SENDING
    assert State.SENDING not in [*states.values(), *(m.state for m in both.messages())]


def test_the_report_to_the_government_is_compiled_after_the_mend(desk):
    """As of its cut-off, which passed while the programme could not be read."""
    desk.clock.jumps("2024-02-06 17:00")
    spoil(desk)
    desk.clock.jumps("2024-02-06 18:10")
    desk.turn()

    before = compiled(desk)
    desk.load()
    desk.turn()

    (report,) = compiled(desk)
    assert (before, report.cut_off_at) == ([], desk.moment("2024-02-06 18:00"))


def compiled(desk):
    with desk.rt.sessions.begin() as session:
        return submissions.all_of(session)


def test_however_much_of_it_waits_the_others_have_their_turn(both):
    """A limit on what is looked at once counts nothing that is passed over."""
    both.bell.deaf = True
    lives_through(both, "12:00")
    passed, now = first(both), both.clock.at + timedelta(hours=1)
    with both.rt.sessions.begin() as session:
        session.execute(update(Message).values(bell_at=None, channel=Channel.SMS, due_at=both.clock.at))
        session.execute(update(Message).where(Message.programme_id == passed).values(due_at=both.clock.at - HOUR))
        called = bells.ring(session, {Channel.SMS: 1}, now=now, again=HOUR, aside=[passed])
        session.execute(update(Message).values(state=State.SENDING))
        (lost,) = settling.lost(session, now=now, limit=1, aside=[passed])

    assert called == {Channel.SMS: [lost.id]}
    assert lost.programme_id != passed


def test_a_worker_of_its_own_uses_new_words_from_its_next_group_on(both):
    elsewhere = both.another_process(both.rt.sessions)
    elsewhere.look_every = timedelta(0)
    both.bell.deaf = True
    with elsewhere.sessions.begin() as session:
        assert {p.desk.brand for p in elsewhere.live(session).values()} == {"Desk Contoh"}
    spoil(both)
    both.load([both.documents[0], with_brand("Desk Lain"), both.documents[2]])
    lives_through(both, "12:00")
    (tamban,) = (m for m in both.messages() if m.programme_id == first(both))

    deliver.run(elsewhere, tamban.channel, [tamban.id])

    assert [sent.letter.sender_name for sent in both.wire.accepted] == ["Desk Lain"]


def test_the_zones_of_a_desk_are_read_when_it_is_and_no_file_is_needed_later(desk):
    with desk.rt.sessions.begin() as session:
        shelf = Shelf().stocked(programmes.live(session))
    assert shelf.readable
    zoneinfo.reset_tzpath(to=["/nonexistent"])
    try:
        for far in ("Europe/Paris", "America/Lima", "Africa/Cairo", "Asia/Tokyo"):
            with suppress(LookupError):  # the package with the same data may be there
                ZoneInfo(far)
        kept = {zone.key for zone in shelf.zones}
        assert all(ZoneInfo(name) in shelf.zones for name in kept)
        assert {place.zone for place in (desk.programme.desk, *desk.programme.desk.districts)} <= kept
    finally:
        zoneinfo.reset_tzpath()
