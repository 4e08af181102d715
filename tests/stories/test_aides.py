"""Aides in villages: what really leaves for them by mail and text, and a district with as many as there may be."""

import email
import email.policy
import re
from datetime import timedelta

import pytest

from models.desk.changes import Hand, Way
from models.matters import aiding
from models.matters.obligations import Obligation
from models.offices import aides as people
from models.offices import offices
from notifiers.gateway import Gateway
from notifiers.gateway import Server as Line
from notifiers.smtp import Mail, Server, Tls
from rules import aides as rule
from rules.desk import Channel
from services import aides, telling
from services.aides import TooMany
from tests.notifiers.http_wire import gateway_wire

DISTRICT, CAMAT = "63.04.02", "camat-tamban"
URL = "https://desk.example"


@pytest.fixture
def tamban(desk):
    """Noon, a week before voting day: Tamban's daily report is owed."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.clock.reads("H-7 12:00")
    desk.rt.public_url = URL
    return Tamban(desk, key)


class Tamban:
    """What its Camat does with his aides."""

    def __init__(self, desk, key):
        self.desk, self.key = desk, key

    def _hand(self, session):
        camat = offices.by_code(session, self.desk.programme.desk.code, CAMAT)
        return Hand(camat.id, camat.title, Way.LINK)

    def names(self, village, **addresses):
        with self.desk.rt.sessions.begin() as session:
            told = {Channel(channel): address for channel, address in addresses.items()}
            hand, now = self._hand(session), self.desk.clock.at
            aides.name(session, self.desk.programme, DISTRICT, village, f"Aide {village}", told, hand=hand, now=now)

    def asks(self):
        with self.desk.rt.sessions.begin() as session:
            (id,) = self.desk.rt.programmes
            owed, hand = telling.locked(session, self.key), self._hand(session)
            told = aides.ask(session, id, self.desk.programme, owed, hand=hand, now=self.desk.clock.at)
        self.desk.turn()
        return told

    def all_send(self, count):
        """Each village sends this count of stations."""
        code = self.desk.code(self.key)
        with self.desk.rt.sessions.begin() as session:
            for own in people.of(session, self.desk.programme.desk.code, [DISTRICT]):
                asked = aiding.one(session, own.aide.id, code)
                aides.send(session, asked, {"n.tps-siap": str(count)}, own.name, now=self.desk.clock.at)


def test_an_aide_gets_one_mail_or_text_with_a_link_of_his_own(tamban, smtp_server):
    with gateway_wire() as gateway:
        at = {"host": smtp_server.host, "port": smtp_server.port, "timeout": timedelta(seconds=60)}
        mail = Mail(Server(**at, sender="desk@desk.example", tls=Tls.NONE))
        line = Line(
            url=f"{gateway.url}/cgi-bin/sendsms",
            public_url=URL,
            key=b"kunci",
            user="desk",
            password="rahasia",
            sender="DESK",
            timeout=timedelta(seconds=20),
        )
        text = Gateway(line)
        tamban.desk.rt.notifiers = dict(tamban.desk.rt.notifiers) | {Channel.EMAIL: mail, Channel.SMS: text}
        tamban.names("63.04.02.2011", email="sari@desa.example")
        tamban.names("63.04.02.2001", sms="+6282000000902")

        tamban.asks()
        tamban.desk.clock.reads("H-7 12:10")

        (letter,) = smtp_server.to("sari@desa.example")
        parsed = email.message_from_bytes(letter.content, policy=email.policy.default)
        (texted,) = [own.form for own in gateway.asked if own.form["to"].endswith("82000000902")]
        mail.close()
        text.close()
    body = parsed.get_body(("plain",)).get_content()
    links = [re.findall(rf"{URL}/d/(\w{{16}})", words) for words in (body, texted["text"])]
    assert [len(set(found)) for found in links] == [1, 1]
    assert links[0][0] != links[1][0]
    assert parsed["Reply-To"] == "tamban@desk.example"
    assert "Camat Tamban mohon isian desa" in texted["text"]
    assert "mohon menghubungi Camat Tamban" in body
    assert "Sekretariat" not in body


def test_a_district_asks_as_many_villages_as_there_may_be_and_no_more(tamban):
    for number in range(rule.MOST):
        tamban.names(f"Desa {number:02}", sms=f"+628200001{number:04}")
    with pytest.raises(TooMany):
        tamban.names("Desa lagi", sms="+6282000019999")

    assert tamban.asks().asked == rule.MOST
    tamban.desk.clock.reads("H-7 12:40")
    assert (tamban.asks().asked, tamban.asks().asked) == (rule.MOST, 0)
    tamban.desk.clock.reads("H-7 13:30")
    assert tamban.asks().asked == 0
    tamban.all_send(7)

    sent = [one for one in tamban.desk.wire.accepted if one.letter.to.startswith("+628200001")]
    assert len(sent) == 2 * rule.MOST
    form = tamban.desk.rt.forms()["harian"]
    id = tamban.desk.matter(tamban.key).id
    with tamban.desk.rt.sessions() as session:
        suggested = aides.suggested(session, tamban.desk.programme, DISTRICT, id, form)
        assert session.get(Obligation, id).standing == "owed"
    assert suggested["n.tps-siap"] == str(7 * rule.MOST)


def test_whoever_changes_numbers_again_and_again_orders_no_texts_without_end(tamban):
    for number in range(6):
        tamban.desk.clock.reads(f"H-7 12:{number * 5 + 5:02}")
        tamban.names("Desa A", sms=f"+628200002{number:04}")
        tamban.asks()

    texts = [one for one in tamban.desk.wire.accepted if one.letter.to.startswith("+628200002")]
    assert len(texts) == 1
    assert not tamban.desk.tasks()
