"""An older copy is put back: Twilio and the log of the mail server say what left since, and that is not told unseen."""

import gzip
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, timedelta

import pytest
from sqlalchemy import delete, select, update

from jobs.commands import keeping
from jobs.operator import holding
from jobs.turn import departures as asking
from models.machine import departures, gaps
from models.messages.messages import Message
from models.offices import offices
from models.offices.offices import Contact, Office
from notifiers.twilio import Account, Twilio
from rules.delivery import State
from rules.desk import Channel
from rules.ladder import Say
from tests.notifiers import twilio_server
from tests.notifiers.twilio_server import ACCOUNT, SERVICE, TOKEN, refusal
from tests.stories.test_restored import put_back

H3 = "H-3"
DOMAIN = "desk.example"


@pytest.fixture
def desk(desk, tmp_path):
    desk.rt.seen, desk.rt.mail_domain = tmp_path / "seen.json", DOMAIN
    return desk


@pytest.fixture
def provider(desk):
    """Twilio takes the texts of this desk; its clock is the desk's."""
    with twilio_server.twilio() as (wire, contract):
        public = f"https://{DOMAIN}"
        real = Twilio(Account(sid=ACCOUNT, token=TOKEN, public_url=public, service_sid=SERVICE, base_url=wire.url))
        desk.rt.notifiers = {**desk.rt.notifiers, Channel.SMS: real}
        wire.contract = contract
        yield wire
        assert contract.violations == []


def leaves(desk, provider, to, text, at, status="delivered"):
    """A text that this desk sent in what was lost."""
    provider.contract.now = desk.moment(at).astimezone(UTC)
    real = desk.rt.notifiers[Channel.SMS]
    account = {"to": to, "messaging_service_sid": SERVICE, "body": text}
    sid = real._client.messages.create(**account).sid
    kept = provider.contract.kept[0]
    provider.contract.kept[0] = kept | {"date_sent": kept["date_created"], "status": status}
    return sid


def number(desk, office, channel=Channel.SMS):
    of_it = (Office.code == desk.office(office), Contact.channel == channel)
    with desk.rt.sessions() as session:
        return session.scalars(select(Contact.address).join(Office, Office.id == Contact.office_id).where(*of_it)).one()


def number_of(desk, message):
    with desk.rt.sessions() as session:
        return session.get_one(Contact, message.contact_id).address


def known(desk):
    with desk.rt.sessions.begin() as session:
        (gap,) = gaps.lately(session, now=desk.clock.at)
        asked = {one.channel: one for one in departures.asked(session, gap.id)}
        return asked, departures.shown(session, gap.id)


@pytest.fixture
def waits(desk, provider):
    """The word about Tamban's report is due at 15.00 by text; the copy has the message, and not that it left."""
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key)
    desk.bell.deaf = True
    desk.clock.jumps(f"{H3} 15:00")
    desk.turn()
    (message,) = [own for own in desk.messages() if own.channel is Channel.SMS]
    assert message.state is State.PENDING
    return key, message.id


def one(desk, id):
    return next(own for own in desk.messages() if own.id == id)


def test_a_text_that_twilio_has_is_settled_and_not_told_again(desk, provider, waits):
    key, id = waits
    sid = leaves(
        desk, provider, number(desk, "Camat Tamban"), f"Desk: {desk.code(key)} belum kami terima.", f"{H3} 15:01"
    )
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")

    message = one(desk, id)
    assert (message.state, message.provider_id, message.possibly_doubled) == (State.SENT, sid, False)
    assert message.settled_at == desk.moment(f"{H3} 15:01")
    asked, left = known(desk)
    assert asked[Channel.SMS].answered
    assert [(own.codes, own.settled) for own in left] == [(desk.code(key), True)]


