"""An election file: stages whose dates do not cross, and one voting day."""

from datetime import timedelta

from config.build.common import filled, unrepeated
from config.checking import Check
from config.errors import Path
from config.shapes.election import ElectionShape, StageShape, VersionShape
from rules.calendar import VOTING_DAY, Election, Stage, Version

LONGEST = timedelta(days=3660)


def build(check: Check[ElectionShape]) -> Election:
    shape = check.shape
    filled(check, "stages")
    unrepeated(check, ((("stages", n, "code"), s.code) for n, s in enumerate(shape.stages)), "stages")
    for number, stage in enumerate(shape.stages):
        _versions(check, ("stages", number), stage)
    _roles(check)
    unrepeated(check, ((("categories", n), own) for n, own in enumerate(shape.categories)), "categories")
    stages = tuple(map(_stage, shape.stages))
    return Election(shape.election, shape.name, shape.starts, stages, shape.sms_name or "", tuple(shape.categories))


def _versions(check: Check[ElectionShape], path: Path, stage: StageShape) -> None:
    before: VersionShape | None = None
    for number, version in enumerate(stage.versions):
        here = (*path, "versions", number)
        if before and version.known_from <= before.known_from:
            what = f"{version.known_from} does not come after {before.known_from}, when the version before became known"
            check.bad((*here, "known_from"), what, "Put the versions in the order in which they became known")
        _dates(check, here, version)
        before = version


def _dates(check: Check[ElectionShape], path: Path, version: VersionShape) -> None:
    start, end = version.start, version.end
    if start and end and end < start:
        check.bad((*path, "end"), f"{end} comes before the start, {start}", "Look whether the two are crossed")
    for edge, on in (("start", start), ("end", end)):
        if on and abs(on - check.shape.starts) > LONGEST and check.sound("starts"):
            what = f"{on} is more than ten years from the start of the programme, {check.shape.starts}"
            check.bad((*path, edge), what, "Look at the year")


def _roles(check: Check[ElectionShape]) -> None:
    playing: dict[str, str] = {}
    for number, stage in enumerate(check.shape.stages):
        if stage.role is None or not stage.active:
            continue
        if stage.role in playing:
            what = f"{stage.code} plays {stage.role}, and so does {playing[stage.role]}"
            check.bad(("stages", number, "role"), what, "Let one active stage play it; set `active: false` on others")
        playing.setdefault(stage.role, stage.code)
        if stage.role == VOTING_DAY:
            _voting_day(check, number, stage)
    if VOTING_DAY not in playing and check.sound("stages"):
        what = f"no active stage plays {VOTING_DAY}"
        check.bad(("stages",), what, f"Add `role: {VOTING_DAY}` to the stage of voting; H counts from it")


def _voting_day(check: Check[ElectionShape], number: int, stage: StageShape) -> None:
    version, path = stage.versions[-1], ("stages", number, "versions", len(stage.versions) - 1)
    if version.start is None:
        check.bad(path, "the voting day has no date", "Write it as `start`; H counts from it")
    elif version.start < check.shape.starts and check.sound("starts"):
        what = f"voting day, {version.start}, comes before the start of the programme, {check.shape.starts}"
        check.bad((*path, "start"), what, "Look at `starts` and at this date")
    elif version.end is not None and version.end > version.start:
        what = f"voting lasts from {version.start} to {version.end}, and H counts from one day"
        check.unmeant((*path, "end"), what, "Write the day of voting as both; give counting or a re-vote its own stage")


def _stage(shape: StageShape) -> Stage:
    versions = (Version(v.known_from, v.legal_basis, v.start, v.end, tuple(v.sources), v.note) for v in shape.versions)
    where = tuple(shape.areas), shape.active, shape.condition, shape.overseas, tuple(shape.told_by)
    return Stage(shape.code, shape.name, tuple(versions), shape.role, *where)
