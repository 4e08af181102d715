"""What the desk stands on is looked at without sending anything, and one bad leg hides no other."""

import json
import shutil
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import create_engine, delete, select, text

from config import settings as environment
from jobs.__main__ import main
from jobs.operator import doctor, looks, room, ways
from jobs.operator.looks import Found, State
from models.machine import clock, gaps
from models.messages import counting
from models.messages.messages import Message
from models.offices import offices
from models.offices.offices import Contact, Office
from rules import delivery
from rules.desk import Channel
from rules.ladder import Say
from tests import engines
from tests.notifiers.wire import wire
from tests.stories.desk import Desk

SOON = timedelta(seconds=60)
NOON = datetime(2024, 2, 13, 4, 0, tzinfo=UTC)


@pytest.fixture
def examined(tmp_path, monkeypatch, migrated_url):
    """What is found under these settings, by what was looked at."""

    def run(**settings):
        monkeypatch.setenv("DESK_DATABASE_URL", migrated_url)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        found = environment.read()
        return {line.what: line for line in doctor.examine(found, patience=SOON)}

    return run


@pytest.fixture
def desk(sessions):
    return Desk(sessions)


def test_a_desk_that_was_just_made_lacks_a_programme_and_nothing_breaks(examined):
    found = examined()

    assert [what for what, line in found.items() if line.state is State.FAIL] == ["programmes"]
    assert found["database"].state is State.OK
    assert all(line.do for line in found.values() if line.state is not State.OK)


def test_the_command_ends_with_one_if_a_line_fails_and_with_none_if_it_only_warns(
    examined, desk, monkeypatch, capsys, migrated_url
):
    monkeypatch.setenv("DESK_DATABASE_URL", migrated_url)
    monkeypatch.setattr(sys, "argv", ["desk", "doctor", "--json"])

    with pytest.raises(SystemExit) as warned:
        main()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    with desk.rt.sessions.begin() as session:
        clock.hold(session, NOON, "more than is believed", ordered=False)
    with pytest.raises(SystemExit) as failed:
        main()

    assert (warned.value.code, failed.value.code) == (0, 1)
    assert all(set(line) == {"what", "state", "means", "do"} for line in lines)
    assert {line["state"] for line in lines} == {"ok", "warn"}


def test_one_that_hangs_and_one_that_breaks_stop_no_other():
    over = threading.Event()

    def hangs():
        over.wait()
        return Found(State.OK, "late")

    def breaks():
        raise ValueError("postgresql://desk:hunter2@db.example/desk")

    all_three = {"hangs": hangs, "breaks": breaks, "works": lambda: Found(State.OK, "well")}
    found = {line.what: line for line in looks.look_at(all_three, patience=timedelta(seconds=0.2))}
    over.set()

    assert [line.state for line in found.values()] == [State.FAIL, State.FAIL, State.OK]
    assert "hunter2" not in str(found)
    assert "ValueError" in found["breaks"].means


def test_a_database_of_another_shape_is_named_and_no_other_line_breaks(examined, migrated_url):
    engine = create_engine(migrated_url)
    with engine.begin() as connection:
        newest = connection.scalar(text("select version_num from alembic_version"))
        connection.execute(text("update alembic_version set version_num = '0001'"))

    found = examined()

    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :newest"), {"newest": newest})
    engine.dispose()
    assert found["database"].state is State.FAIL
    assert newest in found["database"].means
    assert found["database"].do == "Run ./desk migrate"


def test_a_database_that_is_not_there_fails_and_lines_that_ask_it_say_so(examined):
    found = examined(DESK_DATABASE_URL=f"postgresql://desk:hunter2@127.0.0.1:{engines.free_port()}/desk")

    asks = ("clock skew", "last sweep", "hold", "whatsapp", "programmes", "contacts")
    assert found["database"].state is State.FAIL
    assert "Connection refused" in found["database"].means
    assert {found[what].do for what in asks} == {"see the line `database`"}
    assert "hunter2" not in str(found)