def test_a_team_was_warned_when_it_left_and_not_when_somebody_asked(desk, provider):
    """Those above read when their team was reached last, and hear after the time that it was given."""
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key)
    with desk.rt.sessions.begin() as session:
        mails = update(Contact).where(Contact.channel == Channel.EMAIL)
        session.execute(mails.values(state=Contact.State.DEAD))
    desk.clock.reads(f"{H3} 15:30")
    desk.bell.deaf = True
    for _ in range(40):
        warns = [own for own in desk.messages() if own.state is State.PENDING and own.say is Say.WARNING]
        if warns:
            break
        desk.clock.at += timedelta(minutes=10)
        desk.turn()
    made = desk.clock.at
    for own in warns:
        text = f"Desk: {desk.code(key)}"
        leaves(desk, provider, number_of(desk, own), text, f"{made.astimezone(desk.zone):%Y-%m-%d %H:%M}")
    desk.clock.at = made + timedelta(hours=3)
    put_back(desk, f"{made.astimezone(desk.zone):%Y-%m-%d %H:%M}")

    settled = {(own.state, own.settled_at) for own in (one(desk, own.id) for own in warns)}
    assert settled == {(State.SENT, made)}
    assert desk.matter(key).warned_at == made


@pytest.mark.parametrize(
    ("text", "at", "status"),
    [
        pytest.param("Desk: {code} belum kami terima.", "14:30", "delivered", id="before it was made"),
        pytest.param("Desk: P-0007 menunggu.", "15:01", "delivered", id="about something else"),
        pytest.param("Desk: {code} belum kami terima.", "15:01", "undelivered", id="it did not arrive"),
    ],
)
def test_what_is_not_it_settles_nothing(desk, provider, waits, text, at, status):
    key, id = waits
    leaves(desk, provider, number(desk, "Camat Tamban"), text.format(code=desk.code(key)), f"{H3} {at}", status)
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 14:00")

    assert one(desk, id).state is State.PENDING


def test_a_text_to_a_stranger_by_the_same_account_is_nobodys(desk, provider, waits):
    key, id = waits
    leaves(desk, provider, "+6281999999999", f"{desk.code(key)}", f"{H3} 15:01")
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")

    assert known(desk)[1] == []
    assert one(desk, id).state is State.PENDING


@pytest.mark.parametrize(
    "link", [pytest.param("4k7pAbCdEfGh1234", id="of that try"), pytest.param("Zq9XAbCdEfGh1234", id="of a later try")]
)
def test_a_text_whose_words_the_copy_has_is_found_by_them(desk, provider, waits, link):
    _, id = waits
    words = "Desk: 3 laporan belum kami terima: https://desk.example/l/"
    with desk.rt.sessions.begin() as session:
        session.execute(update(Message).where(Message.id == id).values(text=f"{words}4k7p{'*' * 12}"))
    leaves(desk, provider, number(desk, "Camat Tamban"), f"{words}{link}", f"{H3} 15:01")
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")

    assert one(desk, id).state is State.SENT


@pytest.fixture
def problem(desk):
    """Nobody sees to a problem of ten o'clock; the copy is of half past ten, and it is the second day after."""
    desk.owes_only()
    desk.clock.reads(f"{H3} 10:00")
    code = desk.has_a_problem("Perahu karam")
    desk.clock.reads(f"{H3} 10:30")
    return code


def goes_on(desk):
    """The new messages, in the order of their making."""
    known = {own.id for own in desk.messages()}
    holding.off(desk.rt)
    desk.clock.reads("H-1 12:40")
    return [own for own in desk.messages() if own.id not in known]


def test_the_first_word_of_a_ladder_that_may_have_climbed_in_the_gap_counts_as_possibly_doubled(desk, problem):
    """Sekretaris and Sekda were told in what was lost; that they are told now is due now."""
    desk.clock.jumps("H-1 12:00")
    put_back(desk, f"{H3} 10:30")

    new = goes_on(desk)

    assert len(new) >= 3
    assert all(own.possibly_doubled for own in new)


