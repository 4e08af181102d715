"""What providers tell us later: proved, in any order, any number of times, early, forged or senseless."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from twilio.request_validator import RequestValidator

from models.machine import clock, gaps, stops
from models.matters import tasks
from models.matters.tasks import Task
from models.messages import channels, delivery_reports
from models.messages.delivery_reports import DeliveryReport
from models.messages.messages import Attempt, Message
from models.offices.offices import Contact
from notifiers import references
from notifiers.seals import seal
from rules.delivery import State
from rules.desk import Channel
from services import outages
from tests.web.conftest import URL, Web

TOKEN = "rahasia-sekali-0001"
KEY = b"kunci-desk-yang-panjang"
SID, OTHER = "SM" + "0123456789abcdef" * 2, "SM" + "fedcba9876543210" * 2
FORM = "application/x-www-form-urlencoded"


@dataclass
class Provider:
    """Calls us back about the one message of the story, as Twilio does."""

    web: Web
    message_id: int

    @property
    def path(self) -> str:
        return f"/callbacks/twilio/{self.reference}"

    @property
    def reference(self) -> str:
        return references.write(self.message_id, self.message().nonce)

    def says(self, status: str, *, sid: str = SID, code: str = "", path: str = "", **more: str) -> int:
        params = {"MessageSid": sid, "MessageStatus": status, "To": "+6282000000005", "ErrorCode": code} | more
        return self.posts(urlencode(params).encode(), params, path or self.path)

    def posts(self, body: bytes, signed: dict[str, str] | None = None, path: str = "", signature: str = "") -> int:
        path = path or self.path
        proof = signature or RequestValidator(TOKEN).compute_signature(URL + path, signed or {})
        headers = {"Content-Type": FORM, "X-Twilio-Signature": proof}
        return self.web.client.post(path, content=body, headers=headers).status_code

    def message(self) -> Message:
        return next(m for m in self.web.desk.messages() if m.id == self.message_id)

    def kept(self) -> list[tuple[str, str]]:
        with self.web.desk.rt.sessions() as session:
            return [(r.fate, r.code) for r in delivery_reports.of(session, self.message_id)]

    def delivery(self) -> str | None:
        with self.web.desk.rt.sessions() as session:
            return delivery_reports.ends(session).get(self.message_id)

    def contact(self) -> Contact:
        with self.web.desk.rt.sessions() as session:
            found = session.get(Contact, self.message().contact_id)
            assert found is not None
            return found

    def tasks(self) -> list[Task]:
        return self.web.desk.tasks()


@pytest.fixture
def web(web: Web) -> Web:
    web.books.twilio_token, web.books.key = TOKEN, KEY
    return web


@pytest.fixture
def provider(web: Web, daily: str) -> Provider:
    """Camat Tamban got a text at 15:00, and Twilio gave it its SID."""
    web.desk.lives_until("H-7 15:01")
    sent = next(m for m in web.desk.messages() if m.channel is Channel.SMS)
    change(web, sent.id, provider_id=SID)
    with web.desk.rt.sessions.begin() as session:
        session.execute(update(Attempt).where(Attempt.message_id == sent.id).values(provider_id=SID))
    return Provider(web, sent.id)


def change(web: Web, message_id: int, **values: object) -> None:
    with web.desk.rt.sessions.begin() as session:
        session.execute(update(Message).where(Message.id == message_id).values(**values))


# Whose word it is


def test_a_signed_report_is_kept(provider: Provider):
    assert provider.says("delivered") == 200

    assert provider.kept() == [("delivered", "")]
    assert provider.delivery() == "delivered"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="B108: no signature at all"),
        pytest.param({"X-Twilio-Signature": ""}, id="an empty one"),
        pytest.param({"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, id="a wrong one"),
        pytest.param({"X-Twilio-Signature": "\xff\xfe"}, id="one that is no text"),
    ],
)
def test_without_twilios_signature_nothing_is_believed(provider: Provider, headers: dict[str, str]):
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    body = {"MessageSid": SID, "MessageStatus": "delivered"}

    answer = provider.web.client.post(provider.path, data=body, headers=raw)

    assert answer.status_code == 403
    assert provider.kept() == []


@pytest.mark.parametrize("token", ["", "another-token-0000"])
def test_a_desk_without_the_token_believes_nobody(provider: Provider, token: str):
    """B212."""
    provider.web.books.twilio_token = token

    assert provider.says("delivered") == 403


def test_nor_is_a_signature_made_without_any_token_believed(provider: Provider):
    """B212."""
    provider.web.books.twilio_token = ""
    params = {"MessageSid": SID, "MessageStatus": "delivered"}
    empty = RequestValidator("").compute_signature(URL + provider.path, params)

    assert provider.posts(urlencode(params).encode(), signature=empty) == 403


def test_a_signature_is_good_for_its_own_message_only(provider: Provider):
    params = {"MessageSid": SID, "MessageStatus": "delivered"}
    other = RequestValidator(TOKEN).compute_signature(f"{URL}/callbacks/twilio/999", params)

    assert provider.posts(urlencode(params).encode(), signature=other) == 403


def test_what_the_host_header_says_is_not_believed(provider: Provider):
    params = {"MessageSid": SID, "MessageStatus": "delivered"}
    there = RequestValidator(TOKEN).compute_signature(f"https://evil.example{provider.path}", params)
    headers = {"Host": "evil.example", "X-Twilio-Signature": there}

    assert provider.web.client.post(provider.path, data=params, headers=headers).status_code == 403


def test_a_split_that_the_signature_cannot_tell_apart_says_nothing_new(provider: Provider):
    """B114: one signature over `ErrorCode=30005` and over the same signs cut up otherwise."""
    whole = {"ErrorCode": "30005MessageSid" + SID, "MessageStatus": "undelivered"}
    cut = {"ErrorCode": "30005", "MessageSid": SID, "MessageStatus": "undelivered"}
    proof = RequestValidator(TOKEN).compute_signature(URL + provider.path, whole)

    assert RequestValidator(TOKEN).compute_signature(URL + provider.path, cut) == proof
    assert provider.posts(urlencode(whole).encode(), whole) == 200
    assert provider.kept() == []


def test_a_parameter_given_twice_is_not_twilios(provider: Provider):
    params = {"MessageSid": SID, "MessageStatus": "delivered"}

    assert provider.posts(urlencode(params).encode() + b"&MessageStatus=failed", params) == 403
    assert provider.kept() == []


# What is too much, or no sense


def test_a_body_of_70_kb_is_too_large(provider: Provider):
    """B122."""
    assert provider.says("delivered", Padding="x" * 70_000) == 413
    assert provider.kept() == []


def test_a_body_without_a_length_is_bounded_too(provider: Provider):
    """B128."""
    read = 0

    def drip():
        nonlocal read
        for _ in range(1000):
            read += 8192
            yield b"x" * 8192

    answer = provider.web.client.post(provider.path, content=drip(), headers={"Content-Type": FORM})

    assert answer.status_code == 413


def test_invalid_utf8_is_taken_and_its_bytes_kept_without_the_numbers(provider: Provider):
    """B123."""
    params = {"MessageSid": SID, "MessageStatus": "delivered\N{REPLACEMENT CHARACTER}", "To": "+6282000000005"}
    body = f"MessageSid={SID}&MessageStatus=delivered%FF&To=%2B6282000000005".encode()

    assert provider.posts(body, params) == 200

    with provider.web.desk.rt.sessions() as session:
        (kept,) = delivery_reports.of(session, provider.message_id)
    assert kept.raw == f"MessageSid={SID}&MessageStatus=delivered%FF"


def test_pictures_are_never_fetched(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    """B124: whoever opens a connection breaks this test."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    assert provider.says("delivered", NumMedia="1", MediaUrl0="http://169.254.169.254/") == 200


