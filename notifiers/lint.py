"""Checks every text before anybody gets it: each office, duty and rung, with the longest possible values."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from jinja2 import UndefinedError

from notifiers import gsm7
from notifiers.facts import Facts, Item, Text
from notifiers.render import SMS_LINK, SUBJECT_SIZE, Renderer
from rules import gsm
from rules.advice import Sort, Stage
from rules.desk import Channel, Desk, Office
from rules.duties import Per
from rules.issues import RESTRICTED
from rules.ladder import Say
from rules.moot import DECIDED
from rules.policy import Policy
from rules.tasks import REMEDIES

BLAME = ("lalai", "terlambat", "sanksi", "gagal", "anda")
"""Words that reproach. Whole words, in any case."""

NAME_SIZE = 20

_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
_DUE_AT = datetime(2024, 12, 25, 3, tzinfo=UTC)
"""A Wednesday of two-figure days and months, in December: among the longest dates there are."""

_LINK = "https://desk.example/l/".ljust(SMS_LINK, "x")
"""The longest link. `fitting.losses` says what a desk's own address does to its texts."""
_ELECTION = "Pilkada 2024"
"""An election is always named, as if the desk worked on several: without it a text is only shorter."""
_DETAIL = "Rahasia Perkara"
_SEVERITY = "sangat rawan"
_KINDS = {"P": "a problem", "S": "a task", "A": "an advice", "M": "an invitation"}
_TEXT = "Rahasia arahan"
_FIGURE = "belum siap: 199 dari 200; belum ada yang lewat waktu; apel kontak belum dijawab: 199 dari 200"
_TODO = max(REMEDIES.values(), key=len)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that may be said, and what it is said about."""

    say: Say
    what: str
    letter: str = "R"
    """R a report, P a problem, S a task, A an advice, M an invitation to a meeting."""

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

    Each line names the desk, the office, what is said and the channel. A fault that many offices of a desk share is
    reported once, for the first.
    """
    texts = renderer or Renderer()
    reproach = re.compile(rf"\b(?:{'|'.join(map(re.escape, blame))})\b", re.IGNORECASE)
    cases = sorted({case for policy in policies for case in _cases(policy)}, key=str)
    return [line for desk in desks for line in _of_desk(desk, cases, texts, reproach)]


_ALWAYS = {
    Say.RECEIVED,
    Say.SURE,
    Say.DECLARED,
    Say.DROPPED,
    Say.AMENDED,
    Say.RETURNED,
    Say.NOBODY,
    Say.SIGN_IN,
    *DECIDED,
}
"""What may be said about a report whatever its ladder."""


_APPROVING = frozenset({Say.APPROVAL, Say.APPROVED, Say.SENT_BACK})
"""What may be said about the desk's own report, whatever its ladder."""

_WITHOUT_LINK = {Say.RECEIVED, Say.DROPPED, Say.WITHDRAWN, Say.WAIVED, Say.SUBMISSION}
"""What asks for nothing."""


_OF_ADVICE = (Say.ADVICE, Say.WITHDRAWN, Say.NOBODY)
_AMONG_OFFICES = (("A", _OF_ADVICE), ("M", _OF_ADVICE), ("C", (Say.ROLL_CALL, Say.NOBODY)), ("L", (Say.TRIP,)))
"""By letter of the number, what may be said of what offices are given, and of what they are asked about themselves."""


def _cases(policy: Policy) -> Iterator[Case]:
    for duty in policy.duties:
        more = _APPROVING if duty.per is Per.DESK else frozenset()
        for say in {rung.say for rung in policy.ladders[duty.ladder].rungs} | _ALWAYS | more:
            yield Case(say, duty.name)
    for ladder in set(policy.problems.values()):
        for say in {rung.say for rung in policy.ladders[ladder].rungs} | {Say.RECEIVED, Say.RESOLVED, Say.NOBODY}:
            yield Case(say, _DETAIL, "P")
    if policy.tasks:
        yield Case(Say.TASK, _DETAIL, "S")
    for letter, says in _AMONG_OFFICES:
        if {"C": policy.roll_call, "L": policy.trips}.get(letter, policy.advice):
            yield from (Case(say, _DETAIL, letter) for say in says)
    if policy.aides:
        yield Case(Say.AIDE, max((duty.name for duty in policy.reporting), key=len, default=_DETAIL))
    if policy.silence:
        yield Case(Say.SILENCE, _DETAIL, "S")
    if policy.gates:
        yield Case(Say.GATE, _DETAIL, "G")
    if policy.summaries:
        yield Case(Say.SUMMARY, _DETAIL, "K")


def _of_desk(desk: Desk, cases: list[Case], texts: Renderer, reproach: re.Pattern[str]) -> Iterator[str]:
    area = max((desk.area_name(district.code) for district in desk.districts), key=len)
    brief = max((desk.brief(district.code) for district in desk.districts), key=len)
    above = max((office.title for office in desk.offices), key=len)
    messages = {zone: list(_messages(cases, (area, brief), above, zone)) for zone in (*_ZONES, *_zones(desk))}
    told: set[tuple[str, str]] = set()
    for office in desk.offices:
        yield from (f"{desk.code}: {office.title}: {wrong}" for wrong in _of_name(office))
        for zone, about in messages.items():
            for place, channel, items in about:
                facts = facts_for(desk, office, items, zone)
                for wrong in _tried(texts, channel, facts, reproach):
                    if (place, wrong) not in told:
                        told.add((place, wrong))
                        yield f"{desk.code}: {office.title}: {place}: {wrong}"


def _zones(desk: Desk) -> Iterator[str]:
    yield from (office.zone for office in desk.offices)
    yield from (district.zone for district in desk.districts)


