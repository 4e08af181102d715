"""Finds the words that a desk's texts leave out for want of room, with its own offices and link address."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from notifiers import render
from notifiers.facts import Item
from notifiers.lint import Case, facts_for, longest, unsound
from rules import access, links, people
from rules.desk import Channel
from rules.duties import level
from rules.ladder import Ladder, Say
from rules.programme import Programme

_NAMED = 3
_ALWAYS = (Say.SURE, Say.DECLARED, Say.AMENDED, Say.EXTENDED, Say.REVOKED, Say.LOST, Say.RETURNED, Say.SIGN_IN)


class Losses(NamedTuple):
    """Which texts leave words out, each with some of the offices; empty: everything fits.

    `bare`: they leave out even the salutation or the link. `wrong`: what is wrong with them otherwise. `filtered`:
    words for which carriers may hold them back.
    """

    words: list[str]
    bare: list[str]
    wrong: list[str]
    filtered: list[str]

    def __str__(self) -> str:
        said = [f"leave out words: {'; '.join(self.words)}"] * bool(self.words)
        said += [f"leave out the salutation or the link: {'; '.join(self.bare)}"] * bool(self.bare)
        said += [f"are wrong: {'; '.join(self.wrong)}"] * bool(self.wrong)
        said += [f"hold words that carriers may hold back: {'; '.join(self.filtered)}"] * bool(self.filtered)
        return "; and ".join(said)

    @property
    def serious(self) -> bool:
        """Whether somebody must look: the rest stays understood."""
        return bool(self.bare or self.wrong)


def losses(programme: Programme, public_url: str, *, several: bool = False) -> Losses:
    """Every text that an office may get by its policy, with the longest code and time.

    Args:
        several: the desk works on other elections too, so that texts name this one.
    """
    texts, desk = render.own(), programme.desk
    link = links.address(public_url, "x" * links.SIZE)
    election = programme.election.short if several else ""
    lost = Losses([], [], [], [])
    wrong: dict[str, set[str]] = defaultdict(set)
    filtered: dict[str, set[str]] = defaultdict(set)
    shortened: dict[tuple[Say, bool], set[str]] = defaultdict(set)
    for code, item in _heard(programme):
        office = desk.office(code)
        facts = facts_for(desk, office, (item,), office.zone, link=link, election=election)
        text = texts.sms(facts)
        for fault in unsound(text, facts):
            wrong[f"{item.say} {fault}"].add(office.sms_name)
        for word in programme.country.filtered(text.text.removesuffix(link)):
            filtered[word].add(office.sms_name)
        if text.lost:
            whole = f"Yth. {office.sms_name}, " in text.text and text.text.endswith(link)
            shortened[item.say, whole].add(office.sms_name)
    for (say, whole), names in sorted(shortened.items()):
        (lost.words if whole else lost.bare).append(f"{say} to {_some(sorted(names))}")
    lost.wrong.extend(f"{fault}, to {_some(sorted(names))}" for fault, names in sorted(wrong.items()))
    lost.filtered.extend(f"{word} to {_some(sorted(names))}" for word, names in sorted(filtered.items()))
    return lost


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _heard(programme: Programme) -> Iterator[tuple[str, Item]]:
    """Everything that offices are told by text: for each place and rung, and whatever the ladder."""
    desk, policy = programme.desk, programme.policy
    problems = {policy.ladders[name] for name in policy.problems.values()}
    for place in access.places(desk):
        reporter = people.owing(desk, place)[0]
        reports = {policy.ladders[duty.ladder] for duty in policy.duties if duty.per is level(desk, place)}
        told = [(reporter, say, "R") for say in _ALWAYS] if reports else []
        for letter, ladders in (("R", reports), ("P", problems)):
            told += [(office, say, letter) for ladder in ladders for say, office in _told(programme, ladder, place)]
        for office, say, letter in dict.fromkeys(told):
            problem = letter == "P"
            item = longest(Case(say, "", letter), desk.area_name(place), "", desk.zone_of(place))
            item = replace(item, brief=desk.brief(place))
            yield office, replace(item, office=None if problem or office == reporter else reporter, grave=problem)


def _told(programme: Programme, ladder: Ladder, place: str) -> Iterator[tuple[Say, str]]:
    circle = people.circle(programme.desk, place, {}, late=True)
    for rung in ladder.rungs:
        if Channel.SMS in rung.by:
            yield from ((rung.say, recipient.office) for recipient in circle[rung.tell])
