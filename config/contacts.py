"""Mail addresses and mobile numbers as people type them: one plain address, one number in E.164, or a refusal.

A message must never go to another number than the one written: what could be two numbers is refused.
"""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from config.errors import masked, shown
from config.words import line, written, wrong


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


_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]")
_NUMBER = re.compile(r"\+?[\d\s.()/-]+", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def email(value: object) -> str:
    """One plain mailbox (RFC 5321, 4.1.2), without quotes, comments or a display name; the domain in small letters."""
    text = line(value, longest=320)
    local, at, domain = text.rpartition("@")
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
        raise wrong(f"{shown(text)} is no address", "Write it as nama@instansi.go.id, in plain letters", Why.NO_MAILBOX)
    return f"{local}@{domain.lower()}"


def phone(value: object) -> str:
    """A mobile number in E.164; without a country code it is Indonesian."""
    text = _UNSEEN.sub("", written(value, "a number")).strip().removeprefix("'").strip()
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
            f"{seen} holds signs that no number has", "Write it as +62 812 3456 7890, with digits 0-9", Why.SIGNS
        )
    return _parsed(text, seen)


def _parsed(text: str, seen: str) -> str:
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
        raise wrong(f"{seen} is no phone number", "Write it as +62 812 3456 7890", Why.IMPOSSIBLE) from error
    if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) not in _MOBILE:
        raise wrong(
            f"{seen} is a fixed line, which receives no messages",
            "Write a mobile number, 08... or +628...",
            Why.FIXED_LINE,
        )
    if not phonenumbers.is_valid_number(number):
        raise wrong(
            f"{seen} is no mobile number that can exist", "Count its digits: 08 and 7 to 11 more", Why.IMPOSSIBLE
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _international(text: str, digits: str) -> str:
    """62812... without its plus sign is the number with it: no Indonesian national number begins with 62."""
    return f"+{digits}" if digits.startswith("62") and not text.startswith("+") else text
