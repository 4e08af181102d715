"""A Twilio account as the environment gives it. What is wrong is said without the value."""

import re
from dataclasses import dataclass

from pydantic import SecretStr

from config.errors import Unusable
from rules.ladder import Say

_NUMBER = r"\+[1-9][0-9]{6,14}"
_SENDER = re.compile(rf"{_NUMBER}|[0-9]{{3,8}}|(?=.*[A-Za-z])[A-Za-z0-9 ]{{1,11}}")
_SID = "[0-9a-fA-F]{32}"


@dataclass(frozen=True, slots=True)
class Twilio:
    """An account that sends text messages, WhatsApp messages, or both. An empty field: that channel is not used.

    `whatsapp_templates`: pairs of what a message says ("" for anything else) and the ContentSid that words it.
    """

    account_sid: str
    auth_token: SecretStr
    messaging_service_sid: str
    sms_from: str
    whatsapp_from: str
    whatsapp_templates: tuple[tuple[str, str], ...]
    base_url: str


def account(text: str) -> str:
    return _sid("AC", text)


def token(secret: SecretStr) -> SecretStr:
    """The account's token, which goes into a header and signs callbacks."""
    text = secret.get_secret_value()
    if not re.fullmatch(r"[!-~]*", text):
        raise Unusable("holds a blank or a character that no token has", "Copy it from the Twilio console")
    return secret


def service(text: str) -> str:
    return _sid("MG", text)


def sender(text: str) -> str:
    """A number, a short code, or a name of at most 11 letters, digits and blanks (Twilio, "Alphanumeric Sender ID")."""
    if text and not _SENDER.fullmatch(text):
        raise Unusable(
            "is not a sender", "Write a number as +6281234567890, or a registered name of at most 11 letters and digits"
        )
    return text


def whatsapp_sender(text: str) -> str:
    number = text.strip().removeprefix("whatsapp:")
    if number and not re.fullmatch(_NUMBER, number):
        raise Unusable("is not a number", "Write the number of the WhatsApp sender as +6281234567890")
    return number


def templates(text: str) -> tuple[tuple[str, str], ...]:
    """`HX...` for all messages, `overdue=HX...` for one kind; separated by commas."""
    pairs = [part.strip().rpartition("=") for part in text.split(",") if part.strip()]
    by_say = {say.strip(): _sid("HX", template.strip()) for say, _, template in pairs}
    if unknown := sorted(by_say.keys() - set(Say) - {""}):
        raise Unusable(f"{unknown[0]!r} is not something that messages say", f"Use one of {', '.join(Say)}")
    if len(by_say) < len(pairs):
        raise Unusable("names two templates for one thing", "Name one")
    return tuple(by_say.items())


def _sid(prefix: str, text: str) -> str:
    value = text.strip()
    if value and not re.fullmatch(prefix + _SID, value):
        raise Unusable(f"does not begin with {prefix}, or is not 34 characters long", "Copy it from the Twilio console")
    return value
