"""A policy that runs silently beside the live one: what people really did, done again on a copy of the books."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from config import loader
from jobs.operator import acting, advising, amend, people, subjects
from jobs.operator.refusals import Refusal
from jobs.shadow import begin, kept, look
from jobs.shadow.begin import DAYS, Begin
from models import copies
from models.base import begun_by, connect
from models.desk import changes, deeds
from models.desk.changes import Hand, Way
from models.matters import issues, tasks
from models.messages import ahead
from models.messages.messages import Message
from models.offices.offices import Office
from reports import sheets as written
from rules import handovers
from rules.advice import Answer, Sort
from rules.delivery import State, Temporary
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from rules.filing import Content, Via
from rules.foretold import Differs, Told
from rules.ladder import Say
from rules.policy import Severity
from services import filing, hearing, restricting, tables, telling
from tests.stories.desk import POLICY, Desk, _without, no_room
from tests.stories.test_advice import confirms, gives, invites
from tests.stories.test_corrections import told as speaks

Lives = Callable[[Desk], None]
CAMAT, TABUNGANEN = "Camat Tamban", "Camat Tabunganen"


def policy(*pairs: tuple[str, str]):
    text = _without(POLICY, opens=True, calls=True).text
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return [loader.parse(text, "kebijakan.yaml")]


@pytest.fixture
def before(desk: Desk) -> Desk:
    """The day before the daily reports begin."""
    desk.clock.reads("H-8 09:00")
    return desk


def begins(desk: Desk, place: Path, *pairs: tuple[str, str]) -> None:
    begin.begin(desk.rt, place, Begin(desk.programme.desk.code, policy(*pairs), "", "Dicoba dulu"))


def told(desk: Desk, since: datetime) -> list[Told]:
    """What it really sent."""
    with desk.rt.sessions() as session:
        return ahead.told(session, since=since)


def said(messages: Iterable[Told]) -> list[tuple[object, ...]]:
    """Whom, when, how, what, about what, in which words."""
    receipt = re.compile(r"TT-\d*")  # its number is luck
    return sorted(
        (own.office, own.at, own.channel, own.say, own.matters, receipt.sub("TT-", own.words)) for own in messages
    )


def sees(desk: Desk, place: Path) -> look.Seen:
    own = kept.find(place, desk.programme.desk.code)
    assert own is not None
    return look.look(desk.rt, own)


def promises(desk: Desk, key: str, until: str, *, by: str = "camat-tamban") -> None:
    """As the page of a link does it."""
    with desk.rt.sessions.begin() as session:
        office = telling.office_of(session, desk.programme, by)
        owed, at = telling.locked(session, key), desk.moment(until)
        filing.promise(session, desk.programme, owed, by=by, until=at, note="Sinyal.", now=desk.clock.at)
        place = (1, owed[0].id)
        hand = Hand(office.id, office.title, Way.LINK)
        changes.record(session, hand, "promised", owed[0].code, *place, until=at, now=desk.clock.at)


def lives_two_busy_days(desk: Desk) -> None:
    first, second = (desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6"))
    desk.refuses(Channel.SMS, "Camat Tabunganen")
    desk.clock.reads("H-8 11:00")
    problem = desk.has_a_problem("Logistik terlambat", severity=Severity.HIGH)
    desk.clock.reads("H-8 11:40")
    desk.acknowledges(problem, "H-8 15:00")
    slight = desk.has_a_problem("Baliho roboh", severity=Severity.LOW)
    desk.clock.reads("H-8 13:00")
    desk.grades(slight, Severity.HIGH, "Menutup jalan.")
    desk.clock.reads("H-8 17:20")
    desk.resolves(problem, "Sudah tiba.")
    desk.hands_on(slight, "Asisten Pemerintahan", "Mohon ditangani.", by="Sekretariat Desk")
    desk.clock.reads("H-8 18:00")
    desk.confirms(problem)
    desk.clock.reads("H-7 14:10")
    desk.files(desk.key("harian", "Tabunganen", "H-7"), by=TABUNGANEN)
    desk.clock.reads("H-7 15:20")
    promises(desk, first, "H-7 16:30")
    desk.clock.reads("H-7 17:10")
    desk.takes_on(first, "H-7 19:00")
    desk.clock.reads("H-7 20:05")
    desk.files(first, by=CAMAT, via=Via.PHONE)
    desk.clock.reads("H-6 08:30")
    desk.returns(first, "H-6 13:00")
    desk.clock.reads("H-6 12:10")
    desk.files(first, "Situasi aman; dilengkapi.", by=CAMAT)
    desk.extends(second, "H-6 17:00")
    desk.clock.reads("H-6 16:40")
    desk.files(second, content=Content.NIL, by=CAMAT)
    desk.reopens(problem, "Datang lagi yang rusak.")
    desk.clock.reads("H-5 09:30")


def hears(desk: Desk, office: str, fate: Fate, *, dead: bool = False) -> None:
    """A provider says what became of the last message to an office."""
    with desk.rt.sessions.begin() as session:
        own = select(Office.id).where(Office.code == office).scalar_subquery()
        last = select(Message).where(Message.office_id == own).order_by(Message.id.desc()).limit(1)
        message = session.scalars(last).one()
        heard = Heard(message_id=message.id, fate=fate, provider_id=message.provider_id or "", code="30003", dead=dead)
        assert hearing.keep(session, heard, now=desk.clock.at)


def ticks_off(desk: Desk) -> None:
    """The secretariat has seen to everything on its list."""
    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, "sekretariat-desk")
        for task in tasks.undone(session):
            assert tasks.done(session, task.why, task.subject, now=desk.clock.at, how=tasks.TICKED)
            place = f"S-{task.id:04d}", task.programme_id, task.matter_id
            changes.record(session, hand, "settled", *place, text="Sudah.", now=desk.clock.at)


def changes_hands(desk: Desk, *rows: Sequence[str]) -> None:
    found = tables.rows(written.csv_(["Kantor", "Nama", "Jenis", "Sejak", "HP", "Surel"], rows), handovers.WANTED)
    assert not any(line.refused for line in people.take(desk.rt, desk.programme.desk.code, found, dry=False))


def lives_a_day_of_other_things(desk: Desk) -> None:
    """Advice and a meeting, a report that opens a problem, two that are one, another holder and other numbers, tasks,
    a mail server that falters, texts that do not arrive.
    """
    first, second = (desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6"))
    mekarsari = desk.key("harian", "Mekarsari", "H-7")
    desk.fails(Channel.EMAIL, Temporary("busy"), to="Camat Mekarsari", start="H-7 11:00", end="H-7 12:10")
    (own,) = gives(desk, "Camat Tamban", due="H-7 12:00")
    both = gives(desk, "Camat Tamban", "Camat Mekarsari", by="Asisten Pemerintahan", sort=Sort.ADVICE, due="H-6 12:00")
    invited = invites(desk, "Camat Tamban", "Camat Mekarsari", at="H-6 09:00", until="H-6 11:00")
    desk.clock.reads("H-8 10:10")
    confirms(desk, own)
    advising.done(desk.rt, own, by="camat-tamban", text="Sudah disiapkan.")
    advising.withdraw(desk.rt, both[1], by="asisten-pemerintahan", reason="Keliru.")
    confirms(desk, invited[0], answer=Answer.DEPUTY, deputy="Sekcam")
    desk.clock.reads("H-8 12:00")
    starts, ends = desk.moment("H-6 13:00"), desk.moment("H-6 15:00")
    advising.move(desk.rt, invited[1], by="sekda", starts_at=starts, ends_at=ends, place="Pendopo")
    advising.send_back(desk.rt, own, by="sekda", asked="Berapa perahu?", due_at=desk.moment("H-7 09:00"))
    changes_hands(
        desk,
        ["camat-mekarsari", "Ibu Baru", "Plt.", "2024-02-06", "082000000077", ""],
        ["kadis-kominfo", "", "", "", "082000000078", ""],
    )
    desk.clock.reads("H-7 08:00")
    desk.files(first, speaks(), by=CAMAT)
    twin = desk.has_a_problem("Massa di Koanda", by="Kadis Kominfo")
    desk.clock.reads("H-7 08:40")
    desk.merges(twin, "P-0001", "Sama.")
    desk.clock.reads("H-7 10:00")
    ticks_off(desk)
    desk.files(first, speaks("Tiga TPS."), by=CAMAT)
    desk.clock.reads("H-7 15:05")
    hears(desk, "camat-mekarsari", Fate.UNDELIVERED)
    desk.clock.reads("H-7 16:10")
    desk.waives(mekarsari, "Kantor terendam.")
    desk.clock.reads("H-7 17:00")
    desk.revokes(mekarsari, "H-7 22:00")
    hears(desk, "camat-tabunganen", Fate.UNDELIVERED, dead=True)
    desk.clock.reads("H-6 09:00")
    with desk.rt.sessions.begin() as session:
        matter = issues.named(session, "P-0001")[0]
        hand = acting.hand(session, desk.programme, "sekretariat-desk")
        restricting.restrict(session, matter, True, text="Menyangkut aparat.", hand=hand, now=desk.clock.at)
    desk.files(second, content=Content.NIL, by=CAMAT)
    desk.clock.reads("H-6 09:05")
    with desk.rt.sessions.begin() as session:
        hand = Hand(telling.office_of(session, desk.programme, "camat-tamban").id, CAMAT, Way.LINK)
        owed = telling.locked(session, second)
        filing.take_back(session, desk.programme, owed, by="camat-tamban", hand=hand, now=desk.clock.at)
    desk.clock.reads("H-5 10:00")


def lives_through_an_outage(desk: Desk) -> None:
    """No text leaves for an evening, and the desk stands still in a night; a grave problem that few may read; reports
    by phone that are written down later; an address that dies, a promise that is not kept.
    """
    first, second = (desk.key("harian", "Tamban", slot) for slot in ("H-7", "H-6"))
    desk.fails_down(Channel.SMS, "H-7 14:00", "H-7 17:10")
    desk.clock.reads("H-8 16:00")
    grave = desk.has_a_problem("Ancaman", severity=Severity.HIGH, restricted=True)
    desk.clock.reads("H-8 16:50")
    desk.acknowledges(grave, "H-8 20:00", by="Sekretariat Desk")
    desk.clock.reads("H-7 13:05")
    desk.files(desk.key("harian", "Mekarsari", "H-7"), by="Camat Mekarsari", via=Via.PHONE, at="H-7 12:40")
    desk.clock.reads("H-7 14:45")
    promises(desk, first, "H-7 16:00")
    desk.clock.reads("H-7 19:30")
    desk.files(first, by=CAMAT, via=Via.PHONE, at="H-7 18:00")
    desk.refuses(Channel.SMS, "Camat Tabunganen")
    desk.clock.reads("H-7 20:00")
    changes_hands(desk, ["asisten-pemerintahan", "Ibu Asisten", "Plt.", "2024-02-08", "082000000079", ""])
    desk.is_down("H-7 22:00", "H-6 05:10")
    desk.clock.reads("H-6 09:00")
    desk.hands_on(grave, "Kepala Kesbangpol", "Mohon.", by="Sekretariat Desk")
    desk.clock.reads("H-6 11:15")
    ticks_off(desk)
    desk.resolves(grave, "Aman.", by="Kepala Kesbangpol")
    desk.clock.reads("H-6 19:05")
    desk.files(second, by=CAMAT, via=Via.PAPER, at="H-6 14:00")
    desk.clock.reads("H-5 10:00")


@pytest.mark.parametrize("lives", [lives_two_busy_days, lives_a_day_of_other_things, lives_through_an_outage])
def test_under_the_policy_in_force_the_copy_sends_what_was_really_sent(before: Desk, tmp_path: Path, lives: Lives):
    begins(before, tmp_path)

    lives(before)

    seen = sees(before, tmp_path)
    assert len(seen.happened.told) > 50
    assert seen.astray == []
    assert sum(seen.differing.values()) == 0
    assert seen.above == []
    assert seen.left == {}
    assert seen.refused == ({}, {})
    assert seen.done > 8


SOONER = ("- {at: PT3H30M, tell: coordinator, by: [sms, email]", "- {at: PT3H, tell: coordinator, by: [sms, email]")


def test_a_ladder_that_goes_up_sooner_sends_what_a_desk_that_has_it_really_sends(before: Desk, tmp_path: Path):
    """Independently counted: on a desk that was amended and lived the same. By hand: three who coordinate hear half an
    hour sooner, and warnings name that hour.
    """
    begins(before, tmp_path, SOONER)
    with_it = another(before, tmp_path / "another.db")
    amend.amend(with_it.rt, policy(SOONER))

    lives_two_busy_days(before)
    lives_two_busy_days(with_it)

    seen = sees(before, tmp_path)
    assert said(seen.new.told) == said(told(with_it, since=seen.shadow.begun_at))
    assert seen.astray == []
    differing = [(what, pair.told.say) for pair in seen.pairs for what in pair.differs]
    assert set(differing) == {(Differs.TIME, Say.ESCALATION), (Differs.WORDS, Say.WARNING)}
    assert seen.differing[Differs.TIME] == 3
    heard = [(own.office, own.matter[-13:], f"{own.old:%H:%M}", f"{own.new:%H:%M}") for own in seen.above]
    assert heard == [
        ("asisten-pemerintahan", "/63.04.13/H-6", "10:30", "10:00"),
        ("asisten-pemerintahan", "/63.04.13/H-7", "10:30", "10:00"),
        ("kepala-kesbangpol", "/63.04.01/H-6", "11:30", "11:00"),
    ]
    assert seen.old.quiet == seen.new.quiet
    assert seen.old.weight == seen.new.weight


def another(desk: Desk, file: Path) -> Desk:
    """The same desk on a copy of its books, which goes its own way from now on."""
    copies.into_file(desk.rt.sessions.kw["bind"], file)
    return desk.again_on(begun_by(connect(f"sqlite:///{file}")))


def test_what_is_not_done_again_is_counted_and_what_cannot_be_is_named(before: Desk, tmp_path: Path):
    begins(before, tmp_path, ('days: H-7..H-1\n    at: ["15:00"]', 'days: H-6..H-1\n    at: ["15:00"]'))
    before.clock.reads("H-7 14:00")
    before.files(before.key("harian", "Tamban", "H-7"))
    with before.rt.sessions.begin() as session:
        hand = acting.hand(session, before.programme, "sekretariat-desk")
        changes.record(session, hand, "shift noted", "camat-tamban", now=before.clock.at)
    before.clock.reads("H-7 16:00")

    seen = sees(before, tmp_path)

    assert seen.left == {"shift noted": 1}
    assert seen.refused[0] == {}
    assert [what.partition(":")[0] for what in seen.refused[1]] == [f"recorded {before.code(KEY)}"]
    about = {name: counts for name, *counts in seen.by(lambda own: own.about)}
    assert about["harian"][0] > about["harian"][1]


KEY = "pemilihan/tiga-kecamatan/harian/63.04.02/H-7"


def test_what_a_worker_was_sending_when_the_copy_was_made_is_sent_there_too(before: Desk, tmp_path: Path):
    before.bell.deaf = True
    before.clock.jumps("H-7 12:00")
    before.turn()
    held = update(Message).where(Message.settled_at.is_(None))
    with before.rt.sessions.begin() as session:
        lease = before.clock.at + timedelta(minutes=2)
        assert session.execute(held.values(state=State.SENDING, due_at=lease, tries=1)).rowcount  # type: ignore[attr-defined]
    begins(before, tmp_path)
    with before.rt.sessions.begin() as session:
        session.execute(held.values(state=State.PENDING, due_at=before.clock.at, tries=0))
    before.bell.deaf = False
    before.clock.reads("H-7 15:30")

    seen = sees(before, tmp_path)

    assert seen.astray == []
    assert len(seen.old.told) > 3


def test_after_an_amendment_nothing_is_compared_any_more(before: Desk, tmp_path: Path):
    begins(before, tmp_path, SOONER)
    before.clock.reads("H-7 15:30")
    amend.amend(before.rt, policy(SOONER))
    before.clock.reads("H-6 10:00")

    seen = sees(before, tmp_path)

    assert seen.until == before.moment("H-7 15:30")
    assert "other files" in seen.why
    assert seen.astray == []
    assert max(own.at for own in seen.happened.told) <= seen.until


def test_what_is_erased_in_the_books_ends_the_copy_that_still_has_it(before: Desk, tmp_path: Path):
    before.rt.shadows = tmp_path
    begins(before, tmp_path)
    before.passes_to("Camat Tamban", "Ibu Baru", since="H-8 00:00", phone="+6282000000099")
    before.clock.reads("H-8 10:00")
    assert list(kept.tidy(before.rt, now=before.clock.at)) == []
    own = kept.find(tmp_path, before.programme.desk.code)

    assert any(subjects.erase_past(before.rt, before.programme.desk.code, "camat-tamban"))

    assert own is not None
    with pytest.raises(Refusal, match="taken out since"):
        look.look(before.rt, own)
    assert list(kept.tidy(before.rt, now=before.clock.at)) == [own.desk]
    assert kept.every(tmp_path) == []
    assert not own.folder.exists()
    assert kept.find(tmp_path, own.desk) is None


def test_a_shadow_ends_by_itself_after_its_days(before: Desk, tmp_path: Path):
    before.rt.shadows = tmp_path
    begins(before, tmp_path)

    assert list(kept.tidy(before.rt, now=before.clock.at + timedelta(days=DAYS))) == [before.programme.desk.code]

    with before.rt.sessions() as session:
        assert deeds.recorded(session, [kept.ENDED], since=before.clock.at, desk=before.programme.desk.code)


def test_a_shadow_of_books_that_were_put_back_since_is_over(before: Desk, tmp_path: Path):
    older = another(before, tmp_path / "older.db")
    begins(before, tmp_path)
    own = kept.find(tmp_path, before.programme.desk.code)

    assert own is not None
    with older.rt.sessions() as session:
        assert "an older copy" in kept.over(session, own, now=older.clock.at)


def test_only_its_owner_reads_the_copy_and_a_desk_has_one(before: Desk, tmp_path: Path):
    begins(before, tmp_path)

    own = kept.find(tmp_path, before.programme.desk.code)
    assert own is not None
    assert own.folder.stat().st_mode & 0o077 == 0
    with pytest.raises(Refusal, match="has a shadow already"):
        begins(before, tmp_path)


def test_while_sending_is_on_hold_none_is_begun_and_none_is_left_behind(before: Desk, tmp_path: Path):
    before.holds("Salah teks")

    with pytest.raises(Refusal, match="on hold"):
        begins(before, tmp_path)

    assert kept.every(tmp_path) == []


# -- what is killed, broken, or another's ------------------------------------------------------------------------------


def folder(desk: Desk, place: Path) -> Path:
    desk.rt.shadows = place
    return place / desk.programme.desk.code


def test_what_is_erased_at_another_desk_ends_the_copy_that_has_the_people_of_both(before: Desk, tmp_path: Path):
    before.loads_jayapura()
    own = folder(before, tmp_path)
    begins(before, tmp_path)
    people.take(before.rt, "contoh-jayapura", found_at_another(), dry=False)
    before.clock.reads("H-8 10:00")

    assert any(subjects.erase_past(before.rt, "contoh-jayapura", "asisten-pemerintahan"))

    assert list(kept.tidy(before.rt, now=before.clock.at)) == [own.name]
    assert not own.exists()


def found_at_another():
    rows = [["asisten-pemerintahan", "Ibu Baru", "Plt.", "2024-02-05", "082000000077", ""]]
    return tables.rows(written.csv_(["Kantor", "Nama", "Jenis", "Sejak", "HP", "Surel"], rows), handovers.WANTED)


@pytest.mark.parametrize("facts", [None, "", "{", "[]", "{}", '{"begun_at": 1, "ends_at": "x", "files": 3}'])
def test_a_copy_that_a_killed_begin_left_goes_and_stops_nothing(before: Desk, tmp_path: Path, facts: str | None):
    own = folder(before, tmp_path)
    own.mkdir()
    (own / kept.BOOKS).write_text("names")
    if facts is not None:
        (own / kept.FACTS).write_text(facts)

    assert kept.every(tmp_path) == []
    assert kept.broken(tmp_path) == [own]
    assert list(kept.tidy(before.rt, now=before.clock.at)) == []
    assert not own.exists()


def test_what_is_begun_just_now_is_left_alone(before: Desk, tmp_path: Path):
    own = folder(before, tmp_path)
    own.mkdir()

    with kept.alone(own) as mine:
        list(kept.tidy(before.rt, now=before.clock.at))

        assert mine
        assert kept.broken(tmp_path) == []
        assert own.exists()
        with pytest.raises(Refusal, match="just now"):
            begins(before, tmp_path)


def test_a_look_that_was_killed_leaves_its_copies_to_the_clock_and_to_the_next_look(before: Desk, tmp_path: Path):
    own = folder(before, tmp_path)
    begins(before, tmp_path)
    left = own / "look-killed"

    for removes in (lambda: sees(before, tmp_path), lambda: list(kept.tidy(before.rt, now=before.clock.at))):
        left.mkdir()
        (left / "now.db").write_text("names")
        removes()

        assert {file.name for file in own.iterdir()} == {kept.BOOKS, kept.FACTS}


def test_two_do_not_look_at_once(before: Desk, tmp_path: Path):
    begins(before, tmp_path)

    with kept.alone(folder(before, tmp_path)), pytest.raises(Refusal, match="somebody looks"):
        sees(before, tmp_path)


def test_one_that_cannot_be_removed_stops_no_other_and_is_not_recorded_as_ended(before: Desk, tmp_path: Path):
    before.loads_jayapura()
    begins(before, tmp_path)
    own = folder(before, tmp_path)
    begin.begin(before.rt, tmp_path, Begin("contoh-jayapura", policy(), "", "Dicoba dulu"))
    first, elsewhere = tmp_path / "contoh-jayapura", tmp_path / "elsewhere"
    first.rename(elsewhere)
    first.symlink_to(elsewhere)  # no link is followed to remove something
    later = before.clock.at + timedelta(days=DAYS)

    ended = []
    with pytest.raises(Refusal, match="cannot be removed"):
        ended.extend(kept.tidy(before.rt, now=later))

    assert not own.exists()
    with before.rt.sessions() as session:
        assert not deeds.recorded(session, [kept.ENDED], since=before.moment("H-8 00:00"), desk="contoh-jayapura")


def test_books_that_cannot_be_copied_refuse_and_leave_nothing(before: Desk, tmp_path: Path):
    own = folder(before, tmp_path)
    with no_room(before), pytest.raises(Refusal, match="cannot be copied"):
        begins(before, tmp_path)

    assert not own.exists()
    with before.rt.sessions() as session:
        assert deeds.recorded(session, [kept.ENDED], since=before.moment("H-8 00:00"))


def test_a_copy_that_is_broken_is_named(before: Desk, tmp_path: Path):
    begins(before, tmp_path)
    (folder(before, tmp_path) / kept.BOOKS).write_bytes(b"nothing" * 1000)

    with pytest.raises(Refusal, match="cannot be looked at"):
        sees(before, tmp_path)