def _of_name(office: Office) -> Iterator[str]:
    if len(office.sms_name) > NAME_SIZE:
        yield f"sms_name has {len(office.sms_name)} characters, at most {NAME_SIZE} fit"
    if not gsm.BASIC.issuperset(office.sms_name):
        yield "sms_name has characters outside the basic GSM alphabet"


def _messages(
    cases: list[Case], area: tuple[str, str], above: str, zone: str
) -> Iterator[tuple[str, Channel, tuple[Item, ...]]]:
    """Each case as a mail; as an SMS, which does not tell duties apart, once for each thing said."""
    said: set[tuple[Say, str]] = set()
    for case in cases:
        item = replace(longest(case, area[0], above, zone), brief=area[1])
        yield f"{case} by email", Channel.EMAIL, (item,)
        if (case.say, case.letter) not in said:
            said.add((case.say, case.letter))
            for variant, items in _variants(case, item, above):
                if variant:
                    yield f"{variant}{case} by email", Channel.EMAIL, items[-2:]
                yield f"{variant}{case} by sms", Channel.SMS, items


def _variants(case: Case, item: Item, above: str) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Variants of one case: more matters, others' reports, improvements, grave problems."""
    earlier = replace(item, due_at=_DUE_AT - timedelta(days=1))
    yield "", (item,)
    yield "several, ", (item,) * 98 + (earlier,)
    if case.letter == "R":
        yield "returned, ", (replace(item, returned=True),)
        of_another = replace(item, office=above)
        yield "of another, ", (of_another,)
        beside = replace(of_another, area=f"{item.area} Timur", brief=f"{item.place} Timur")
        yield "of two others, ", (of_another, beside)
    if case.letter == "P":
        yield "grave, ", (replace(item, grave=True),)
        yield "of its owner, ", (replace(item, owned=True),)
        yield "restricted, ", (replace(item, area=RESTRICTED, brief="", restricted=True),)
    if case.letter == "C":
        yield "of its owner, ", (replace(item, owned=True),)
    if case.letter in "AM":
        for stage in (Stage.CONFIRMED, Stage.DONE):
            yield f"{stage}, ", (replace(item, stage=stage),)


def longest(case: Case, area: str, above: str, zone: str) -> Item:
    """A matter of the longest code and times there can be."""
    return Item(
        say=case.say,
        code="A-99999-99" if case.letter in "AM" else f"{case.letter}-99999",
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
        by=(above, "W" * NAME_SIZE) if case.say is Say.AIDE else ("", ""),
        warned_at=_DUE_AT,
        todo=_TODO if case.letter == "S" else _TEXT if case.letter in "AM" else None,
        sort={"A": Sort.DIRECTION, "M": Sort.MEETING}.get(case.letter),
        figure=_FIGURE if case.letter == "G" else "",
        stage=Stage.GIVEN if case.letter in "AM" else None,
    )


def facts_for(
    desk: Desk, office: Office, items: tuple[Item, ...], zone: str, *, link: str = _LINK, election: str = _ELECTION
) -> Facts:
    """What `office` is told of `items`."""
    itself = office.code == desk.secretariat
    return Facts(
        brand=desk.brand,
        desk=desk.name,
        office=office.title,
        sms_name=office.sms_name,
        zone=zone,
        say=items[0].say,
        items=items,
        link=link,
        secretariat="" if itself else desk.help,
        call="" if itself else desk.dialled,
        now=_DUE_AT + timedelta(hours=1),
        election=election,
        replies=True,
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


def unsound(text: Text, facts: Facts) -> Iterator[str]:
    """What is wrong with a text message, however long its link is: its parts, alphabet and beginning."""
    if (count := gsm7.segments(text.text)) != 1:
        yield f"{count} segments"
    if outside := set(text.text) - gsm.BASIC:
        yield f"characters outside the basic GSM alphabet: {''.join(sorted(outside))!r}"
    if not text.text.startswith(_beginning(facts)):
        yield "does not begin with the brand"


def _of_sms(text: Text, facts: Facts) -> Iterator[str]:
    yield from unsound(text, facts)
    if facts.say not in _WITHOUT_LINK and not text.text.endswith(_LINK):
        yield "has no room for the link"
    if f"Yth. {facts.sms_name}, " not in text.text:
        yield "has no room for the salutation"
    yield from _details("the text", text.text, facts, grave=facts.items[0].grave)


def _of_mail(text: Text, facts: Facts) -> Iterator[str]:
    if len(text.subject) >= SUBJECT_SIZE:
        yield f"the subject has {len(text.subject)} characters, fewer than {SUBJECT_SIZE} are shown"
    if not text.subject.startswith(_beginning(facts)):
        yield "the subject does not begin with the brand"
    for line in text.text.splitlines():
        if facts.call and "ubungi Sekretariat" in line and facts.call not in line:
            yield "names the secretariat, and no number to call"
    yield from _details("the subject", text.subject, facts)


def _beginning(facts: Facts) -> str:
    return f"{facts.brand}, {facts.election}: " if facts.election else f"{facts.brand}: "


def _details(place: str, words: str, facts: Facts, *, grave: bool = False) -> Iterator[str]:
    """The subject of a problem, a task or an advice belongs behind the link, never on a locked screen. A grave one's
    degree may show.
    """
    first = facts.items[0]
    network = first.say is Say.SILENCE  # where one fails is no secret
    hidden = first.problem or (first.task and not network) or first.advice
    place_of_it = "" if first.restricted else first.area
    told = (first.what, place_of_it, None if grave else first.severity, first.todo) if hidden else ()
    for detail in told:
        if detail and detail.lower() in words.lower():
            yield f"{place} tells what the problem is about: {detail!r}"
