"""SMS by a gateway that speaks HTTP the way Kannel's sendsms does: local aggregators, modem pools, a phone in a drawer.

Answers and their meaning are those of Kannel's smsbox (`gw/smsbox.c`; user guide, "SMS Push reply"): 202 with
`0: Accepted for delivery`, `3: Queued for later delivery` or `Sent.`; 400 and 403 for what it will never take; 503
`Temporal failure, try again later.` for what it did not take now.

The fields go as a form: URLs are written into logs, and any proxy on the way may repeat a GET. Kannel itself takes no
forms and says so; it then gets headers around the text (user guide, "X-Kannel headers").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from notifiers import numbers
from notifiers.base import Account, Letter
from notifiers.line import HERE, TIMEOUT, Line, Reply
from notifiers.mask import scrub
from notifiers.seals import seal
from notifiers.ways_in import Handed, Written
from rules.delivery import ChannelDown, DeliveryError, Misaddressed, Refused, Temporary, Unknown
from rules.desk import Channel

_REPORTS = 1 | 2 | 16
"""Kannel's dlr-mask: delivered to the phone, not delivered, rejected by the operator."""

_ACCEPTED = ("0:", "3:", "sent.")
_DENIED = "denied by white- and/or black-lists"
_NO_SENDER = "sender missing"
_NOT_NOW = "temporal failure, try again later"
_UNROUTABLE = "not routable"
_NO_FORMS = "invalid content-type"
_OUR_STATUS = frozenset({401, 402, 403, 404, 405, 410})
_ID_SIZE = 80
_VALIDITY = timedelta(hours=4)
_RESERVED = frozenset({"username", "user", "password", "pass", "to", "text", "charset", "dlr-mask", "dlr-url"})

CARRIES = TAKES = frozenset({Channel.SMS})


def notifier(account: Account) -> "Gateway":
    """See `Provider`. Options that are not ours go with every message unchanged."""
    options = dict(account.options)
    if taken := sorted(_RESERVED & {name.lower() for name in options}):
        raise ValueError(f"has the parameter {taken[0]}, which is ours to fill")
    for name, words in (("method", ("post", "get")), ("plus", ("yes", "no"))):
        if options.get(name, words[0]) not in words:
            raise ValueError(f"{name} is neither {words[0]} nor {words[1]}")
    return Gateway(
        Server(
            url=account.url,
            public_url=account.public_url,
            key=account.key,
            user=account.user,
            password=account.password,
            sender=options.pop("from", ""),
            by_get=options.pop("method", "post") == "get",
            plus=options.pop("plus", "yes") == "yes",
            accepts=options.pop("accepts", ""),
            extra=options,
        )
    )


