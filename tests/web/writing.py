"""People who write to the desk by WhatsApp or SMS, as Twilio and a gateway hand it on."""

from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from sqlalchemy import select
from twilio.request_validator import RequestValidator

from config.replies import spoken
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.offices.offices import Contact, Office
from notifiers import gateway, ways_in
from notifiers.mask import mask
from rules.desk import Channel
from services import arriving, replying
from services.arriving import Sent
from tests.web.conftest import URL, Web

TOKEN = "rahasia-sekali-0001"
KEY = b"kunci-desk-yang-panjang"
TWILIO = "/callbacks/twilio/inbound"
GATEWAY = "/callbacks/gateway/inbound"


@dataclass
class Writer:
    """Whoever writes from one number."""

    web: Web
    number: str
    ids: count = field(default_factory=lambda: count(1))

    def whatsapp(self, text: str, *, sid: str = "", token: str = TOKEN, **more: str) -> tuple[int, str]:
        """A message by WhatsApp; its status, and what is answered in the same breath."""
        return self._twilio(f"whatsapp:{self.number}", text, sid, token, more)

    def sms(self, text: str, *, sid: str = "", **more: str) -> tuple[int, str]:
        return self._twilio(self.number, text, sid, TOKEN, more)

    def gateway(self, text: str, *, id: str = "", sealed: str = "") -> int:
        query = {"from": self.number.lstrip("+"), "id": id or f"g{next(self.ids)}", "text": text}
        return self.web.client.get(f"{self.address(sealed)}&{urlencode(query)}").status_code

    def posts(self, body: bytes, id: str = "", **headers: str) -> int:
        """The same by Kannel's `post-url`, or as whatever `headers` say."""
        told = {"X-Kannel-From": self.number.lstrip("+")} | {
            name.replace("_", "-"): own for name, own in headers.items()
        }
        address = f"{self.address()}&id={id or f'g{next(self.ids)}'}"
        return self.web.client.post(address, content=body, headers=told).status_code

    def address(self, sealed: str = "") -> str:
        self.web.books.key, self.web.books.ways_in = KEY, {"gateway": gateway}
        return f"{GATEWAY}?seal={sealed or ways_in.word(KEY, 'gateway')}"

    def _twilio(self, by: str, text: str, sid: str, token: str, more: dict[str, str]) -> tuple[int, str]:
        self.web.books.twilio_token, self.web.books.key = TOKEN, KEY
        params = (
            {"MessageSid": sid or f"SM{abs(hash(by)) % 10**12:012d}{next(self.ids):020d}", "From": by}
            | {"Body": text}
            | more
        )
        proof = RequestValidator(token).compute_signature(URL + TWILIO, params)
        answer = self.web.client.post(TWILIO, data=params, headers={"X-Twilio-Signature": proof})
        return answer.status_code, answer.text


def writer(web: Web, office: str, *, whatsapp: bool = True) -> Writer:
    """The one who holds an office, by his number; by WhatsApp too."""
    number = web.desk.address(office, Channel.SMS)
    web.books.twilio_token, web.books.key = TOKEN, KEY
    if whatsapp:
        with web.desk.rt.sessions.begin() as session:
            row = session.scalars(select(Office).where(Office.code == web.desk.office(office))).one()
            known = select(Contact).where(Contact.office_id == row.id, Contact.channel == Channel.WHATSAPP)
            if session.scalar(known) is None:
                session.add(
                    Contact(office_id=row.id, channel=Channel.WHATSAPP, address=number, since=web.desk.clock.at)
                )
    return Writer(web, number)


def kept(web: Web, by: str, text: str, key: str) -> None:
    """A message that is there and was read, however it came. `by`: an office's title, or a number."""
    number = by if by.startswith("+") else web.desk.address(by, Channel.SMS)
    sent = Sent(key, Channel.SMS, number, mask(number), text.encode())
    with web.desk.rt.sessions.begin() as session:
        now, live = web.desk.clock.at, web.desk.rt.live(session)
        id = arriving.keep(session, sent, live, now=now)
        assert id is not None
        replying.read(session, id, live, web.books.forms, spoken(), now=now)


def rows(web: Web) -> list[Inbound]:
    with web.desk.rt.sessions() as session:
        return list(session.scalars(select(Inbound).order_by(Inbound.id)))


def last(web: Web) -> Inbound:
    return rows(web)[-1]


def answer(web: Web) -> str:
    """What the last message was answered with, once it is sent; empty: nothing."""
    web.desk.turn()
    row = last(web)
    if row.answer_id is None:
        return ""
    with web.desk.rt.sessions() as session:
        return session.get_one(Message, row.answer_id).text


def standing(web: Web, key: str) -> str:
    with web.desk.rt.sessions() as session:
        query = select(Obligation.standing).join(Matter, Matter.id == Obligation.id).where(Matter.key == key)
        return str(session.scalars(query).one())