def test_a_broker_that_forgets_fails_and_one_that_keeps_nothing_is_warned_of(examined):
    with engines.valkey("--maxmemory-policy", "allkeys-lru") as server:
        forgets = examined(DESK_BROKER_URL=server.url)["broker"]
    with engines.valkey() as server:
        plain = examined(DESK_BROKER_URL=server.url)["broker"]
        with server.client() as client:
            client.config_set("requirepass", "hunter2")
        shut = examined(DESK_BROKER_URL=server.url.replace("//", "//:hunter3@"))["broker"]
    with engines.valkey("--appendonly", "yes") as server:
        kept = examined(DESK_BROKER_URL=server.url)["broker"]
    gone = examined(DESK_BROKER_URL=server.url)["broker"]

    states = [line.state for line in (forgets, plain, shut, kept, gone)]
    assert states == [State.FAIL, State.WARN, State.FAIL, State.OK, State.FAIL]
    assert "Valkey 9" in kept.means
    assert "password" in shut.means
    assert "cannot be reached" in gone.means


@pytest.mark.parametrize(("apart", "state"), [(0, State.OK), (30, State.WARN), (600, State.FAIL)])
def test_a_machine_whose_clock_is_wrong_is_told(sessions, apart, state):
    with sessions() as session, time_machine.travel(datetime.now(UTC) + timedelta(seconds=apart)):
        assert doctor.skew(session).state is state


def test_a_hold_that_set_itself_fails_and_one_that_was_ordered_is_warned_of(sessions):
    with sessions() as session:
        free = doctor.hold(session)
        clock.hold(session, NOON, "fire in the office", ordered=True)
        ordered = doctor.hold(session)
        clock.hold(session, NOON, "20 messages to one office: 0812 3456 7890", ordered=False)
        unordered = doctor.hold(session)

    assert [line.state for line in (free, ordered, unordered)] == [State.OK, State.WARN, State.FAIL]
    assert "fire in the office" in ordered.means
    assert "2024-02-13 04.00 UTC" in unordered.means
    assert "3456" not in unordered.means
    assert "./desk hold preview" in unordered.do


@pytest.mark.parametrize(("ago", "state"), [(None, State.WARN), (20, State.OK), (600, State.FAIL)])
def test_a_clock_that_stands_is_told(sessions, ago, state):
    with sessions() as session:
        if ago is not None:
            clock.mark(session, clock.SWEEP, clock.now(session) - timedelta(seconds=ago))

        assert doctor.sweep(session).state is state


def test_a_gap_that_nobody_looked_at_fails_until_sending_goes_on(sessions):
    with sessions() as session:
        free = doctor.gap(session)
        own = gaps.add(session, NOON, now=NOON + timedelta(hours=2))
        waits = doctor.gap(session)
        gaps.asked(session, [own.id], now=NOON + timedelta(hours=3))

        assert [line.state for line in (free, waits, doctor.gap(session))] == [State.OK, State.FAIL, State.OK]
    assert "2024-02-13 04.00 UTC to 2024-02-13 06.00 UTC" in waits.means


@pytest.mark.parametrize(("ago", "state"), [(None, State.WARN), (20, State.OK), (27, State.WARN)])
def test_a_backup_that_is_missing_or_old_is_warned_of(sessions, ago, state):
    with sessions() as session:
        if ago is not None:
            clock.mark(session, clock.BACKUP, clock.now(session) - timedelta(hours=ago), "desk.tar")

        assert doctor.backup(session).state is state


def test_a_key_that_others_can_read_fails(tmp_path):
    settings = replace(environment.read(), var=tmp_path, secret_key=None)
    none = doctor.key(settings)
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o644)
    shared = doctor.key(settings)
    (tmp_path / "secret_key").chmod(0o600)

    states = [line.state for line in (none, shared, doctor.key(settings))]
    assert states == [State.OK, State.FAIL, State.OK]


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("http://127.0.0.1:8000", State.WARN),
        ("http://desk.example", State.WARN),
        ("https://desk.example", State.OK),
    ],
)
def test_links_that_lead_nowhere_or_in_the_clear_are_warned_of(url, state):
    assert doctor.public(url).state is state