def written(handed: Handed) -> Written:
    """What somebody wrote, as Kannel's sms-service hands it on, or any gateway in a form of its own.

    By `post-url` the words are the body and the sender is a header, so that no log of requests has either. By `get-url`
    (`from=%p&id=%I&text=%b`) all stands in the address. See `notifiers.ways_in.TakesIn`.
    """
    given = {**handed.query, **handed.form}
    by, id = given.get("from", handed.headers.get("x-kannel-from", "")).strip(), given.get("id", "")
    if not by or not id:
        raise ValueError("nobody, or no id")
    if by.lstrip("+").isdecimal():
        by = f"+62{by[1:]}" if by.startswith("0") else f"+{by.lstrip('+')}"
    return Written(id, Channel.SMS, by, given.get("text", handed.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One gateway and an account on it.

    Args:
        url: of its sendsms page, without user or query.
        public_url: where delivery reports reach us, without a slash at the end.
        key: makes the seal of those reports, which the gateway itself does not sign.
        sender: shown to the recipient; empty: the gateway has one.
        by_get: send the fields in the URL, for gateways that take nothing else.
        plus: write numbers with their plus sign.
        accepts: how an accepted answer begins, for gateways that answer 200 in words of their own.
        extra: fields of the gateway's own, such as `smsc`.
        timeout: for one whole try; keep it shorter than the lease of a message.
    """

    url: str
    public_url: str
    key: bytes = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    by_get: bool = False
    plus: bool = True
    accepts: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    timeout: timedelta = TIMEOUT

    def __post_init__(self) -> None:
        url = urlsplit(self.url)
        if self.password and url.scheme != "https" and url.hostname not in HERE:
            raise ValueError("url: the password would cross the network in the clear")
        if not (self.user + self.password + self.sender).isascii():
            raise ValueError("user, password, sender: Kannel takes them as headers, which are ASCII")


class Gateway:
    """Hands texts to one gateway. Safe to call from several threads."""

    repeatable = False

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line = Line(server.url, timeout=server.timeout)
        self._takes_forms = True

    def send(self, letter: Letter) -> str:
        """Hand over one text; the id is what the gateway answered, without numbers. Reports find it by our own id."""
        if not numbers.usable(letter.to):
            raise Misaddressed("not one number in E.164")
        reply = self._asked(self._fields(letter), letter.text)
        secrets = (letter.to, letter.to.lstrip("+"), self._server.user, self._server.password)
        if error := self._end(reply, *secrets):
            raise error
        return scrub(reply.text, *secrets)[:_ID_SIZE]

    def close(self) -> None:
        """Let go of idle connections."""
        self._line.close()

    def _asked(self, fields: dict[str, str], text: str) -> Reply:
        """The answer. We learn only once that Kannel takes no forms: it says so before it looks at anything else."""
        url, form = self._server.url, {**fields, "text": text, "charset": "UTF-8"}
        if self._server.by_get:
            return self._line.get(url, form)
        if self._takes_forms:
            reply = self._line.post(url, form)
            if reply.status not in (400, 415) or _NO_FORMS not in reply.text.lower():
                return reply
            self._takes_forms = False
        return self._line.post(url, text, headers={f"X-Kannel-{name}": value for name, value in fields.items()})

    def _fields(self, letter: Letter) -> dict[str, str]:
        server = self._server
        sealed = seal(server.key, f"gateway:{letter.reference}")
        report = f"{server.public_url}/callbacks/gateway/{letter.reference}?seal={sealed}"
        fields = {
            "username": server.user,
            "password": server.password,
            "from": server.sender,
            "to": letter.to if server.plus else letter.to.lstrip("+"),
            "dlr-mask": str(_REPORTS),
            "dlr-url": f"{report}&status=%d",  # Kannel puts the bit of `_REPORTS` there
            "validity": str(int(letter.valid_for(_VALIDITY) / timedelta(minutes=1))),  # Kannel counts minutes
            **server.extra,
        }
        return {name: value for name, value in fields.items() if value}

    def _end(self, reply: Reply, *secrets: str) -> DeliveryError | None:
        """The error an answer stands for; None: accepted.

        An answer 200 in unknown words may be a yes or a no: in doubt. 403 `Not routable` may mean one number or the
        gateway's whole routing, so only this message is given up, once its tries run out.
        """
        status, text = reply.status, reply.text.strip().lower()
        said = f"HTTP {status}: {scrub(reply.text, *secrets)}"
        accepted = (self._server.accepts.lower(),) if self._server.accepts else _ACCEPTED
        if 200 <= status < 300:
            return None if status == 202 or text.startswith(accepted) else Unknown(said, code=str(status))
        kind = _kind(status, text)
        if kind is Temporary:
            return Temporary(said, code=str(status), wait=reply.wait)
        return kind(said, code=str(status))


def _kind(status: int, text: str) -> type[DeliveryError]:
    if status == 429 or _NOT_NOW in text or _UNROUTABLE in text:
        return Temporary
    if status >= 500:
        return Unknown
    if _DENIED in text:
        return Refused
    if status < 400 or status in _OUR_STATUS or _NO_SENDER in text:
        return ChannelDown
    return Temporary