@pytest.mark.parametrize(
    ("status", "sid", "code"),
    [
        ("teleported", SID, ""),
        ("", SID, ""),
        ("delivered", "", ""),
        ("delivered", "SM1", ""),
        ("delivered", SID.upper(), ""),
        ("delivered", SID, "30005; drop table"),
        ("delivered", SID, "1" * 5000),
    ],
)
def test_what_says_nothing_we_know_is_answered_and_not_kept(provider: Provider, status: str, sid: str, code: str):
    assert provider.says(status, sid=sid, code=code) == 200
    assert provider.kept() == []


@pytest.mark.parametrize("id", ["999", "0", "999999999", "9" * 30, "9" * 5000, "-1", "1.5", "satu", "²", "%C2%B2"])
def test_of_a_message_nobody_knows_nothing_is_kept(provider: Provider, id: str):
    assert provider.says("delivered", path=f"/callbacks/twilio/{id}") in (403, 404)
    assert provider.kept() == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_looking_changes_nothing(provider: Provider, method: str):
    assert provider.web.client.request(method, provider.path).status_code == 405


def test_a_flood_of_forged_ones_does_not_keep_good_ones_out(provider: Provider):
    """B126: they all come from one address, as Twilio's do behind a proxy."""
    for _ in range(1000):
        assert provider.posts(b"MessageStatus=delivered", signature="AAAA") == 403

    assert provider.says("delivered") == 200


