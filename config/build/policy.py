"""A policy file: days and times of duties do not cross, named ladders exist, quiet hours end."""

from collections.abc import Iterable
from datetime import timedelta

from config.build import ladder, peace, serving
from config.build.common import among, filled, unrepeated
from config.build.days import anchor
from config.checking import Check
from config.country import country
from config.errors import Path, shown
from config.shapes.days import EVERY_DAY
from config.shapes.policy import AttachmentsShape, DutyShape, PolicyShape
from config.words import iso
from rules.attachments import Limits
from rules.calendar import VOTING_DAY, Anchor
from rules.costs import NONE, Costs, Prices
from rules.desk import Audience
from rules.duties import WEEKDAYS, Days, Duty, Each, Per
from rules.ladder import Ladder, Say
from rules.policy import Aides, Answers, Caps, Delivery, Fade, Keep, Policy, Retain, Storm
from rules.posko import Hours
from rules.two_people import TwoPeople

OF_PROBLEMS = {Audience.OWNER, Audience.HANDLERS, Audience.GIVER}
OF_REPORTS = frozenset({Say.REMINDER, Say.DUE, Say.OVERDUE, Say.WARNING, Say.ESCALATION})
_SHORTEST_LEASE = timedelta(seconds=2)
_NOBODY = Days(Anchor(VOTING_DAY), Anchor(VOTING_DAY))


def build(check: Check[PolicyShape], digest: str) -> Policy:
    shape = check.shape
    filled(check, "duties", "ladders")
    ladders = {code: ladder.build(check, code, own) for code, own in shape.ladders.items()}
    unrepeated(check, ((("duties", n, "code"), d.code) for n, d in enumerate(shape.duties)), "duties")
    duties = tuple(_duty(check, number, duty, ladders) for number, duty in enumerate(shape.duties))
    windows = tuple(peace.window(check, number) for number in range(len(shape.quiet_hours)))
    peace.nights_end(check, windows)
    delivery = shape.delivery
    for path, span in _spans(shape):
        if span <= timedelta(0):
            check.bad(path, f"{iso(span)} is no time at all", "Write a duration above nothing, such as PT2M")
    _lease(check, delivery.lease)
    return Policy(
        code=shape.policy,
        duties=duties,
        ladders=ladders,
        problems=serving.problems(check, ladders),
        quiet=windows,
        caps=Caps(dict(shape.caps_per_day)),
        delivery=Delivery(
            tuple(delivery.retry_after),
            delivery.lease,
            delivery.doubt,
            delivery.merge_within,
            dict(delivery.settle_every),
            tuple(delivery.probe_after),
            delivery.down_for,
            delivery.gather_within,
            delivery.gather_above,
            dict(delivery.settle_in_burst),
        ),
        receipt_by=tuple(shape.receipt_by),
        tasks=serving.tasks(check, ladders),
        advice=serving.advice(check, ladders),
        trips=serving.trips(check, ladders),
        aides=Aides(tuple(dict.fromkeys(shape.aides.by))) if shape.aides else None,
        attachments=_limits(shape.attachments),
        per_minute={channel: rate.per_minute for channel, rate in shape.rate.items()},
        release_per_minute=shape.release_per_minute,
        storm=_storm(check),
        keep=_keep(check),
        retain=_retain(check),
        answers=Answers(shape.answers.per_hour, shape.answers.per_day),
        closed_days=peace.closed_days(check, ladders),
        fades=_fades(check),
        silence=serving.silence(check, ladders),
        summaries=serving.summaries(check, ladders),
        opens=serving.opens(check),
        roll_call=serving.roll_call(check, ladders),
        gates=serving.gates(check, ladders),
        posko=_posko(check),
        two_people=_two_people(check),
        costs=_costs(check),
        digest=digest,
    )


def _posko(check: Check[PolicyShape]) -> Hours | None:
    shape = check.shape.posko
    if shape is not None and shape.ends <= shape.begins:
        check.bad(("posko", "until"), f"{shape.ends:%H.%M} does not come after `from`", "Look whether they are crossed")
    return Hours(shape.days, shape.begins, shape.ends) if shape else None


def _two_people(check: Check[PolicyShape]) -> TwoPeople | None:
    shape = check.shape.two_people
    return TwoPeople(shape.above, shape.within) if shape else None


def _costs(check: Check[PolicyShape]) -> Costs:
    shape = check.shape.costs
    if shape is None:
        return NONE
    known = country().carriers
    for channel, own in shape.prices.items():
        for code in own.by_carrier:
            if code not in known:
                path = ("costs", "prices", channel, "by_carrier", code)
                check.unmeant(path, f"{shown(code)} is no carrier", f"Write one of {', '.join(known)}")
    if shape.reserve is not None and (shape.budget is None or shape.reserve >= shape.budget):
        check.bad(("costs", "reserve"), "is no part of the budget", "Write less than `budget`")
    prices = {channel: Prices(own.each, dict(own.by_carrier)) for channel, own in shape.prices.items()}
    return Costs(prices, shape.budget, shape.reserve or 0)


