"""A special report to the Government about one problem: somebody asks for it, and the desk owes it from then on."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Change, Hand
from models.matters import issues, numbers, obligations, specials
from models.matters.issues import Issue
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.specials import Special
from rules.duties import Duty, asked_for
from rules.filing import NotTaken, Standing
from rules.indonesian import local_date
from rules.programme import Programme

ASKED = "asked for"


class NotAsked(NotTaken):
    """No special report can be asked for about this problem, or another is owed already."""


def duty(programme: Programme) -> Duty | None:
    """What the desk owes when it is asked for a special report; None: its policy has none."""
    return next((own for own in programme.policy.duties if own.days is None), None)


def ask(session: Session, programme: Programme, matter: Matter, *, text: str, hand: Hand, now: datetime) -> Special:
    """Let the desk owe a report about this problem. The next turn compiles it; its ladder chases it.

    Args:
        text: why, or what the Government is to know first; kept with the record of who asked.

    Raises:
        NotAsked: the policy has no such report, the problem is restricted, or one about it is still owed.
    """
    own = duty(programme)
    if own is None:
        raise NotAsked(f"{programme.policy.code} has no duty with `asked: true`: add one and ./desk amend")
    if issues.restricted(session, matter.id):
        raise NotAsked(f"{matter.code} is restricted: no letter tells of it")
    before = specials.about(session, matter.programme_id, own.code, matter.code)
    if owed := next((one for one in before if one.owed.standing is Standing.OWED), None):
        raise NotAsked(f"{owed.matter.code} is about {matter.code}, and is still owed")
    since = local_date(session.get_one(Issue, matter.id).opened_at, programme.desk.zone)
    made = asked_for(programme.desk, programme.election, own, matter.code, len(before) + 1, since, now=now)
    obligations.put(session, matter.programme_id, [obligations.planned(programme, made)], now=now)
    special = specials.about(session, matter.programme_id, own.code, matter.code)[-1]
    changes.record(
        session, hand, ASKED, special.matter.code, matter.programme_id, special.matter.id, text=text.strip(), now=now
    )
    return special


def why(session: Session, matter: Matter, owed: Obligation, *, confided: bool = False) -> Change | None:
    """Who asked for a special report, and why; None: nobody did, or its problem is told to some alone by now.

    Args:
        confided: whoever is told may read of a restricted problem.
    """
    asked = [own for own in changes.about(session, matter.id) if own.what == ASKED]
    problem = numbers.on(session, matter.programme_id, owed.slot.partition("~")[0]) if asked else None
    if problem is None or (issues.restricted(session, problem) and not confided):
        return None
    return asked[-1]