# Any order, any number, any time


def test_the_same_word_at_the_same_instant_is_one_row(provider: Provider):
    """B113."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: provider.says("delivered"), range(8)))

    assert answers == [200] * 8
    assert provider.kept() == [("delivered", "")]


def test_after_a_failure_of_ours_the_repeated_call_changes_one_thing(provider: Provider):
    """B125."""
    books, clock = provider.web.books, provider.web.books.clock
    books.clock = broken
    assert provider.says("undelivered", code="30005") == 503
    assert provider.kept() == []

    books.clock = clock
    assert [provider.says("undelivered", code="30005") for _ in range(2)] == [200, 200]
    assert provider.kept() == [("undelivered", "30005")]
    assert len(provider.tasks()) == 1


def broken(_: object) -> None:
    raise OSError("the database is gone")


CALLS = [("queued", ""), ("sent", ""), ("sent", ""), ("delivered", ""), ("undelivered", "30005")]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(CALLS), left_out=st.sampled_from([None, *CALLS]))
def test_whatever_the_order_the_end_is_the_same(provider: Provider, order, left_out):
    since = provider.message().created_at
    with provider.web.desk.rt.sessions.begin() as session:
        session.execute(delete(DeliveryReport))
        for task in tasks.undone(session):
            tasks.done(session, task.why, task.subject, now=since)
        session.execute(update(Contact).values(state=Contact.State.ACTIVE, since=since))
    calls = [call for call in order if call != left_out]

    for status, code in calls:
        assert provider.says(status, code=code) == 200

    died = ("undelivered", "30005") in calls
    expected = "delivered" if ("delivered", "") in calls else "undelivered"
    assert provider.delivery() == expected
    assert (provider.contact().state == "dead", len(provider.tasks())) == (died, int(died))
    assert len(provider.kept()) == len(set(calls))
    assert provider.message().state is State.SENT


def test_a_late_word_does_not_undo_a_final_one(provider: Provider):
    """B116."""
    for status in ("delivered", "sent", "queued"):
        provider.says(status)

    assert provider.delivery() == "delivered"


def test_a_word_about_an_old_attempt_touches_only_that(provider: Provider):
    """B119."""
    change(provider.web, provider.message_id, provider_id=OTHER)

    provider.says("failed", sid=SID)
    assert provider.delivery() is None

    provider.says("delivered", sid=OTHER)
    assert provider.delivery() == "delivered"
    provider.says("undelivered", sid=SID)
    assert provider.delivery() == "delivered"


def test_a_word_that_comes_before_we_kept_the_answer_counts_all_the_same(provider: Provider):
    with provider.web.desk.rt.sessions.begin() as session:
        session.execute(delete(Attempt))
    change(provider.web, provider.message_id, state=State.SENDING, provider_id=None)

    assert provider.says("delivered") == 200
    assert provider.message().state is State.SENDING

    change(provider.web, provider.message_id, state=State.SENT, provider_id=SID)
    assert provider.delivery() == "delivered"


@pytest.mark.parametrize("status", ["queued", "delivered", "undelivered"])
@pytest.mark.parametrize("state", [State.IN_DOUBT, State.PENDING])
def test_a_word_about_a_message_in_doubt_says_that_it_was_accepted(provider: Provider, state: State, status: str):
    with provider.web.desk.rt.sessions.begin() as session:
        session.execute(update(Attempt).values(provider_id=None, outcome="unknown"))
    change(
        provider.web, provider.message_id, state=state, provider_id=None, doubts=1, due_at=provider.web.desk.clock.at
    )

    assert provider.says(status) == 200

    message = provider.message()
    assert (message.state, message.provider_id, message.due_at) == (State.SENT, SID, None)
    assert provider.delivery() == status
    assert not message.possibly_doubled


def test_a_word_about_an_old_attempt_does_not_settle_a_newer_doubt(provider: Provider):
    change(provider.web, provider.message_id, state=State.IN_DOUBT, doubts=1)

    provider.says("failed", sid=SID)

    assert provider.message().state is State.IN_DOUBT


# What it says of the books


@pytest.fixture
def restored(provider: Provider) -> Provider:
    """The desk has turned since 15.00, after it stood still from 12.00: an older copy was put back, `var` too."""
    with provider.web.desk.rt.sessions.begin() as session:
        stops.keep(session, provider.web.desk.moment("H-7 12:00"), provider.web.desk.moment("H-7 15:00"))
        clock.mark(session, clock.SWEEP, provider.web.desk.clock.at)
    return provider


def lost(provider: Provider) -> tuple[str, str]:
    """The references of a message that these books never had, and of one whose number they gave again."""
    return references.write(provider.message_id + 900, "abcdefabcdef"), references.write(
        provider.message_id, "abcdefabcdef"
    )


def gaps_of(provider: Provider) -> list[datetime]:
    with provider.web.desk.rt.sessions() as session:
        return [gap.began_at for gap in gaps.unasked(session)]


def on_hold(provider: Provider) -> bool:
    with provider.web.desk.rt.sessions() as session:
        return clock.marked(session, clock.HOLD) is not None


@pytest.mark.parametrize("again", [False, True], ids=["an unknown number", "a number that means another one now"])
def test_news_of_a_message_that_the_books_do_not_know_shows_that_they_are_an_older_copy(
    restored: Provider, again: bool
):
    place = f"/callbacks/twilio/{lost(restored)[again]}"

    for status in ("sent", "delivered"):
        assert restored.says(status, sid=OTHER, path=place) == (200 if again else 404)

    assert gaps_of(restored) == [restored.web.desk.moment("H-7 12:00")]
    assert on_hold(restored)
    assert [task.why for task in restored.tasks() if task.why is tasks.Why.GAP] == [tasks.Why.GAP]
    assert restored.kept() == []


def test_a_gateways_sealed_news_shows_it_too(restored: Provider):
    reference = lost(restored)[0]
    sealed = {"status": "1", "seal": seal(KEY, f"gateway:{reference}")}

    restored.web.client.get(f"/callbacks/gateway/{reference}", params=sealed)

    assert on_hold(restored)


def test_whoever_cannot_sign_puts_nothing_on_hold(restored: Provider):
    place = f"/callbacks/twilio/{lost(restored)[0]}"

    assert restored.posts(b"MessageSid=SM1&MessageStatus=sent", path=place, signature="x") == 403

    assert not on_hold(restored)


def test_late_news_of_what_a_known_gap_took_holds_nothing_again(restored: Provider):
    place = f"/callbacks/twilio/{lost(restored)[0]}"
    restored.says("sent", sid=OTHER, path=place)
    with restored.web.desk.rt.sessions.begin() as session:
        gaps.asked(session, [gap.id for gap in gaps.unasked(session)], now=restored.web.desk.clock.at)
        clock.release(session, restored.web.desk.clock.at)

    restored.says("delivered", sid=OTHER, path=place)

    assert not on_hold(restored)
    assert gaps_of(restored) == []


def test_news_of_our_own_messages_holds_nothing(restored: Provider):
    assert restored.says("delivered") == 200

    assert not on_hold(restored)


# What it makes of the contact, and of the chase


def test_a_dead_number_is_given_up_and_becomes_a_task_once(provider: Provider):
    assert provider.says("undelivered", code="30005") == 200
    assert provider.says("failed", code="30005") == 200

    assert provider.contact().state == "dead"
    (task,) = provider.tasks()
    assert (task.why, task.office_id, "30005" in task.text) == ("dead_contact", provider.contact().office_id, True)
    assert provider.contact().address not in task.text


@pytest.mark.parametrize("code", ["", "30001", "30003", "30004", "30008", "63016", "999999"])
def test_a_number_that_may_live_is_kept(provider: Provider, code: str):
    provider.says("undelivered", code=code)

    assert provider.contact().state == "active"
    assert provider.tasks() == []


def test_news_of_the_old_number_leaves_the_mended_one_alone(provider: Provider):
    with provider.web.desk.rt.sessions.begin() as session:
        session.execute(update(Contact).values(since=provider.web.desk.clock.at, address="+6282000000099"))

    provider.says("undelivered", code="30005")

    assert provider.contact().state == "active"


@pytest.mark.parametrize("status", ["delivered", "read", "undelivered"])
def test_a_receipt_never_stops_the_chase(provider: Provider, daily: str, status: str):
    provider.says(status)

    provider.web.desk.clock.reads("H-7 16:30")

    assert provider.web.desk.matter(daily).closed_at is None
    assert "16:00" in provider.web.desk.phone("Camat Tamban").clocks


def test_after_a_dead_number_the_next_word_goes_by_mail(provider: Provider):
    provider.says("undelivered", code="30005")

    provider.web.desk.clock.reads("H-7 16:30")

    assert provider.web.desk.mailbox("Camat Tamban").clocks[-1] == "16:00"
    assert provider.web.desk.phone("Camat Tamban").clocks == ["15:00"]


# A gateway's delivery reports


def report(provider: Provider, status: str, key: bytes = KEY, reference: str = "") -> int:
    reference = reference or provider.reference
    sealed = seal(key, f"gateway:{reference}")
    return provider.web.client.get(f"/callbacks/gateway/{reference}?seal={sealed}&status={status}").status_code


@pytest.mark.parametrize(
    ("status", "fate"), [("1", "delivered"), ("2", "undelivered"), ("8", "sent"), ("16", "failed")]
)
def test_a_gateways_report_is_kept(provider: Provider, status: str, fate: str):
    assert [report(provider, status) for _ in range(2)] == [200, 200]

    assert provider.delivery() == fate
    assert len(provider.kept()) == 1
    assert provider.contact().state == "active"


@pytest.mark.parametrize("status", ["", "3", "%25d", "DELIVRD", "1&status=2"])
def test_a_report_in_other_words_is_refused(provider: Provider, status: str):
    assert report(provider, status) == 400
    assert provider.kept() == []


def test_a_report_without_our_seal_is_not_believed(provider: Provider):
    assert report(provider, "1", key=b"another key") == 403
    assert provider.web.client.get(f"{provider.path.replace('twilio', 'gateway')}?status=1").status_code == 403
    provider.web.books.key = b""
    assert report(provider, "1", key=b"") == 403
    assert provider.kept() == []


def test_a_seal_opens_its_own_message_only(provider: Provider):
    sealed = seal(KEY, "gateway:999")
    answer = provider.web.client.get(f"/callbacks/gateway/{provider.reference}?seal={sealed}&status=1")

    assert answer.status_code == 403


def test_after_a_restore_a_late_word_for_a_number_given_again_changes_nothing(provider: Provider):
    path, reference = provider.path, provider.reference
    change(provider.web, provider.message_id, nonce="c0ffee")

    assert provider.says("undelivered", code="30005", path=path) == 200
    assert report(provider, "2", reference=reference) == 200
    assert report(provider, "2", reference=str(provider.message_id)) == 200

    assert provider.kept() == []
    assert (provider.contact().state, {task.why for task in provider.tasks()}) == ("active", {tasks.Why.GAP})


def test_a_message_from_before_numbers_had_a_random_part_is_found_by_its_number(provider: Provider):
    change(provider.web, provider.message_id, nonce="")

    assert report(provider, "1", reference=str(provider.message_id)) == 200


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.PENDING])
def test_an_id_that_twilio_never_gave_to_our_message_changes_nothing(provider: Provider, state: State):
    change(provider.web, provider.message_id, state=state)

    assert provider.says("undelivered", sid=OTHER, code="30005") == 200

    assert provider.kept() == []
    assert (provider.contact().state, provider.message().state, provider.tasks()) == ("active", state, [])


def test_nor_one_that_comes_after_the_doubt_about_it_has_ended(provider: Provider):
    with provider.web.desk.rt.sessions.begin() as session:
        session.execute(update(Attempt).values(provider_id=None, outcome="unknown"))
    change(provider.web, provider.message_id, state=State.IN_DOUBT, provider_id=None, doubts=1)
    provider.says("sent")

    assert provider.says("undelivered", sid=OTHER, code="30005") == 200
    assert provider.contact().state == "active"


def test_a_report_about_a_message_in_doubt_says_that_it_was_accepted(provider: Provider):
    change(provider.web, provider.message_id, state=State.IN_DOUBT, provider_id=None, doubts=1)

    assert report(provider, "1") == 200

    assert provider.message().state is State.SENT
    assert provider.delivery() == "delivered"


def test_nothing_of_a_number_is_left_in_the_books(provider: Provider):
    provider.says("delivered", Body="Desk Batola", From="+6282000000001")

    with provider.web.desk.rt.sessions() as session:
        rows = session.execute(select(DeliveryReport.__table__)).all()
    assert "82000000005" not in str(rows)


# What people write to us


def written(provider: Provider, sender: str, body: str = "siapa saja timnya?", token: str = TOKEN) -> tuple[int, str]:
    path = "/callbacks/twilio/inbound"
    params = {"MessageSid": OTHER, "From": sender, "To": "whatsapp:+6282000000001", "Body": body}
    params |= {"MediaUrl0": "http://169.254.169.254/"}
    proof = RequestValidator(token).compute_signature(URL + path, params)
    answer = provider.web.client.post(path, data=params, headers={"X-Twilio-Signature": proof})
    return answer.status_code, answer.text


@pytest.fixture
def chatting(provider: Provider) -> str:
    """Camat Tamban's number, by WhatsApp too."""
    number = provider.web.desk.address("Camat Tamban", Channel.SMS)
    since, office = provider.web.desk.clock.at, provider.message().office_id
    with provider.web.desk.rt.sessions.begin() as session:
        session.add(Contact(office_id=office, channel=Channel.WHATSAPP, address=number, since=since))
    return number


