"""What providers report later over HTTP, proved to be theirs and read: Twilio's callbacks, a gateway's reports.

Twilio signs the address and all parameters run together without separators
(https://www.twilio.com/docs/usage/webhooks/webhooks-security), so that `A=1B2` and `A=1&B=2` have one signature. Only
names we know are read, each once, and each must look as it should.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from notifiers import references, twilio_codes
from notifiers.seals import holds
from notifiers.ways_in import FIELDS, Written
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel

Fields = Mapping[str, str]

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_CODE = re.compile(r"[0-9]{0,6}")
_KNOWN = ("MessageSid", "MessageStatus", "ErrorCode")

KANNEL = {"1": Fate.DELIVERED, "2": Fate.UNDELIVERED, "4": Fate.QUEUED, "8": Fate.SENT, "16": Fate.FAILED}
"""Kannel's dlr types (user guide, "Delivery reports"): the bits of dlr-mask, one in each report."""


def fields(body: bytes) -> Fields | None:
    """The parameters of a form; None: too many, or one of them twice. Invalid UTF-8 is replaced."""
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        return None
    by_name = dict(pairs)
    return by_name if len(by_name) == len(pairs) else None


def signed(token: str, url: str, form: Fields | None, signature: str) -> bool:
    """Whether Twilio sent this to `url`. Without a token nothing is: a validator made of none would accept anybody.

    Args:
        url: as the world knows it, by our settings; never by the request's `Host`.
        signature: of the header X-Twilio-Signature, empty where there is none.
    """
    if not (token and signature and form is not None):
        return False
    return bool(RequestValidator(token).validate(url, form, signature))


def from_twilio(message_id: int, body: bytes, form: Fields) -> Heard | None:
    """What a status callback says; None: nothing that we know."""
    sid, code = form.get("MessageSid", ""), form.get("ErrorCode", "")
    status = form.get("MessageStatus", "").encode("ascii", "ignore").decode()
    if not _SID.fullmatch(sid) or not _CODE.fullmatch(code) or status not in list(Fate):
        return None
    fate = Fate(status)
    why = int(code) if fate.lost and code else 0
    dead, ours = why in twilio_codes.DEAD, why in twilio_codes.OURS
    return Heard(message_id=message_id, provider_id=sid, fate=fate, code=code, dead=dead, ours=ours, raw=_raw(body))


MEDIA = 10
"""At most so many files come with one message of WhatsApp (https://www.twilio.com/docs/messaging/twiml#request)."""


def written(form: Fields) -> Written | None:
    """What somebody wrote, as Twilio hands it on; None: no id, or nobody could be meant.

    `files`: media by their path on the provider's own host; of a place its coordinates as a text.
    """
    sid, (prefix, _, by) = form.get("MessageSid", ""), form.get("From", "").rpartition(":")
    if not _SID.fullmatch(sid) or prefix not in ("", "whatsapp") or not by:
        return None
    channel = Channel.WHATSAPP if prefix else Channel.SMS
    answered = form.get("OriginalRepliedMessageSid", "")
    place = {name: form[name][:40] for name in ("Latitude", "Longitude") if form.get(name)}
    files = [{"media": "location", "place": ", ".join(place.values())}] if len(place) == 2 else []
    files += [own for n in range(MEDIA) if (own := _media(form, n))]
    said = form.get("Body") or form.get("ButtonText", "")  # of a button: the words that stand on it
    return Written(
        sid,
        channel,
        by,
        said,
        forwarded=form.get("Forwarded") == "true" or form.get("FrequentlyForwarded") == "true",
        files=files,
        answered=answered if _SID.fullmatch(answered) else "",
    )


def _media(form: Fields, n: int) -> dict[str, str] | None:
    url, media = form.get(f"MediaUrl{n}", ""), form.get(f"MediaContentType{n}", "")
    return {"media": media[:100], "url": url[:500], "state": "waits"} if url else None


def _raw(body: bytes) -> str:
    """The fields that were read, with the very bytes that came; the others hold numbers."""
    parts = body.decode("ascii", "replace").split("&")
    return "&".join(part for part in parts if part.partition("=")[0] in _KNOWN)


def from_gateway(key: bytes, reference: str, query: Sequence[tuple[str, str]]) -> Heard | None:
    """What a gateway's delivery report says; None: it is not sealed. Only Kannel's words are understood.

    Raises:
        ValueError: sealed, but its status is none that we know.
    """
    given = dict(query)
    named = references.read(reference)
    if named is None or not holds(key, f"gateway:{reference}", given.get("seal", "")):
        return None
    status = given.get("status", "")
    if status not in KANNEL or len(given) < len(query):
        raise ValueError("status: none of Kannel's")
    return Heard(message_id=named[0], fate=KANNEL[status], code=status, raw=f"status={status}")
