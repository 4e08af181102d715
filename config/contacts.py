"""Mail addresses and mobile numbers as people type them: one plain address, one number in E.164, or a refusal.

A message must never go to another number than the one written: what could be two numbers is refused.
"""

import re
import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType
from pydantic_core import PydanticCustomError

from config.errors import masked, shown
from config.words import line, written, wrong
from rules.desk import Channel


class Why(StrEnum):
    """Why an address or a number is refused; the pages word it in Indonesian."""

    NO_MAILBOX = "no_mailbox"
    EATEN = "eaten"
    PREFIX = "prefix"
    SEVERAL = "several"
    LETTER = "letter"
    SIGNS = "signs"
    SHORT = "short"
    LONG = "long"
    FIXED_LINE = "fixed_line"
    IMPOSSIBLE = "impossible"


_DASHES = frozenset("\u02d7\u2043\u2053\u207b\u208b\u2212\u2796")
"""Characters that look like a dash but are not in Unicode's category Pd."""

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that look like a blank but are not a Unicode space."""

_PLUSES = frozenset("\u207a\ufe62\uff0b\u2795")
_UNSEEN = frozenset("\u034f\u17b4\u17b5") | {
    chr(sign)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for sign in range(first, last + 1)
}
"""Invisible characters that Unicode counts among the marks (Default_Ignorable_Code_Point)."""

_NUMBER = re.compile(r"\(?\+?[\d\s.()/-]+", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def plain(text: str) -> str:
    """Text pasted from a chat as one would type it: one kind of dash, blank and plus, nothing invisible."""
    return "".join(map(_plain, text)).strip()


def _plain(sign: str) -> str:
    if sign.isascii() and sign.isprintable():
        return sign
    category = unicodedata.category(sign)
    if category == "Pd" or sign in _DASHES:
        return "-"
    if sign.isspace() or category == "Zs" or sign in _BLANKS:
        return " "
    if category in ("Cf", "Cc") or sign in _UNSEEN:
        return ""
    return "+" if sign in _PLUSES else sign


def mailbox(value: object) -> str:
    """An address in the one spelling in which it is kept and looked for: `Camat@Tamban.example` is the same mailbox."""
    return email(plain(written(value, "an address"))).lower()


def email(value: object) -> str:
    """One plain mailbox (RFC 5321, 4.1.2), without quotes, comments or a display name; the domain in small letters."""
    text = line(value, longest=320)
    local, at, domain = text.rpartition("@")
    domain = _registered(domain)
    if any(sign in text for sign in ',;<>"() '):
        raise wrong(
            f"{shown(text)} is not one plain address",
            "Write a single address without a name: nama@instansi.go.id",
            Why.NO_MAILBOX,
        )
    if not at or "@" in local:
        raise wrong(f"{shown(text)} has {text.count('@')} @ signs", "Write one address with one @", Why.NO_MAILBOX)
    if len(local) > 64 or len(text) > 254:
        raise wrong(
            "is longer than an address may be (64 before the @, 254 in all)",
            "Look at what was pasted here",
            Why.NO_MAILBOX,
        )
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise wrong(
            f"{shown(text)} is not an address", "Write it as nama@instansi.go.id, in plain letters", Why.NO_MAILBOX
        )
    return f"{local}@{domain.lower()}"


def _registered(domain: str) -> str:
    """A domain as it is registered: one with non-ASCII letters is written in ASCII (RFC 5891); others stay."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def phone(value: object) -> str:
    """A mobile number in E.164; without a country code it is Indonesian."""
    return _read(value, mobile=True)


READERS = {Channel.SMS: phone, Channel.WHATSAPP: phone, Channel.EMAIL: mailbox}
"""What reads an address of each channel."""


def telephone(value: object) -> str:
    """A number that people call, a fixed line too, in E.164."""
    return _read(value, mobile=False)


def _read(value: object, *, mobile: bool) -> str:
    text = plain(written(value, "a number")).lstrip("'\u2018\u2019").strip()
    seen = f"'{masked(text)}'"
    if re.fullmatch(r"\d+(?:[.,]\d+)?[eE]\+?\d+", text):
        raise wrong(f"{seen} was eaten by a spreadsheet", "Write the number out, in quotes", Why.EATEN)
    if ":" in text:
        raise wrong(f"{seen} has a prefix", "Write the number alone; channels are chosen by the policy", Why.PREFIX)
    if ";" in text or "," in text:
        raise wrong(
            f"{seen} has an extension or holds two numbers", "Write one mobile number, nothing after it", Why.SEVERAL
        )
    if re.search(r"[^\W\d_]", text):
        raise wrong(
            f"{seen} holds a letter", "Write digits only; look for O instead of 0 and l instead of 1", Why.LETTER
        )
    if not _NUMBER.fullmatch(text):
        raise wrong(
            f"{seen} holds characters that no number has", "Write it as +62 812 3456 7890, with digits 0-9", Why.SIGNS
        )
    return _parsed(text, seen, mobile=mobile)


def _parsed(text: str, seen: str, *, mobile: bool) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) < 7:
        raise wrong(
            f"{seen} is too short for a mobile number", "Emergency and service numbers cannot be written to", Why.SHORT
        )
    if "/" in text or len(digits) > 15:
        raise wrong(
            f"{seen} is too long for one number", "Write one mobile number; a second has no place here", Why.LONG
        )
    try:
        number = phonenumbers.parse(_international(text, digits), "ID")
    except phonenumbers.NumberParseException as error:
        raise wrong(f"{seen} is not a phone number", "Write it as +62 812 3456 7890", Why.IMPOSSIBLE) from error
    if mobile and phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) not in _MOBILE:
        raise wrong(
            f"{seen} is a fixed line, which receives no messages",
            "Write a mobile number, 08... or +628...",
            Why.FIXED_LINE,
        )
    if not phonenumbers.is_valid_number(number):
        raise wrong(
            f"{seen} is not a {'mobile ' if mobile else ''}number that can exist",
            "Count its digits: 08 and 7 to 11 more",
            Why.IMPOSSIBLE,
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _international(text: str, digits: str) -> str:
    """62812... without its plus sign is the same number: no Indonesian national number begins with 62."""
    return f"+{digits}" if digits.startswith("62") and not text.startswith("+") else text


def person(text: str) -> tuple[tuple[Channel, ...], str, str]:
    """Whom somebody looks for: the channels of an address with it, or a name; all empty where it is neither."""
    try:
        if "@" in text:
            return (Channel.EMAIL,), mailbox(text), ""
        if any(sign.isdigit() for sign in text):
            return (Channel.SMS, Channel.WHATSAPP), phone(text), ""
    except PydanticCustomError:
        return (), "", ""
    return (), "", " ".join(text.split())