def _lease(check: Check[PolicyShape], lease: timedelta) -> None:
    if timedelta(0) < lease < _SHORTEST_LEASE:
        what = f"{iso(lease)} is over before a mail server has answered: nothing would be sent"
        check.unmeant(("delivery", "lease"), what, f"Write {iso(_SHORTEST_LEASE)} or more, such as PT2M")


def _limits(shape: AttachmentsShape) -> Limits:
    return Limits(shape.most, shape.megabytes * 10**6, shape.megapixels * 10**6, shape.position)


def _spans(shape: PolicyShape) -> Iterable[tuple[Path, timedelta]]:
    """Every length that must not be zero, and where it stands."""
    for name in ("retry_after", "probe_after"):
        yield from ((("delivery", name, n), wait) for n, wait in enumerate(getattr(shape.delivery, name)))
    for name in ("lease", "doubt", "merge_within", "down_for", "gather_within", "gather_above"):
        yield ("delivery", name), getattr(shape.delivery, name)
    for name in ("after", "stretch") if shape.silence is not None else ():
        yield ("silence", name), getattr(shape.silence, name)
    if shape.storm is not None:
        yield ("storm", "within"), shape.storm.within
    if shape.two_people is not None:
        yield ("two_people", "within"), shape.two_people.within


def _keep(check: Check[PolicyShape]) -> Keep:
    shape = check.shape.keep
    keep = Keep(shape.links, shape.sessions, shape.files, shape.inbound)
    for name, span in keep._asdict().items():
        if span < timedelta(days=1):
            check.bad(("keep", name), f"{iso(span)} is too short", "Write P1D at least")
    return keep


def _retain(check: Check[PolicyShape]) -> Retain:
    shape = check.shape.retain
    retain = Retain(shape.texts, shape.written, shape.contacts)
    for name, span in retain._asdict().items():
        if span is not None and span < timedelta(days=1):
            check.bad(("retain", name), f"{iso(span)} is too short", "Write P1D at least, or leave it out")
    return retain


def _storm(check: Check[PolicyShape]) -> Storm | None:
    shape = check.shape.storm
    if shape is None:
        return None
    if shape.to_one_office < shape.to_each_on_average:
        what = f"{shape.to_one_office} to one office is less than {shape.to_each_on_average} to each on the average"
        check.bad(("storm", "to_one_office"), what, "Look whether the two are crossed")
    return Storm(shape.within, shape.to_one_office, shape.to_each_on_average)


def _duty(check: Check[PolicyShape], number: int, shape: DutyShape, ladders: dict[str, Ladder]) -> Duty:
    path: Path = ("duties", number)
    if among(check, (*path, "ladder"), shape.ladder, serving.declared(check), "ladder") and shape.ladder in ladders:
        _audiences(check, path, shape, ladders[shape.ladder])
        serving.says(check, (*path, "ladder"), ladders[shape.ladder], OF_REPORTS)
    for before, after in zip(shape.at, shape.at[1:], strict=False):
        if after <= before:
            what = f"{after:%H.%M} does not come after {before:%H.%M}"
            check.bad((*path, "at"), what, "Write each time once, in rising order")
    if shape.opens > timedelta(0):
        check.bad((*path, "opens"), f"{iso(shape.opens)} is after the due time", f"Write -{iso(shape.opens)}")
    if shape.closes <= timedelta(0):
        check.bad(
            (*path, "closes"), f"{iso(shape.closes)} is not after the due time", "Write how long it is chased: P7D"
        )
    if shape.takes and shape.per is not Per.DISTRICT:
        what = f"a duty per {shape.per} takes no report of a level below"
        check.bad((*path, "takes"), what, "Remove it, or write `per: district`")
    _heard(check, path, shape, ladders)
    return Duty(
        code=shape.code,
        name=shape.name,
        form=shape.form,
        per=shape.per,
        days=_days(check, path, shape),
        at=tuple(shape.at),
        ladder=shape.ladder,
        nil=shape.nil,
        on_holiday=shape.on_holiday,
        opens=shape.opens,
        closes=shape.closes,
        each=_each(check, path, shape),
        takes=shape.takes or "",
    )


def _heard(check: Check[PolicyShape], path: Path, shape: DutyShape, ladders: dict[str, Ladder]) -> None:
    """A chase must not be over before its first message."""
    rungs = ladders[shape.ladder].rungs if shape.ladder in ladders else ()
    first = min((rung.at for rung in rungs), default=timedelta(0))
    if timedelta(0) < shape.closes <= first:
        what = f"{iso(shape.closes)} is over before {shown(shape.ladder)} says its first word, at {iso(first)}"
        check.unmeant((*path, "closes"), what, "Let it be chased for longer, or let the ladder begin sooner")


