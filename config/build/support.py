"""A support plan: offices that there are, items that wait for others but never in a circle."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from config.build.common import among, unrepeated
from config.build.days import anchor
from config.checking import Check
from config.errors import Path, shown
from config.shapes.desk import DeskShape
from config.shapes.support import SupportShape
from config.words import iso
from rules import support
from rules.duties import Days, Duty, OnHoliday, Per
from rules.support import Preparation, Support

CONFIRMATION, LOOKS = "-cek", timedelta(days=3)
"""How the code of a confirmation ends, and how much later it is due than what it confirms."""
_LONGEST_OFFICE, _LONGEST_CODE = 20, 36
"""Characters of an office's code and of an item's that the books keep, with the ending of a confirmation."""


def preparations(check: Check[DeskShape]) -> tuple[Preparation, ...]:
    shape = check.shape
    unrepeated(check, ((("support", n, "code"), own.code) for n, own in enumerate(shape.support)), "preparations")
    begins = (anchor(check, ("support", n, "begins"), own.begins, working=False) for n, own in enumerate(shape.support))
    return tuple(
        Preparation(own.code, own.name, day, tuple(own.elections))
        for own, day in zip(shape.support, begins, strict=True)
    )


def duties(check: Check[DeskShape]) -> tuple[Duty, ...]:
    """What offices have ready, in the order of the file; what another confirms stands before its confirmation."""
    items = list(_items(check))
    unrepeated(check, (((*path, "code"), own.code) for path, _, own in items), "support items")
    waits = {own.code: tuple(own.waits_for) for _, _, own in items}
    for path, _, own in items:
        _item(check, path, own, waits)
    if found := support.circle(waits):
        path = next(path for path, _, own in items if own.code == found[0])
        what = f"{' waits for '.join((*found, found[0]))}: a circle, in which none can be the first"
        check.bad((*path, "waits_for"), what, "Remove one of these")
    return tuple(made for path, preparation, own in items for made in _duties(check, path, preparation, own))


def _items(check: Check[DeskShape]) -> Iterator[tuple[Path, str, SupportShape]]:
    for n, preparation in enumerate(check.shape.support):
        for m, own in enumerate(preparation.items):
            yield ("support", n, "items", m), preparation.code, own


def _item(check: Check[DeskShape], path: Path, own: SupportShape, codes: Iterable[str]) -> None:
    for m, office in enumerate(own.offices):
        _office(check, (*path, "offices", m), office)
    if own.confirmed_by:
        _office(check, (*path, "confirmed_by"), own.confirmed_by)
        if own.per is Per.OFFICE and own.confirmed_by in own.offices:
            what = f"{shown(own.confirmed_by)} would confirm what it says itself"
            check.bad((*path, "confirmed_by"), what, "Name another office, or remove it")
    if own.per is Per.OFFICE and not own.offices:
        check.bad(path, f"{shown(own.code)} names no office", "Add `offices: [...]`, or write `per: district`")
    if own.per is not Per.OFFICE and own.offices:
        check.bad((*path, "offices"), f"goes with `per: office`, not with `per: {own.per}`", "Remove it")
    if own.per is Per.TEAM and own.districts:
        check.bad((*path, "districts"), "does not go with `per: team`", "Remove it, or write `per: district`")
    for m, district in enumerate(own.districts):
        among(check, (*path, "districts", m), district, check.declared("districts"), "district")
    for m, code in enumerate(own.waits_for):
        among(check, (*path, "waits_for", m), code, codes, "support item")
    if len(own.code) > _LONGEST_CODE:
        check.bad((*path, "code"), f"has {len(own.code)} characters", f"Write {_LONGEST_CODE} at most")
    if own.opens > timedelta(0):
        check.bad((*path, "opens"), f"{iso(own.opens)} is after the due time", f"Write -{iso(own.opens)}")
    if own.closes <= timedelta(0):
        check.bad((*path, "closes"), f"{iso(own.closes)} is not after the due time", "Write how long: P14D")


def _office(check: Check[DeskShape], path: Path, office: str) -> None:
    """It owes in its own name: where others have a district's code or a team's, the books have its code."""
    if not among(check, path, office, check.declared("offices"), "office"):
        return
    if office in check.declared("teams"):
        check.bad(path, f"{shown(office)} is the code of a team too", "Give the office another code")
    if len(office) > _LONGEST_OFFICE:
        what = f"{shown(office)} has {len(office)} characters"
        check.bad(path, what, f"Give an office that owes support a code of {_LONGEST_OFFICE} at most")


def _duties(check: Check[DeskShape], path: Path, preparation: str, own: SupportShape) -> Iterator[Duty]:
    day = anchor(check, (*path, "by"), own.by, working=False)
    item = Duty(
        code=own.code,
        name=own.name,
        form=own.form,
        per=own.per,
        days=Days(day, day),
        at=(own.at,),
        ladder=own.ladder,
        nil=False,
        on_holiday=OnHoliday.KEEP,
        opens=own.opens,
        closes=own.closes,
        offices=tuple(own.offices),
        support=Support(preparation, tuple(own.districts), tuple(own.waits_for)),
    )
    yield item
    if own.confirmed_by:
        yield _confirmation(item, own.confirmed_by)


def _confirmation(item: Duty, office: str) -> Duty:
    """Another office looks, and answers the same checklist: an item like any other, which waits for the first."""
    assert item.days is not None
    assert item.support is not None
    day = replace(item.days.first, days=item.days.first.days + LOOKS.days)
    return replace(
        item,
        code=item.code + CONFIRMATION,
        name=f"Pengecekan: {item.name}",
        per=Per.OFFICE,
        days=Days(day, day),
        offices=(office,),
        support=replace(item.support, waits_for=(item.code,), confirms=item.code),
    )