def test_what_was_lost_with_its_row_is_shown_before_it_is_told_again(desk, provider, problem):
    leaves(desk, provider, number(desk, "Sekda"), f"Desk: mendesak: {problem} Kec. Tamban.", "H-2 12:00")
    leaves(desk, provider, number(desk, "Asisten Pemerintahan"), "Desk: P-0777 Kec. Tamban.", "H-2 12:00")
    desk.clock.jumps("H-1 12:00")
    put_back(desk, f"{H3} 10:30")
    desk.clock.reads("H-1 12:35")

    going = {own.channel: own.again for own in holding.preview(desk.rt).to_send}
    assert [own.settled for own in known(desk)[1]] == [False, False]
    new = goes_on(desk)
    assert going == {Channel.EMAIL: 0, Channel.SMS: 1}
    with desk.rt.sessions() as session:
        proved = departures.again(session, [own.id for own in new])
        of_sekda = offices.ids_of(session, desk.programme.desk.code)[desk.office("Sekda")]
    assert [own.office_id for own in new if own.id in proved] == [of_sekda]


def test_who_does_not_answer_is_asked_again_and_what_came_is_kept_once(desk, provider, waits):
    key, id = waits
    leaves(desk, provider, number(desk, "Camat Tamban"), f"{desk.code(key)} ditunggu", f"{H3} 15:01")
    desk.clock.jumps(f"{H3} 16:00")
    provider.then(refusal(500, 20500, "x"))
    put_back(desk, f"{H3} 15:00")
    assert not known(desk)[0][Channel.SMS].answered
    assert "did not answer" in known(desk)[0][Channel.SMS].words

    asking.ask(desk.rt)
    asking.ask(desk.rt)

    asked, left = known(desk)
    assert asked[Channel.SMS].answered
    assert len(left) == 1
    assert one(desk, id).state is State.SENT


def test_a_way_out_without_a_list_says_so(desk):
    desk.owes_only(desk.key("harian", "Tamban", H3))
    desk.clock.reads(f"{H3} 12:00")
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 12:00")

    asked, _ = known(desk)
    assert (asked[Channel.SMS].answered, asked[Channel.SMS].words) == (False, asking.NO_LIST)
    assert asked[Channel.EMAIL].words == asking.NO_LOG


def test_a_text_with_more_numbers_than_there_is_room_for_is_kept_without(desk, provider, waits):
    """It is another program's on the same account, or somebody's who wants this to fail."""
    many = " ".join(f"Q-{number:04}" for number in range(180))
    leaves(desk, provider, number(desk, "Camat Tamban"), many, f"{H3} 15:01")
    desk.clock.jumps(f"{H3} 16:00")

    put_back(desk, f"{H3} 15:00")

    asked, left = known(desk)
    assert asked[Channel.SMS].answered
    assert [own.codes for own in left] == [""]


def test_thousands_of_texts_of_another_program_hide_none_of_ours(desk, provider, waits):
    key, id = waits
    leaves(desk, provider, number(desk, "Camat Tamban"), f"Desk: {desk.code(key)} belum kami terima.", f"{H3} 15:01")
    (ours,) = provider.contract.kept
    provider.contract.page_size = 1000
    provider.contract.kept += [
        ours | {"sid": f"SM{place:032x}", "to": f"+62899{place:07}", "body": "x" * 900} for place in range(9, 3000)
    ]
    desk.clock.jumps(f"{H3} 16:00")

    put_back(desk, f"{H3} 15:00")

    assert one(desk, id).state is State.SENT


def test_processes_that_start_together_may_ask_together(desk, monkeypatch):
    """The second asks before the first has committed what came of it."""
    desk.owes_only()
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")
    with desk.rt.sessions.begin() as session:
        session.execute(delete(departures.Inquiry))
    note, others = departures.note, []

    def and_another_asks(*given, **more):
        note(*given, **more)
        if not others:
            others.append(ThreadPoolExecutor().submit(asking.ask, desk.rt))
            wait(others, timeout=1)

    monkeypatch.setattr(departures, "note", and_another_asks)
    asking.ask(desk.rt)

    assert others[0].result(timeout=60) is None
    assert known(desk)[0][Channel.SMS].words == asking.NO_LIST


