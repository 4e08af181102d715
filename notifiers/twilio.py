"""SMS and WhatsApp by Twilio's official client, over a line of our own: one try, a time-out, nothing logged.

Twilio's Messages resource has no idempotency key. Our message id stands in the address that Twilio calls back, and
a message in doubt is looked for in Twilio's list before anything is sent again.
"""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifiers import media, numbers, words
from notifiers.base import Departed, Letter
from notifiers.line import HERE, TIMEOUT, Line, Reply
from notifiers.twilio_codes import judged
from rules.delivery import ChannelDown, DeliveryError, Misaddressed, Temporary, Unknown
from rules.desk import Channel

API = "https://api.twilio.com"
LONGEST_VALIDITY = timedelta(hours=10)
WINDOW = timedelta(hours=24)
"""How long WhatsApp takes free words after a recipient's own message (https://www.twilio.com/docs/api/errors/63016)."""
CLOSED = "63016"
_EVERY = ""
_VARIABLE_SIZE = 1000
_WHATSAPP = "whatsapp"
_SKEW = timedelta(minutes=2)
_DAY = timedelta(days=1)
_PATIENCE = 120
"""So many seconds it may take to list: a process that starts waits for it."""
_NEWEST = 200
_MOST = 20_000
_PAGE = 200
"""A thousand texts of one page would be more than a megabyte, which no answer may be (`notifiers.line`)."""
_NEVER_LEFT = frozenset({"canceled", "failed", "undelivered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account and its senders. Empty: there is no such sender.

    Args:
        public_url: where Twilio reaches us, without a slash at the end.
        service_sid: of a Messaging Service, which chooses the sender of an SMS; goes before `sms_from`.
        whatsapp_from: a number in E.164.
        templates: ContentSid by what a message says (`Letter.say`), "" for all others. WhatsApp takes free texts only
            within 24 hours of the recipient's own last message (error 63016): without a template a desk that writes
            first is not heard. A template gets one variable, {{1}}: the text on one line.
        validity: after how long Twilio gives up a message it could not hand on; a reminder must not come a day late.
        timeout: for one whole try; keep it shorter than the lease of a message.
    """

    sid: str
    token: str = field(repr=False)
    public_url: str
    service_sid: str = ""
    sms_from: str = ""
    whatsapp_from: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    validity: timedelta = timedelta(hours=4)
    timeout: timedelta = TIMEOUT
    base_url: str = API

    def __post_init__(self) -> None:
        if not timedelta(seconds=1) <= self.validity <= LONGEST_VALIDITY:
            raise ValueError(f"validity: Twilio keeps messages from 1 s to 10 h, not {self.validity}")
        url = urlsplit(self.base_url)
        if url.scheme != "https" and url.hostname not in HERE:
            raise ValueError("base_url: the token would cross the network in the clear")


class Twilio:
    """Hands texts to Twilio. Make one per process, for SMS and WhatsApp alike; safe to call from several threads."""

    repeatable = False

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(account.base_url, timeout=account.timeout)
        self._wire = _Wire(self._line, account.base_url)
        self._client = Client(account.sid, account.token, http_client=self._wire)

    def send(self, letter: Letter) -> str:
        """Hand over one text; the id is Twilio's SID. An account without a sender for it is a channel down."""
        parts = self._sender(letter.channel) | self._content(letter)
        if not numbers.usable(letter.to):
            raise Misaddressed("not one number in E.164")
        message = self._client.messages.create(
            to=_address(letter),
            status_callback=f"{self._account.public_url}/callbacks/twilio/{letter.reference}",
            validity_period=int(letter.valid_for(self._account.validity).total_seconds()),
            **parts,
        )
        return str(message.sid)

    def lookup(self, letter: Letter, *, since: datetime, until: datetime) -> list[str]:
        """See `Asks.lookup`.

        A message is the same if it went to the same number in that time with the same words. The time is Twilio's, and
        its answer shows how much its clock differs from ours. The list is not narrowed by DateSent: a message in
        Twilio's queue has none yet, and exactly that one must not be overlooked.
        """
        to, same = _address(letter), words.pattern(letter.text, most=_VARIABLE_SIZE)
        try:
            listed = self._client.messages.list(to=to, limit=_NEWEST)
            ahead = (self._wire.said_at() or letter.at) - letter.at
            return [
                str(message.sid)
                for message in listed
                if message.to == to and str(message.direction).startswith("outbound")
                if _within(message.date_created, since + ahead, until + ahead)
                and same.search(words.plain(message.body or ""))
            ]
        except Unknown as error:
            raise Temporary(error.why, code=error.code) from None
        except TwilioException as error:
            raise _unanswered(error) from None

    def listed(self, channel: Channel, *, since: datetime, until: datetime) -> list[Departed]:
        """See `Lists.listed`. What Twilio has not sent yet has no DateSent, and is in no such list."""
        # The client writes any zone's clock down as UTC. Twilio's document promises to go by days alone.
        span = {"date_sent_after": (since - _SKEW).astimezone(UTC), "date_sent_before": (until + _DAY).astimezone(UTC)}
        prefix = f"{_WHATSAPP}:" if channel is Channel.WHATSAPP else ""
        found, stop = [], monotonic() + _PATIENCE
        try:
            for one in self._client.messages.stream(**span, limit=_MOST, page_size=_PAGE):
                found.append(one)
                if monotonic() > stop:
                    raise Temporary(f"its list had not ended after {_PATIENCE} seconds")
        except Unknown as error:
            raise Temporary(error.why, code=error.code) from None
        except TwilioException as error:
            raise _unanswered(error) from None
        if len(found) == _MOST:
            raise Temporary(f"it has {_MOST} texts or more of that time, too many to ask for")
        return [
            Departed(str(one.sid), to.removeprefix(prefix), one.date_sent, one.body or "")
            for one in found
            if (to := str(one.to)).startswith(prefix or "+") and str(one.direction).startswith("outbound")
            if one.date_sent is not None and str(one.status) not in _NEVER_LEFT
            if _within(one.date_sent, since, until)
        ]

    def fetch(self, url: str, most: int) -> bytes:
        """See `Fetches.fetch`."""
        own = self._account
        return media.fetch(url, most, base_url=own.base_url, login=(own.sid, own.token))

    def close(self) -> None:
        """Let go of idle connections."""
        self._line.close()

    def _sender(self, channel: Channel) -> dict[str, str]:
        account = self._account
        if channel is Channel.WHATSAPP and account.whatsapp_from:
            return {"from_": f"whatsapp:{account.whatsapp_from}"}
        if channel is Channel.SMS and account.service_sid:
            return {"messaging_service_sid": account.service_sid}
        if channel is Channel.SMS and account.sms_from:
            return {"from_": account.sms_from}
        raise ChannelDown(f"the account has no sender for {channel}")

    def _content(self, letter: Letter) -> dict[str, str]:
        templates = self._account.templates
        template = templates.get(letter.say) or templates.get(_EVERY)
        if letter.channel is not Channel.WHATSAPP:
            return {"body": letter.text}
        if not template:
            if letter.wrote_at is None or letter.at - letter.wrote_at >= WINDOW:
                raise Temporary(
                    "outside the 24 hours after the recipient's own last words, and no template", code=CLOSED
                )
            return {"body": letter.text}
        # A variable may hold neither line breaks nor long runs of blanks.
        variables = {"1": words.plain(letter.text)[:_VARIABLE_SIZE]}
        return {"content_sid": template, "content_variables": json.dumps(variables, ensure_ascii=False)}


class _Wire(HttpClient):  # type: ignore[misc]  # the client's package has no types
    """The official client's transport: our line, to `base_url`. It logs nothing."""

    def __init__(self, line: Line, base_url: str) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False)
        self._line = line
        self._last = threading.local()
        self._base_url = base_url.rstrip("/")

    def said_at(self) -> datetime | None:
        """What Twilio's clock showed when it last answered this thread; None: it did not say."""
        return getattr(self._last, "said_at", None)

    def request(  # the official client's own signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        asked = urlsplit(uri)
        url = f"{self._base_url}{asked.path}" + (f"?{asked.query}" if asked.query else "")
        if method.upper() == "POST":
            reply = self._line.post(url, data or {}, auth=auth, headers=headers)
            if not 200 <= reply.status < 300:  # the client's own errors hold no headers
                raise _refusal(reply, str((data or {}).get("To", "")))
            _whole(reply.text)
        else:
            reply = self._line.get(url, params or {}, auth=auth, headers=headers)
            self._last.said_at = reply.said_at
            if reply.status == 200 and not isinstance(_parsed(reply.text).get("messages"), list):
                raise Temporary("the answer is no list of messages")
        return Response(reply.status, reply.text, reply.headers)


def _whole(text: str) -> None:
    """Raises: Unknown when an answer that says yes does not say to what."""
    sid = _parsed(text).get("sid")
    if not isinstance(sid, str) or not sid:
        raise Unknown("accepted, but without an id")


def _parsed(text: str) -> dict[str, Any]:
    """The JSON object in an answer; empty if there is none."""
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _address(letter: Letter) -> str:
    return f"whatsapp:{letter.to}" if letter.channel is Channel.WHATSAPP else letter.to


def _within(at: datetime | None, since: datetime, until: datetime) -> bool:
    """Whether it was sent in that time, as far as two clocks agree; a message without a time may have been."""
    return at is None or since - _SKEW <= at <= until + _SKEW


def _refusal(reply: Reply, to: str) -> DeliveryError:
    """Our error for an answer that is no success, in either of the two kinds of document that Twilio writes."""
    said = _parsed(reply.text)
    code = said.get("code")
    words = str(said.get("message") or said.get("title") or "")
    return judged(reply.status, code if isinstance(code, int) else None, words, to, wait=reply.wait)


def _unanswered(error: TwilioException) -> DeliveryError:
    """A lost answer to a question is harmless, unlike to a message: we ask again."""
    status = getattr(error, "status", None) or getattr(error.args[-1] if error.args else None, "status_code", 0)
    kind = ChannelDown if status in (401, 403) else Temporary
    return kind("the question was refused", code=str(status or ""))