def test_offices_whose_contacts_are_dead_are_told_apart_from_those_without_any(desk):
    with desk.rt.sessions() as session:
        by_code = {office.code: office.id for office in offices.all_of(session, "tiga-kecamatan")}
        session.execute(delete(Contact).where(Contact.office_id == by_code["camat-tamban"]))
        for id in session.scalars(select(Contact.id).where(Contact.office_id == by_code["sekda"])).all():
            offices.give_up(session, id)
        half = session.scalars(select(Contact.id).where(Contact.office_id == by_code["kadis-kominfo"])).first()
        offices.give_up(session, half)

        found = doctor.contacts(session)

    assert found.state is State.WARN
    assert found.means.endswith("no contact: camat-tamban; every contact dead: sekda")


def test_many_offices_are_counted_and_not_all_named(desk):
    with desk.rt.sessions() as session:
        session.execute(delete(Contact))
        more = [Office(desk="tiga-kecamatan", code=f"x-{n}", title="X", sms_name="X", zone="UTC") for n in range(9)]
        session.add_all(more)
        session.flush()

        found = doctor.contacts(session)

    assert found.means.endswith(" and 8 more")


def test_a_programme_that_can_no_longer_be_read_is_named_with_the_line(desk):
    with desk.rt.sessions() as session:
        session.execute(text("update document set text = replace(text, 'zone: Asia/Makassar', 'zone: Asia/Makasar')"))

        found = doctor.loaded(session)

    assert found.state is State.FAIL
    assert "tiga-kecamatan" in found.means
    assert "Asia/Makasar" in found.means


@pytest.mark.parametrize(
    ("url", "state", "means"),
    [
        pytest.param("https://d.example", State.OK, "", id="a short address"),
        pytest.param("https://desk.baritokualakab.go.id", State.OK, "texts leave out words: ", id="a real one"),
        pytest.param(f"https://{'x' * 60}.go.id", State.WARN, "salutation or the link", id="one that leaves no room"),
    ],
)
def test_which_texts_lose_words_beside_links_of_this_desk_is_told(desk, url, state, means):
    with desk.rt.sessions() as session:
        found = room.look(session, url)

    assert found.state is state
    assert means in found.means


WHATSAPP = {
    "DESK_WHATSAPP_URL": "twilio:",
    "DESK_PUBLIC_URL": "https://desk.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "5ec2e75ec2e7",
    "TWILIO_WHATSAPP_FROM": "+6282000000099",
}


@pytest.mark.parametrize(
    ("settings", "state", "means"),
    [
        ({}, State.WARN, "outbox folder"),
        (WHATSAPP, State.FAIL, "no template for due, overdue"),
        (WHATSAPP | {"TWILIO_WHATSAPP_TEMPLATES": f"due=HX{'0' * 32}"}, State.FAIL, "no template for overdue"),
        (WHATSAPP | {"TWILIO_WHATSAPP_TEMPLATES": f"HX{'0' * 32}"}, State.OK, "has a template"),
    ],
)
def test_what_a_policy_says_by_whatsapp_needs_a_template(desk, monkeypatch, settings, state, means):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with desk.rt.sessions() as session:
        for say in ("due", "overdue"):
            change = "update document set text = replace(text, :before, :after)"
            words = {"before": f"by: [sms, email], say: {say}}}", "after": f"by: [whatsapp, sms], say: {say}}}"}
            session.execute(text(change), words)

        found = doctor.whatsapp(session, environment.read())

    assert found.state is state
    assert means in found.means


def test_a_policy_that_tells_nothing_by_whatsapp_needs_none(desk):
    with desk.rt.sessions() as session:
        assert doctor.whatsapp(session, environment.read()).state is State.OK


@pytest.mark.parametrize(("today", "state"), [((2026, 11, 24), State.OK), ((2027, 11, 24), State.WARN)])
def test_closed_days_that_will_not_be_known_in_two_months_are_told(today, state):
    found = doctor.closed_days(datetime(*today, tzinfo=UTC))

    assert found.state is state
    assert "2027-12-31" in found.means


@pytest.mark.parametrize(("free", "state"), [(5 << 30, State.OK), (500 << 20, State.WARN), (50 << 20, State.FAIL)])
def test_a_disk_that_fills_up_is_told_before_it_is_full(tmp_path, monkeypatch, free, state):
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert doctor.disk(replace(environment.read(), var=tmp_path)).state is state


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    file = tmp_path / "var"
    file.touch()

    found = doctor.disk(replace(environment.read(), var=file))

    assert (found.state, "cannot be written" in found.means) == (State.FAIL, True)


