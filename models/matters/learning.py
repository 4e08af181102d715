"""What the books know of every report of a programme beside what a recap counts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import table
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.promises import Promise
from models.matters.reports import Report
from rules.filing import BY_HAND
from rules.learned import Known

_T, _M, _R, _P = table(Obligation), table(Matter), table(Report), table(Promise)
FIRST = 1


def known(session: Session, programme_id: int) -> dict[str, Known]:
    """By natural key; a report that came is known by the way in which its first version did."""
    query = (
        select(_M.c.key, _T.c.stage, _T.c.moved_from, _P.c.until, _R.c.via)
        .join_from(_T, _M, _M.c.id == _T.c.id)
        .outerjoin(_P, _P.c.obligation_id == _T.c.id)
        .outerjoin(_R, (_R.c.obligation_id == _T.c.id) & (_R.c.version == FIRST))
        .where(_M.c.programme_id == programme_id)
    )
    rows = session.connection().execute(query)
    return {
        key: Known(stage, moved=moved is not None, promised=promised is not None, by_hand=via in BY_HAND)
        for key, stage, moved, promised, via in rows
    }