def test_with_several_desks_a_number_is_shown_with_its_desk(desk, provider, waits, capsys):
    key, _ = waits
    leaves(desk, provider, number(desk, "Camat Tamban"), f"{desk.code(key)} ditunggu", f"{H3} 15:01")
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")
    desks = {1: desk.programme.desk.code, 2: "jayapura"}
    with desk.rt.sessions() as session:
        (gap,) = gaps.lately(session, now=desk.clock.at)
        own = keeping._known(session, desks, gap)

    keeping._show(own, "Asia/Makassar", several=True)
    several = capsys.readouterr().out
    keeping._show(own, "Asia/Makassar", several=False)

    assert f"perhaps filed meanwhile, {desks[1]}: {desk.code(key)}" in several
    assert f"to {desks[1]} {desk.office('Camat Tamban')} ({desk.code(key)}): settled" in several
    assert desks[1] not in capsys.readouterr().out
    assert keeping._document(own)["by_desk"] == {desks[1]: [desk.code(key)], desks[2]: []}


# The log of the mail server


@pytest.fixture
def mails(desk):
    """Two mails wait when the copy is made."""
    desk.owes_only(*(desk.key("harian", name, H3) for name in ("Tamban", "Mekarsari")))
    for office in ("Camat Tamban", "Camat Mekarsari"):
        desk.loses(office, Channel.SMS)
    desk.bell.deaf = True
    desk.clock.jumps(f"{H3} 15:00")
    desk.turn()
    return [own for own in desk.messages() if own.channel is Channel.EMAIL]


def logged(at, name, to, status, queue="4ABC12"):
    at = at.isoformat(timespec="microseconds")
    return (
        f"{at} mail postfix/cleanup[7]: {queue}: message-id=<{name}@{DOMAIN}>\n"
        f"{at} mail postfix/smtp[8]: {queue}: to=<{to}>, relay=mx[1.2.3.4]:25, dsn=2.0.0, status={status} (x)\n"
    )


def test_a_mail_that_the_log_names_is_settled_and_one_that_bounced_is_not(desk, mails, tmp_path):
    first, second = mails
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")
    at = desk.moment(f"{H3} 15:02")
    lines = [
        logged(at, f"{first.id}.{first.nonce}", number(desk, "Camat Tamban", Channel.EMAIL), "sent"),
        logged(at, f"{second.id}.{second.nonce}", "x@contoh.example", "bounced", "5ABC"),
        logged(at, "900.abcdef", number(desk, "Camat Mekarsari", Channel.EMAIL), "deferred", "6ABC"),
        logged(at, "77.abcdef", "orang@lain.example", "sent", "7ABC"),
    ]
    before = f"{desk.moment(f'{H3} 14:00').isoformat()} mail postfix/qmgr[5]: 3ABC: removed\n"
    (tmp_path / "mail.log").write_text(before + lines[0])
    with gzip.open(tmp_path / "mail.log.1.gz", "wt") as old:
        old.write("".join(lines[1:]))

    asking.ask(desk.rt, [tmp_path / "mail.log", tmp_path / "mail.log.1.gz"])

    assert [one(desk, own.id).state for own in mails] == [State.SENT, State.PENDING]
    assert not one(desk, first.id).possibly_doubled
    assert one(desk, first.id).settled_at == at
    asked, left = known(desk)
    assert asked[Channel.EMAIL].answered
    assert [(own.office, own.settled) for own in left] == [
        (desk.office("Camat Tamban"), True),
        (desk.office("Camat Mekarsari"), False),
    ]


