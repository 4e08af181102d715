"""Which ladders serve problems, tasks, advice, trips, silences, summaries and what the system opens by itself."""

from collections.abc import Collection
from datetime import timedelta

from config.build.common import among
from config.build.days import anchor
from config.checking import Check
from config.errors import Path, shown
from config.shapes.policy import PolicyShape
from config.words import iso
from rules.advice import LONGEST
from rules.desk import Audience, Channel
from rules.gates import LASTS, Gates
from rules.issues import Category
from rules.ladder import Ladder, Say
from rules.opening import Opens
from rules.policy import AdviceLadders, Severity, Tasks, Trips
from rules.rollcalls import RollCalls
from rules.silence import Silence
from rules.summary import Evening, Summaries

_OF_THE_DESK = (Audience.SECRETARIAT, Audience.SECRETARY, Audience.CHAIR)


def problems(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> dict[Severity, str]:
    by_severity = {severity: str(getattr(check.shape.problems, severity)) for severity in Severity}
    for severity, code in by_severity.items():
        path = ("problems", severity)
        if among(check, path, code, declared(check), "ladder") and code in ladders:
            from_its_beginning(check, path, ladders[code], "problem")
            says(check, path, ladders[code], frozenset({Say.PROBLEM}))
    return by_severity


def says(check: Check[PolicyShape], path: Path, ladder: Ladder, words: frozenset[Say]) -> None:
    """What is said of a problem makes no sense of a report, and the other way round."""
    wrong = [rung for rung in ladder.rungs if rung.say not in words]
    if wrong:
        what = f"{shown(ladder.code)} says {wrong[0].say} to {wrong[0].tell}"
        check.unmeant(path, what, f"Let its rungs say {', '.join(sorted(words))}")


def from_its_beginning(check: Check[PolicyShape], path: Path, ladder: Ladder, of: str) -> None:
    early = [rung for rung in ladder.rungs if rung.at < timedelta(0)]
    if early:
        what = f"{ladder.code} has a rung at {iso(early[0].at)}: before the {of} is there"
        check.bad(path, what, f"Let the ladder of a {of} begin at PT0S")


def tasks(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> Tasks | None:
    """The secretariat's tasks are told to it and to those above it, in their own words."""
    shape = check.shape.tasks
    if shape is None:
        return None
    for key, code in (("ladder", shape.ladder), ("urgent", shape.urgent)):
        path: Path = ("tasks", key)
        if not among(check, path, code, declared(check), "ladder") or code not in ladders:
            continue
        from_its_beginning(check, path, ladders[code], "task")
        wrong = [r for r in ladders[code].rungs if r.say is not Say.TASK or r.tell not in _OF_THE_DESK]
        if wrong:
            what = f"{shown(code)} says {wrong[0].say} to {wrong[0].tell}"
            check.bad(path, what, "Let its rungs say task, to secretariat, secretary, chair")
    return Tasks(shape.ladder, shape.urgent)


_BY_ADVICE = {
    "given": (Audience.OWNER, Audience.GIVER, Audience.SECRETARY, Audience.CHAIR),
    "done": (Audience.GIVER,),
    "meeting": (Audience.OWNER,),
}
"""Whom the ladders of an advice may tell."""


def advice(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> AdviceLadders | None:
    """What is given is told at once, whatever its due time; a meeting is asked about until it begins."""
    shape = check.shape.advice
    if shape is None:
        return None
    named = AdviceLadders(shape.given, shape.done, shape.meeting)
    for key, code in named._asdict().items():
        path: Path = ("advice", key)
        if not among(check, path, code, declared(check), "ladder") or code not in ladders:
            continue
        says(check, path, ladders[code], frozenset({Say.ADVICE}))
        _told_to(check, path, ladders[code], _BY_ADVICE[key])
        if key == "done":
            from_its_beginning(check, path, ladders[code], "word that it was done")
        elif not any(rung.at <= -LONGEST for rung in ladders[code].rungs):
            what = f"{shown(code)} says its first word at {iso(ladders[code].rungs[0].at)}"
            check.bad(path, what, f"Let it begin at -P{LONGEST.days}D, so that what is given is told at once")
    return named


def trips(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> Trips | None:
    """Whoever went is asked for it, and nobody above."""
    shape = check.shape.trips
    if shape is None:
        return None
    path: Path = ("trips", "ladder")
    if among(check, path, shape.ladder, declared(check), "ladder") and shape.ladder in ladders:
        from_its_beginning(check, path, ladders[shape.ladder], "question")
        says(check, path, ladders[shape.ladder], frozenset({Say.TRIP}))
        _told_to(check, path, ladders[shape.ladder], (Audience.OWNER,))
    return Trips(shape.form, shape.ladder, shape.asked_at)


def _told_to(check: Check[PolicyShape], path: Path, ladder: Ladder, meant: Collection[Audience]) -> None:
    wrong = [rung.tell for rung in ladder.rungs if rung.tell not in meant]
    if wrong:
        what = f"{shown(ladder.code)} tells {wrong[0]}, whom it cannot mean here"
        check.bad(path, what, f"Let it tell {', '.join(meant)}")


def silence(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> Silence | None:
    """It is told to whoever coordinates the districts, in its own words, and to nobody further down."""
    shape = check.shape.silence
    if shape is None:
        return None
    for number, duty in enumerate(shape.duties):
        among(check, ("silence", "duties", number), duty, check.declared("duties"), "duty")
    if shape.districts < 2:
        check.bad(("silence", "districts"), "one district has no neighbour in it", "Write 2 or more")
    path: Path = ("silence", "ladder")
    if among(check, path, shape.ladder, declared(check), "ladder") and shape.ladder in ladders:
        from_its_beginning(check, path, ladders[shape.ladder], "silence")
        says(check, path, ladders[shape.ladder], frozenset({Say.SILENCE}))
    return Silence(frozenset(shape.duties), shape.after, shape.districts, shape.stretch, shape.ladder)


def summaries(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> Summaries | None:
    """It is told by mail, once, to whoever leads: a text has no room for it."""
    shape = check.shape.summary
    if shape is None:
        return None
    path: Path = ("summary", "ladder")
    if among(check, path, shape.ladder, declared(check), "ladder") and shape.ladder in ladders:
        ladder = ladders[shape.ladder]
        from_its_beginning(check, path, ladder, "summary")
        says(check, path, ladder, frozenset({Say.SUMMARY}))
        rung = ladder.rungs[0]
        if len(ladder.rungs) > 1 or rung.tell not in _LEADING or rung.by != (Channel.EMAIL,):
            what = f"{shown(ladder.code)} is not one mail to whoever leads"
            check.bad(path, what, "Let it have one rung: tell: chair (or secretary), by: [email]")
    return Summaries(shape.ladder, tuple(Evening(own.at, own.days) for own in shape.evenings))


def roll_call(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> RollCalls | None:
    """Whoever is asked hears first; whoever coordinates it hears who did not answer."""
    shape = check.shape.roll_call
    if shape is None:
        return None
    for name in ("lasts", "stale_after"):
        if getattr(shape, name) <= timedelta(0):
            what = f"{iso(getattr(shape, name))} is no time at all"
            check.bad(("roll_call", name), what, "Write a duration above nothing, such as P10D")
    path: Path = ("roll_call", "ladder")
    if among(check, path, shape.ladder, declared(check), "ladder") and shape.ladder in ladders:
        own = ladders[shape.ladder]
        from_its_beginning(check, path, own, "roll call")
        says(check, path, own, frozenset({Say.ROLL_CALL}))
        _told_to(check, path, own, (Audience.OWNER, Audience.COORDINATOR, Audience.SECRETARY))
        if own.rungs[0].tell is not Audience.OWNER:
            check.bad(path, f"{shown(shape.ladder)} begins with {own.rungs[0].tell}", "Ask the office itself first")
        if own.rungs[-1].at >= shape.lasts > timedelta(0):
            what = f"its last rung, {iso(own.rungs[-1].at)}, comes when nobody is asked any more"
            check.bad(("roll_call", "lasts"), what, "Let it last longer than its ladder")
    days = tuple(
        anchor(check, ("roll_call", "days", number), day, working=False) for number, day in enumerate(shape.days)
    )
    return RollCalls(days, shape.at, shape.ladder, shape.lasts, shape.stale_after)


def gates(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> Gates | None:
    """It is told to those who lead the desk, and each of its days is whole days before."""
    shape = check.shape.gates
    if shape is None:
        return None
    for number, before in enumerate(shape.before):
        if before <= timedelta(0) or before % timedelta(days=1):
            check.bad(("gates", "before", number), f"{iso(before)} is not whole days", "Write such as P14D")
    path: Path = ("gates", "ladder")
    if among(check, path, shape.ladder, declared(check), "ladder") and shape.ladder in ladders:
        own = ladders[shape.ladder]
        from_its_beginning(check, path, own, "gate")
        says(check, path, own, frozenset({Say.GATE}))
        _told_to(check, path, own, _OF_THE_DESK)
        if own.rungs[-1].at >= LASTS:
            what = f"its last rung, {iso(own.rungs[-1].at)}, comes when nobody is told any more"
            check.bad(path, what, f"Let it end before {iso(LASTS)}")
    return Gates(tuple(shape.before), shape.at, shape.ladder)


_LEADING = (Audience.SECRETARY, Audience.CHAIR)


def opens(check: Check[PolicyShape]) -> Opens:
    shape = check.shape.opens
    if shape is None:
        return Opens()
    silent = shape.silent
    for duty, after in silent.after.items() if silent else ():
        path: Path = ("opens", "silent", "after", duty)
        among(check, path, duty, check.declared("duties"), "duty")
        if after <= timedelta(0):
            check.bad(path, f"{iso(after)} is no time at all", "Write a duration above nothing, such as P3D")
    for duty in shape.asks_after_nil:
        among(check, ("opens", "asks_after_nil", duty), duty, check.declared("duties"), "duty")
    if silent:
        among(check, ("opens", "silent", "category"), silent.category, list(Category), "category")
        among(check, ("opens", "silent", "severity"), silent.severity, list(Severity), "severity")
    return Opens(
        silent_after=dict(silent.after) if silent else {},
        category=silent.category if silent else Opens().category,
        severity=silent.severity if silent else Opens().severity,
        incidents=shape.nil_beside or 0,
        nil_times=dict(shape.asks_after_nil),
    )


def declared(check: Check[PolicyShape]) -> set[str]:
    return set(check.written_keys("ladders"))