def windows(provider: Provider) -> dict[str, bool]:
    own = select(Contact).where(Contact.office_id == provider.message().office_id)
    with provider.web.desk.rt.sessions() as session:
        return {c.channel: c.wrote_at == provider.web.desk.clock.at for c in session.scalars(own)}


def test_who_writes_by_whatsapp_may_be_answered_there(provider: Provider, chatting: str):
    assert written(provider, f"whatsapp:{chatting}")[0] == 200

    assert windows(provider) == {"email": False, "sms": False, "whatsapp": True}


@pytest.mark.parametrize(
    "sender", ["whatsapp:+6289999999999", "+6289999999999", "messenger:1", "", "whatsapp:", "\xff"]
)
def test_a_stranger_reads_no_names(provider: Provider, chatting: str, sender: str):
    """B091."""
    status, said = written(provider, sender)

    assert status == 200
    assert not any(name in said for name in ("Tamban", "Camat", "Desk Contoh", "+62"))


def test_nobody_else_can_open_that_window(provider: Provider, chatting: str):
    assert written(provider, f"whatsapp:{chatting}", token="another")[0] == 403
    assert not any(windows(provider).values())


# A fault that is no recipient's


def channel(web: Web) -> channels.Known:
    with web.desk.rt.sessions() as session:
        return channels.known(session, Channel.SMS)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        pytest.param("failed", "30002", id="30002: the account is suspended"),
        pytest.param("undelivered", "30042", id="30042: the sender is blocked"),
        pytest.param("failed", "63007", id="63007: no such sender"),
    ],
)
def test_a_receipt_that_names_a_fault_of_the_channels_stops_it_and_is_told_once(provider: Provider, status, code):
    for _ in range(2):
        assert provider.says(status, code=code) == 200

    assert channel(provider.web).down_since == provider.web.desk.clock.at
    (task,) = provider.tasks()
    assert (task.why, code in task.text) == ("channel_down", True)
    assert provider.contact().state is Contact.State.ACTIVE


@pytest.mark.parametrize("code", ["30003", "30005", "30007", "99999", ""])
def test_one_about_the_recipient_or_the_text_stops_no_channel(provider: Provider, code: str):
    assert provider.says("undelivered", code=code) == 200

    assert channel(provider.web).down_since is None


def test_the_same_receipt_again_does_not_stop_a_channel_that_was_mended_since(provider: Provider):
    provider.says("failed", code="30002")
    desk = provider.web.desk
    desk.clock.reads("H-7 15:05")
    with desk.rt.sessions.begin() as session:
        assert outages.end(session, desk.rt.live(session), Channel.SMS, now=desk.clock.at)

    provider.says("failed", code="30002")

    assert channel(provider.web).down_since is None
    assert provider.tasks() == []
