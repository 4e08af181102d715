"""Reads every text before anybody gets it: each office, duty and rung, with the longest values there can be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from jinja2 import UndefinedError

from notifiers import gsm7
from notifiers.facts import Facts, Item, Text
from notifiers.render import SMS_LINK, Renderer
from rules.desk import Channel, Desk, Office
from rules.ladder import Say
from rules.policy import Policy
from rules.tasks import REMEDIES

BLAME = ("lalai", "terlambat", "sanksi", "gagal", "anda")
"""Words that reproach. Whole words, in any case."""

SUBJECT_SIZE = 78
NAME_SIZE = 20

_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
_DUE_AT = datetime(2024, 12, 25, 3, tzinfo=UTC)
"""A Wednesday of two-figure days and months, in December: among the longest dates there are."""

_LINK = "https://desk.example/l/".ljust(SMS_LINK, "x")
_SECRETARIAT = "Sekretariat Desk, telepon +62 820 0000 000"
_DETAIL = "Rahasia Perkara"
_SEVERITY = "sangat rawan"
_KINDS = {"P": "a problem", "S": "a task"}
_TODO = max(REMEDIES.values(), key=len)


@dataclass(frozen=True, slots=True)
class _Case:
    """One thing that may be said, and what it is said about."""

    say: Say
    what: str
    letter: str = "R"
    """How its code begins: R a report, P a problem, S a task."""

    def __str__(self) -> str:
        return f"{self.say} of {_KINDS.get(self.letter, self.what)}"


def findings(
    desks: Iterable[Desk],
    policies: Iterable[Policy],
    *,
    blame: Iterable[str] = BLAME,
    renderer: Renderer | None = None,
) -> list[str]:
    """What is wrong with the texts these desks would send under these policies; empty when nothing is.

    Each line names the desk, the office, what is said and by which channel. What is wrong for many offices of a
    desk in the same way is told of the first.
    """
    texts = renderer or Renderer()
    reproach = re.compile(rf"\b(?:{'|'.join(map(re.escape, blame))})\b", re.IGNORECASE)
    cases = sorted({case for policy in policies for case in _cases(policy)}, key=str)
    return [line for desk in desks for line in _of_desk(desk, cases, texts, reproach)]


_ALWAYS = {Say.RECEIVED, Say.DROPPED, Say.AMENDED, Say.RETURNED, Say.NOBODY, Say.SIGN_IN}
"""What may be said of a report whatever its ladder."""


_WITHOUT_LINK = {Say.RECEIVED, Say.DROPPED}
"""What asks for nothing."""


def _cases(policy: Policy) -> Iterator[_Case]:
    for duty in policy.duties:
        for say in {rung.say for rung in policy.ladders[duty.ladder].rungs} | _ALWAYS:
            yield _Case(say, duty.name)
    for ladder in set(policy.problems.values()):
        for say in {rung.say for rung in policy.ladders[ladder].rungs} | {Say.RECEIVED, Say.NOBODY}:
            yield _Case(say, _DETAIL, "P")
    if policy.tasks:
        yield _Case(Say.TASK, _DETAIL, "S")


def _of_desk(desk: Desk, cases: list[_Case], texts: Renderer, reproach: re.Pattern[str]) -> Iterator[str]:
    area = f"Kecamatan {max((district.name for district in desk.districts), key=len)}"
    above = max((office.title for office in desk.offices), key=len)
    messages = {zone: list(_messages(cases, area, above, zone)) for zone in (*_ZONES, *_zones(desk))}
    told: set[tuple[str, str]] = set()
    for office in desk.offices:
        yield from (f"{desk.code}: {office.title}: {wrong}" for wrong in _of_name(office))
        for zone, about in messages.items():
            for place, channel, items in about:
                for wrong in _tried(texts, channel, _facts(desk, office, items, zone), reproach):
                    if (place, wrong) not in told:
                        told.add((place, wrong))
                        yield f"{desk.code}: {office.title}: {place}: {wrong}"


def _zones(desk: Desk) -> Iterator[str]:
    yield from (office.zone for office in desk.offices)
    yield from (district.zone for district in desk.districts)


def _of_name(office: Office) -> Iterator[str]:
    if len(office.sms_name) > NAME_SIZE:
        yield f"sms_name has {len(office.sms_name)} signs, at most {NAME_SIZE} fit"
    if not gsm7.BASIC.issuperset(office.sms_name):
        yield "sms_name has signs outside the basic GSM alphabet"


def _messages(cases: list[_Case], area: str, above: str, zone: str) -> Iterator[tuple[str, Channel, tuple[Item, ...]]]:
    """Each case as a mail; as an SMS, which does not tell duties apart, once for each thing said."""
    said: set[tuple[Say, str]] = set()
    for case in cases:
        item = _item(case, area, above, zone)
        yield f"{case} by email", Channel.EMAIL, (item,)
        if (case.say, case.letter) not in said:
            said.add((case.say, case.letter))
            earlier = replace(item, due_at=_DUE_AT - timedelta(days=1))
            yield f"several, {case} by email", Channel.EMAIL, (item, earlier)
            yield f"{case} by sms", Channel.SMS, (item,)
            yield f"several, {case} by sms", Channel.SMS, (item,) * 98 + (earlier,)
            if case.letter == "R":
                yield f"returned, {case} by email", Channel.EMAIL, (replace(item, returned=True),)
                yield f"returned, {case} by sms", Channel.SMS, (replace(item, returned=True),)


def _item(case: _Case, area: str, above: str, zone: str) -> Item:
    return Item(
        say=case.say,
        code=f"{case.letter}-99999",
        what=case.what,
        area=area,
        due_at=_DUE_AT,
        zone=zone,
        period=None if case.letter != "R" else (date(2024, 12, 18), date(2024, 12, 25)),
        above=above,
        above_at=_DUE_AT + timedelta(minutes=90),
        severity=_SEVERITY if case.letter == "P" else None,
        received_at=_DUE_AT,
        receipt="T-9999999",
        warned_at=_DUE_AT,
        todo=_TODO if case.letter == "S" else None,
    )


def _facts(desk: Desk, office: Office, items: tuple[Item, ...], zone: str) -> Facts:
    return Facts(
        brand=desk.brand,
        desk=desk.name,
        office=office.title,
        sms_name=office.sms_name,
        zone=zone,
        say=items[0].say,
        items=items,
        link=_LINK,
        secretariat=_SECRETARIAT,
        now=_DUE_AT + timedelta(hours=1),
    )


def _tried(texts: Renderer, channel: Channel, facts: Facts, reproach: re.Pattern[str]) -> Iterator[str]:
    try:
        text = texts.render(channel, facts)
    except UndefinedError as error:
        yield f"a fact nobody declared: {error.message}"
        return
    yield from _of_sms(text, facts) if channel is Channel.SMS else _of_mail(text, facts)
    for part in (text.subject, text.text):  # the HTML is made of the same words
        if word := reproach.search(part):
            yield f"reproaches: {word.group()!r}"


def _of_sms(text: Text, facts: Facts) -> Iterator[str]:
    if (count := gsm7.segments(text.text)) != 1:
        yield f"{count} segments"
    if outside := set(text.text) - gsm7.BASIC:
        yield f"signs outside the basic GSM alphabet: {''.join(sorted(outside))!r}"
    if not text.text.startswith(f"{facts.brand}: "):
        yield "does not begin with the brand"
    if facts.say not in _WITHOUT_LINK and not text.text.endswith(_LINK):
        yield "has no room for the link"
    yield from _details("the text", text.text, facts)


def _of_mail(text: Text, facts: Facts) -> Iterator[str]:
    if len(text.subject) >= SUBJECT_SIZE:
        yield f"the subject has {len(text.subject)} signs, fewer than {SUBJECT_SIZE} are shown"
    if not text.subject.startswith(f"{facts.brand}: "):
        yield "the subject does not begin with the brand"
    yield from _details("the subject", text.subject, facts)


def _details(place: str, words: str, facts: Facts) -> Iterator[str]:
    """What a problem or a task is about belongs behind the link, never on a locked screen."""
    first = facts.items[0]
    told = [detail for detail in (first.what, first.area, first.severity) if detail and (first.problem or first.task)]
    for detail in told:
        if detail.lower() in words.lower():
            yield f"{place} tells what the problem is about: {detail!r}"
