"""The stages of the election that a desk follows, as they were known at the cut-off."""

from collections.abc import Iterator
from datetime import timedelta

from models.matters.obligations import Obligation
from reports.government import facts
from rules.calendar import Stage, Version
from rules.indonesian import local_date
from rules.programme import Programme

AHEAD = timedelta(days=14)
"""How far ahead the report looks for what begins."""


def stages(programme: Programme, own: Obligation) -> Iterator[facts.Stage]:
    """Those that ran in the period or until the cut-off, and those that begin soon after it."""
    until = max(own.period_end, local_date(own.opens_at, own.zone)) + AHEAD
    for stage, version in followed(programme, own):
        ended = version.end is not None and version.end < own.period_start
        if version.start and version.start <= until and not ended:
            yield facts.Stage(stage.code, stage.name, version.start, version.end, version.legal_basis, stage.told_by)


def followed(programme: Programme, own: Obligation) -> Iterator[tuple[Stage, Version]]:
    """Every stage that concerns the desk's area, each in the version that was known at the cut-off."""
    known_at = local_date(own.opens_at, own.zone)
    for stage in programme.election.stages:
        version = stage.version(known_at)
        if stage.active and version and stage.covers(programme.desk.regency_code):
            yield stage, version