def test_logs_that_do_not_tell_of_the_whole_gap_are_no_answer(desk, mails, tmp_path):
    first = mails[0]
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 14:00")
    to = number(desk, "Camat Tamban", Channel.EMAIL)

    def told(name, *lines):
        (tmp_path / name).write_text("".join(lines))
        asking.ask(desk.rt, [tmp_path / name])
        own = known(desk)[0][Channel.EMAIL]
        return own.words, own.answered

    late = logged(desk.moment(f"{H3} 15:02"), f"{first.id}.{first.nonce}", to, "sent")
    assert told("empty.log", "Feb 11 15:00:00 mail postfix/smtp[1]: connect to mx: timed out") == (
        asking.NOTHING_READ,
        False,
    )
    assert told("old.log", logged(desk.moment("H-4 15:02"), "1.ab", to, "sent")) == (asking.OTHER_TIME, False)
    assert told("ahead.log", logged(desk.moment(f"{H3} 21:02"), "1.ab", to, "sent")) == (asking.OTHER_TIME, False)
    assert told("late.log", late) == (asking.BEGINS_LATE, False)
    assert one(desk, first.id).state is State.SENT
    assert told("whole.log", logged(desk.moment(f"{H3} 13:50"), "1.ab", to, "sent"), late) == ("answered", True)


def test_a_log_in_another_zone_shows_by_what_left_before_it_was_made(desk, mails, tmp_path):
    """The mail server writes an hour less, and no zone: it reads as if something left before the gap."""
    desk.clock.jumps(f"{H3} 18:00")
    put_back(desk, f"{H3} 15:00")
    to = number(desk, "Camat Tamban", Channel.EMAIL)
    lines = [
        logged(desk.moment(f"{H3} {at}"), f"{place}.ab", to, "sent", f"{place}A")
        for place, at in enumerate(("14:20", "15:10", "17:00"), start=900)
    ]
    (tmp_path / "mail.log").write_text("".join(lines))

    asking.ask(desk.rt, [tmp_path / "mail.log"])

    own = known(desk)[0][Channel.EMAIL]
    assert (own.words, own.answered) == (asking.OTHER_TIME, False)


def test_tens_of_thousands_of_mails_are_looked_up(desk, mails):
    with desk.rt.sessions() as session:
        named = [(number, "ab") for number in range(70_000)]
        assert departures.known(session, Channel.EMAIL, (), named) == set()
        assert departures.contacts(session, Channel.EMAIL, (f"{number}@x" for number, _ in named)) == {}
        assert departures.taken(session, Channel.EMAIL, [f"{number}-ab" for number, _ in named]) == set()
        assert departures.again(session, [number for number, _ in named]) == set()


def test_a_log_that_was_cut_in_rotating_is_refused_by_its_name(desk, mails, tmp_path):
    desk.clock.jumps(f"{H3} 16:00")
    put_back(desk, f"{H3} 15:00")
    whole = gzip.compress(b"Feb 11 15:00:00 mail postfix/smtp[1]: A: to=<x@y>, status=sent\n" * 100)
    for place, content in enumerate((whole[:-12], b"\x1f\x8bno", whole[:20] + b"\xff" * 40)):
        (tmp_path / f"{place}.gz").write_bytes(content)
        with pytest.raises(OSError, match="no whole") as caught:
            asking.ask(desk.rt, [tmp_path / f"{place}.gz"])
        assert caught.value.filename == str(tmp_path / f"{place}.gz")


def test_a_notice_that_waited_for_the_morning_in_the_gap_is_not_told_again_unmarked(desk):
    """It was due before the copy was made, was held for the night, and left in the gap."""
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key)
    desk.clock.reads("H-4 21:00")
    desk.has_a_problem("Perahu karam")
    desk.clock.jumps(f"{H3} 08:30")
    put_back(desk, "H-4 23:00")
    holding.off(desk.rt)
    before = {own.id for own in desk.messages()}
    desk.clock.reads(f"{H3} 09:00")

    new = [own for own in desk.messages() if own.id not in before and own.state is State.SENT]
    held = [own for own in new if own.created_at <= desk.moment(f"{H3} 08:40")]
    assert held
    assert all(own.possibly_doubled for own in held)