def test_no_line_shows_a_number_or_an_address(examined, desk):
    with desk.rt.sessions.begin() as session:
        addresses = set(session.scalars(select(Contact.address)))
        session.execute(text("update contact set state = 'dead'"))
        clock.hold(session, NOON, f"asked by {min(addresses)} and {max(addresses)}", ordered=True)
    with wire() as server:
        server.then("ehlo", "550 5.7.1 <sekda@desk.example> +62 820 0000 0032 may not")
        found = examined(
            DESK_SMTP_URL=f"smtp://localhost:{server.port}?tls=none", DESK_MAIL_FROM="sekretariat@desk.example"
        )

    said = str(found)
    assert found["mail server"].state is State.FAIL
    assert not [address for address in addresses if address in said or address.lstrip("+") in said]
    assert "0000 0032" not in said


@pytest.fixture
def kept_back(desk):
    """A desk at which one message of this hour went to the folder."""
    with desk.rt.sessions.begin() as session:
        now = clock.now(session)
        contact = session.scalars(select(Contact)).first()
        row = {"programme_id": 1, "office_id": contact.office_id, "contact_id": contact.id, "channel": contact.channel}
        row |= {"say": Say.DUE, "state": delivery.State.SENT, "created_at": now, "settled_at": now}
        session.add(Message(**row, provider_id="file:trial:mail/000001.eml"))
    return desk


def test_a_forgotten_trial_is_said_loudly_with_what_was_kept_back(examined, kept_back):
    found = examined(DESK_TRIAL_ALLOW="ani@baritokuala.example")["trial"]

    assert found.state is State.WARN
    assert found.means.startswith("TRIAL MODE: only 1 addresses get real messages; 1 messages were kept back")


def test_without_a_way_out_nothing_claims_that_people_get_what_is_sent(examined, desk):
    found = examined()

    assert (found["trial"].state, found["mail server"].state) == (State.OK, State.WARN)
    assert found["trial"].means == "no trial is on, and nothing of the last 24 hours was kept back"


def test_messages_that_another_process_keeps_back_are_said_too(examined, kept_back):
    found = examined()["trial"]

    assert found.state is State.WARN
    assert found.means.startswith("NOT SENT: 1 messages were kept back in the outbox folder, 1 in the last 24 hours")


def test_status_begins_with_the_trial(kept_back, monkeypatch, capsys, migrated_url):
    monkeypatch.setenv("DESK_DATABASE_URL", migrated_url)
    monkeypatch.setenv("DESK_TRIAL_ALLOW", "")
    monkeypatch.setattr(sys, "argv", ["desk", "status"])

    with pytest.raises(SystemExit):
        main()

    assert capsys.readouterr().out.startswith("TRIAL MODE: only 0 addresses get real messages; 1 messages")


@pytest.mark.parametrize(
    ("days", "sender", "state"),
    [
        (None, "DESKBATOLA", State.WARN),
        (10, "DESKBATOLA", State.OK),
        (61, "DESKBATOLA", State.WARN),
        (91, "DESKBATOLA", State.FAIL),
        (91, "+6281234567890", State.OK),
    ],
)
def test_a_registered_sender_that_rests_is_told_a_month_before_it_is_blocked(monkeypatch, days, sender, state):
    account = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "x" * 32, "TWILIO_FROM": sender}
    for name, value in (account | {"DESK_SMS_URL": "twilio:", "DESK_PUBLIC_URL": "https://desk.example"}).items():
        monkeypatch.setenv(name, value)
    last_sent = NOON - timedelta(days=days) if days is not None else None

    found = ways.sender(environment.read(), last_sent, now=NOON)

    assert found.state is state
    assert bool(found.do) is (state is not State.OK)


def test_when_the_last_text_left_is_known_from_the_books(desk):
    desk.owes_only(desk.key("mingguan", "Tamban", "2024-W06"))
    desk.clock.reads("2024-02-05 16:00")

    with desk.rt.sessions.begin() as session:
        last = counting.last_sent(session, Channel.SMS)
        never = counting.last_sent(session, Channel.WHATSAPP)

    assert last is not None
    assert last <= desk.clock.at
    assert never is None
