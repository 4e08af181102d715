"""What the report says besides receipts and problems, from each subject's module."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from models.machine import gaps
from models.matters.compiling import Troubled
from reports.government.findings import Findings, Lost
from services.government import appeals, counsel, outlook, outreach, photos, situation, support, team, trips
from services.government.scope import Scope


def gather(session: Session, scope: Scope, unsolved: Sequence[Troubled]) -> Findings:
    """All of it as it stood at the cut-off.

    Args:
        unsolved: the problems that were open then and that anybody may read of.
    """
    meetings, advice, advice_withheld = counsel.given(session, scope)
    asked, asked_withheld = appeals.standing(session, scope)
    own: dict[str, Any] = {"appeals": asked, "appeals_withheld": asked_withheld, "lost": _lost(session, scope)}
    if scope.problem:  # a special report tells of one problem: what else was said is in the others
        risks = outlook.at_risk(session, scope, unsolved)
        return Findings(meetings=meetings, advice=advice, advice_withheld=advice_withheld, risks=risks, **own)
    judged, judged_withheld = outlook.judged(session, scope)
    late, chased = outreach.late(session, scope)
    return Findings(
        situation=situation.groups(session, scope),
        meetings=meetings,
        advice=advice,
        advice_withheld=advice_withheld,
        risks=outlook.at_risk(session, scope, unsolved),
        silent=outlook.silent(session, scope),
        judged=judged,
        judged_withheld=judged_withheld,
        late=late,
        chased=chased,
        photos=(*photos.chosen(session, scope), *trips.pictures(session, scope)),
        trips=trips.made(session, scope),
        support=support.prepared(session, scope),
        team=tuple(team.members(scope.programme.desk)),
        **own,
    )


def _lost(session: Session, scope: Scope) -> tuple[Lost, ...]:
    """Of which times of the period nothing was known at first, because a copy of the books was put back."""
    found = gaps.between(session, after=scope.within[0], until=scope.cut_off)
    return tuple(Lost(own.began_at, own.ended_at) for own in found)
