"""A policy file: duties whose days and times do not cross, ladders that exist, nights that end."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from config.build import ladder
from config.build.common import among, filled, unrepeated
from config.checking import Check
from config.errors import Path, shown
from config.shapes.days import EVERY_DAY, StageDayShape
from config.shapes.policy import AttachmentsShape, DutyShape, PolicyShape
from config.words import iso
from rules.attachments import Limits
from rules.calendar import VOTING_DAY, Anchor
from rules.desk import Audience
from rules.duties import WEEKDAYS, Days, Duty, Per
from rules.ladder import Ladder, Say
from rules.policy import Caps, Delivery, Keep, Policy, Severity, Storm, Tasks
from rules.quiet import ClosedDays, Window

_OF_THE_DESK = (Audience.SECRETARIAT, Audience.SECRETARY, Audience.CHAIR)
_NOBODY = Days(Anchor(VOTING_DAY), Anchor(VOTING_DAY))


def build(check: Check[PolicyShape], digest: str) -> Policy:
    shape = check.shape
    filled(check, "duties", "ladders")
    ladders = {code: ladder.build(check, code, own) for code, own in shape.ladders.items()}
    unrepeated(check, ((("duties", n, "code"), d.code) for n, d in enumerate(shape.duties)), "duties")
    duties = tuple(_duty(check, number, duty, ladders) for number, duty in enumerate(shape.duties))
    windows = tuple(_window(check, number) for number in range(len(shape.quiet_hours)))
    _nights_end(check, windows)
    delivery = shape.delivery
    for path, span in _spans(shape):
        if span <= timedelta(0):
            check.bad(path, f"{iso(span)} is no time at all", "Write a duration above nothing, such as PT2M")
    return Policy(
        code=shape.policy,
        duties=duties,
        ladders=ladders,
        problems=_problems(check, ladders),
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
        ),
        receipt_by=tuple(shape.receipt_by),
        tasks=_tasks(check, ladders),
        attachments=_limits(shape.attachments),
        per_minute={channel: rate.per_minute for channel, rate in shape.rate.items()},
        release_per_minute=shape.release_per_minute,
        storm=_storm(check),
        keep=_keep(check),
        closed_days=_closed_days(check, ladders),
        digest=digest,
    )


def _limits(shape: AttachmentsShape) -> Limits:
    return Limits(shape.most, shape.megabytes * 10**6, shape.megapixels * 10**6, shape.position)


def _spans(shape: PolicyShape) -> Iterable[tuple[Path, timedelta]]:
    """Every length that must be one, and where it stands."""
    for name in ("retry_after", "probe_after"):
        yield from ((("delivery", name, n), wait) for n, wait in enumerate(getattr(shape.delivery, name)))
    for name in ("lease", "doubt", "merge_within", "down_for"):
        yield ("delivery", name), getattr(shape.delivery, name)
    if shape.storm is not None:
        yield ("storm", "within"), shape.storm.within


def _keep(check: Check[PolicyShape]) -> Keep:
    shape = check.shape.keep
    keep = Keep(shape.links, shape.sessions, shape.files)
    for name, span in keep._asdict().items():
        if span < timedelta(days=1):
            check.bad(("keep", name), f"{iso(span)} is too short", "Write P1D at least")
    return keep


def _storm(check: Check[PolicyShape]) -> Storm | None:
    shape = check.shape.storm
    if shape is None:
        return None
    if shape.to_one_office < shape.to_each_on_average:
        what = f"{shape.to_one_office} to one office is less than {shape.to_each_on_average} to each on the average"
        check.bad(("storm", "to_one_office"), what, "Look whether the two are crossed")
    return Storm(shape.within, shape.to_one_office, shape.to_each_on_average)


def _problems(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> dict[Severity, str]:
    found = {severity: str(getattr(check.shape.problems, severity)) for severity in Severity}
    for severity, code in found.items():
        path = ("problems", severity)
        if among(check, path, code, _declared(check), "ladder") and code in ladders:
            _from_its_beginning(check, path, ladders[code], "problem")
    return found


def _from_its_beginning(check: Check[PolicyShape], path: Path, ladder: Ladder, of: str) -> None:
    early = [rung for rung in ladder.rungs if rung.at < timedelta(0)]
    if early:
        what = f"{ladder.code} has a rung at {iso(early[0].at)}: before the {of} is there"
        check.bad(path, what, f"Let the ladder of a {of} begin at PT0S")


def _tasks(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> Tasks | None:
    """What the secretariat must see to is told to it and to those above it, in its own words."""
    shape = check.shape.tasks
    if shape is None:
        return None
    for key, code in (("ladder", shape.ladder), ("urgent", shape.urgent)):
        path: Path = ("tasks", key)
        if not among(check, path, code, _declared(check), "ladder") or code not in ladders:
            continue
        _from_its_beginning(check, path, ladders[code], "task")
        wrong = [r for r in ladders[code].rungs if r.say is not Say.TASK or r.tell not in _OF_THE_DESK]
        if wrong:
            what = f"{shown(code)} says {wrong[0].say} to {wrong[0].tell}"
            check.bad(path, what, "Let its rungs say task, to secretariat, secretary, chair")
    return Tasks(shape.ladder, shape.urgent)


def _declared(check: Check[PolicyShape]) -> set[str]:
    return set(check.written_keys("ladders"))


def _duty(check: Check[PolicyShape], number: int, shape: DutyShape, ladders: dict[str, Ladder]) -> Duty:
    path: Path = ("duties", number)
    if among(check, (*path, "ladder"), shape.ladder, _declared(check), "ladder") and shape.ladder in ladders:
        _audiences(check, path, shape, ladders[shape.ladder])
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
    )


def _audiences(check: Check[PolicyShape], path: Path, shape: DutyShape, own: Ladder) -> None:
    """A desk has no team and no coordinator; whoever chases it speaks to its secretariat."""
    near = {Audience.REPORTER, Audience.TEAM, Audience.COORDINATOR}
    meant = near if shape.per is Per.DESK else {Audience.SECRETARIAT}
    for audience in own.audiences:
        if audience in meant:
            what = f"{shown(own.code)} tells {audience}, whom a duty per {shape.per} does not have"
            remedy = "Use a ladder that tells " + (
                "secretariat, secretary, chair" if shape.per is Per.DESK else "reporter, team, coordinator, ..."
            )
            check.bad((*path, "ladder"), what, remedy)
            return


def _days(check: Check[PolicyShape], path: Path, shape: DutyShape) -> Days:
    forms = [name for name in ("days", "every", "on") if getattr(shape, name) is not None]
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
    only = _anchor(check, (*path, "on"), shape.on)
    return Days(only, only)


def _rhythm(check: Check[PolicyShape], path: Path, shape: DutyShape) -> Days:
    if shape.first is None or shape.until is None:
        key = "from" if shape.first is None else "until"
        check.bad(path, f"`every` has no `{key}`", f"Add `{key}:`, such as start, H+8 or {{stage: ..., edge: end}}")
        return _NOBODY
    first, last = _anchor(check, (*path, "from"), shape.first), _anchor(check, (*path, "until"), shape.until)
    if (first.role, first.edge) == (last.role, last.edge) and last.days < first.days:
        check.bad((*path, "until"), "comes before `from`", "Look whether the two are crossed")
    weekday = None if shape.every == EVERY_DAY else WEEKDAYS.index(shape.every or "")
    return Days(first, last, weekday, shape.then_once_more)


def _anchor(check: Check[PolicyShape], path: Path, day: Anchor | StageDayShape) -> Anchor:
    if isinstance(day, Anchor):
        return day
    if day.plus.seconds:
        check.bad((*path, "plus"), f"{iso(day.plus)} is not whole days", "Write whole days, such as P14D")
    return Anchor(day.stage, day.edge, day.plus.days)


def _window(check: Check[PolicyShape], number: int) -> Window:
    shape = check.shape.quiet_hours[number]
    if shape.start == shape.end:
        what = f"from {shape.start:%H.%M} until {shape.end:%H.%M} is a whole day"
        check.bad(("quiet_hours", number), what, "Leave some hours in which people may be told")
    return Window(shape.start, shape.end, frozenset(WEEKDAYS.index(day) for day in shape.on))


def _nights_end(check: Check[PolicyShape], windows: tuple[Window, ...]) -> None:
    """Tell of a day that is quiet from midnight to midnight."""
    for weekday, name in enumerate(WEEKDAYS):
        if _covered(windows, weekday) and check.sound("quiet_hours"):
            what = f"together they cover the whole of {name}"
            check.bad(("quiet_hours",), what, "Leave some hours in which people may be told")
            return


def _closed_days(check: Check[PolicyShape], ladders: dict[str, Ladder]) -> ClosedDays | None:
    """What waits on closed days goes when the night after them ends; what is urgent waits for neither."""
    shape = check.shape.closed_days
    if shape is None:
        return None
    if not check.shape.quiet_hours:
        what = "without `quiet_hours` what waited would go at midnight"
        check.bad(("closed_days",), what, "Write when the night ends")
    for number, code in enumerate(shape.hold):
        path: Path = ("closed_days", "hold", number)
        known = among(check, path, code, _declared(check), "ladder") and code in ladders
        if known and ladders[code].urgent:
            check.bad(path, f"{shown(code)} is urgent", "Hold only what may wait")
    return ClosedDays(frozenset(shape.hold), shape.but_not)


def _covered(windows: tuple[Window, ...], weekday: int) -> bool:
    midnight = datetime.combine(date(2024, 1, 1) + timedelta(days=weekday), time())  # a Monday, and on
    reached = midnight
    for start, end in sorted(_stretches(windows, midnight)):
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= midnight + timedelta(days=1)


def _stretches(windows: tuple[Window, ...], midnight: datetime) -> Iterable[tuple[datetime, datetime]]:
    for day in (midnight - timedelta(days=1), midnight):
        for window in windows:
            if not window.weekdays or day.weekday() in window.weekdays:
                start, end = datetime.combine(day, window.start), datetime.combine(day, window.end)
                yield start, end + timedelta(days=window.end <= window.start)