def _each(check: Check[PolicyShape], path: Path, shape: DutyShape) -> tuple[Each, ...]:
    unrepeated(check, (((*path, "each", n, "at"), f"{own.at:%H:%M}") for n, own in enumerate(shape.each)), "times")
    for n, own in enumerate(shape.each):
        among(check, (*path, "each", n, "at"), f"{own.at:%H:%M}", [f"{at:%H:%M}" for at in shape.at], "time")
    return tuple(Each(own.at, own.name, own.form) for own in shape.each)


def _audiences(check: Check[PolicyShape], path: Path, shape: DutyShape, own: Ladder) -> None:
    """A desk has no team and no coordinator; a ladder that chases it tells its secretariat."""
    near = {Audience.REPORTER, Audience.TEAM, Audience.COORDINATOR}
    meant = OF_PROBLEMS | (near if shape.per is Per.DESK else {Audience.SECRETARIAT})
    for audience in own.audiences:
        if audience in meant:
            what = f"{shown(own.code)} tells {audience}, whom a duty per {shape.per} does not have"
            remedy = "Use a ladder that tells " + (
                "secretariat, secretary, chair" if shape.per is Per.DESK else "reporter, team, coordinator, ..."
            )
            check.bad((*path, "ladder"), what, remedy)
            return


def _days(check: Check[PolicyShape], path: Path, shape: DutyShape) -> Days | None:
    forms = [name for name in ("days", "every", "on") if getattr(shape, name) is not None]
    if shape.asked:
        _asked(check, path, shape, forms)
        return None
    if not shape.at:
        check.bad((*path, "at"), "is empty", "Write at least one, or remove it")
    if len(forms) != 1:
        what = f"its days are given by {' and '.join(f'`{form}`' for form in forms)}" if forms else "it has no days"
        check.bad(
            path, what, "Write one of `days: H-7..H-1`, `every: monday` with from and until, or `on: {stage: ...}`"
        )
        return _NOBODY
    if forms == ["every"]:
        return _rhythm(check, path, shape)
    for key, value in (("from", shape.first), ("until", shape.until), ("then_once_more", shape.then_once_more)):
        if value:
            check.bad((*path, key), f"goes with `every`, not with `{forms[0]}`", "Remove it")
    if shape.days is not None:
        return Days(*shape.days)
    assert shape.on is not None
    only = anchor(check, (*path, "on"), shape.on)
    return Days(only, only)


def _asked(check: Check[PolicyShape], path: Path, shape: DutyShape, forms: list[str]) -> None:
    if shape.per is not Per.DESK:
        check.bad((*path, "asked"), f"only the desk is asked for a report, not each {shape.per}", "Write `per: desk`")
    if shape.opens >= timedelta(0):
        check.bad((*path, "opens"), "it would be due at once", "Write how long it takes from being asked: -PT4H")
    for name in (*forms, *(["at"] if shape.at else [])):
        check.bad((*path, name), "does not go with `asked`", "Remove it")


def _rhythm(check: Check[PolicyShape], path: Path, shape: DutyShape) -> Days:
    if shape.first is None or shape.until is None:
        key = "from" if shape.first is None else "until"
        check.bad(path, f"`every` has no `{key}`", f"Add `{key}:`, such as start, H+8 or {{stage: ..., edge: end}}")
        return _NOBODY
    first, last = anchor(check, (*path, "from"), shape.first), anchor(check, (*path, "until"), shape.until)
    if (first.role, first.edge) == (last.role, last.edge) and last.days < first.days:
        check.bad((*path, "until"), "comes before `from`", "Look whether the two are crossed")
    weekday = None if shape.every == EVERY_DAY else WEEKDAYS.index(shape.every or "")
    return Days(first, last, weekday, shape.then_once_more)


def _fades(check: Check[PolicyShape]) -> tuple[Fade, ...]:
    """The last entry must fit every day, so that each day has an answer."""
    fades = tuple(Fade(own.after, own.days) for own in check.shape.fades)
    for number, own in enumerate(fades):
        if own.after <= timedelta(0):
            check.bad(("fades", number, "after"), f"{iso(own.after)} is no time at all", "Write one such as PT5H")
    if fades and fades[-1].days is not None:
        check.bad(("fades", len(fades) - 1), "leaves out all other days", "Add a last one without `days`")
    if any(own.days is None for own in fades[:-1]):
        check.bad(("fades",), "one without `days` hides those after it", "Put it last")
    return fades or (Fade(timedelta(days=10)),)
