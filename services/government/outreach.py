"""Reports that were not there in time: why as far as it is known, and what was done to reach whoever owed them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import GRANTS
from models.matters import numbers, promises
from models.messages import chasing
from reports.government.outreach import Chased, Late, Said, Word
from rules import reaching
from rules import recap as rule
from rules.filing import Standing
from rules.indonesian import local_date
from rules.recap import Owed, Period
from services import recap
from services.government.scope import Scope

PROMISED = "promised"
TAKEN_ON = "acknowledged"


def late(session: Session, scope: Scope) -> tuple[tuple[Late, ...], tuple[Chased, ...]]:
    """Every report that was late or missing, with whose side the reason lies on; and the missing with their chase.

    One that fell due at the very cut-off counts among the missing in the letter, so it is looked at as of just after.
    """
    now = scope.cut_off + timedelta.resolution
    first = local_date(scope.starts_at, scope.programme.desk.zone)
    last = max(scope.last, local_date(scope.cut_off, scope.programme.desk.zone))
    rows = recap.rows(
        session,
        scope.programme_id,
        scope.programme,
        Period(first, last),
        areas=_owing(scope),
        now=now,
    )
    found = [row for row in rows if rule.late(row, now=now)]
    missing = [row for row in found if row.standing is Standing.OWED]
    return tuple(Late(row.code, row.cause) for row in found), _chased(session, scope, missing)


def _owing(scope: Scope) -> list[str]:
    desk = scope.programme.desk
    return [*scope.areas, *(team.code for team in desk.teams)]


def _chased(session: Session, scope: Scope, missing: Collection[Owed]) -> tuple[Chased, ...]:
    ids = numbers.ids(session, [row.key for row in missing])
    words, said = _words(session, scope, ids.values()), _said(session, scope, ids.values())
    return tuple(
        Chased(row.code, tuple(words[ids[row.key]]), tuple(sorted(said[ids[row.key]], key=lambda own: own.at)))
        for row in missing
    )


def _words(session: Session, scope: Scope, ids: Collection[int]) -> Mapping[int, list[Word]]:
    """By report, every word about it. Two notices in one message are one word."""
    found: dict[int, dict[object, Word]] = defaultdict(dict)
    for own in chasing.words(session, ids, until=scope.cut_off):
        left = own.settled_at is not None and own.settled_at <= scope.cut_off
        end = reaching.end(
            own.notice,
            own.message,
            left=left,
            doubts=own.doubts,
            arrived=own.arrived,
            lost=own.lost and left,
            reason=own.reason,
        )
        channel = "" if end in (reaching.End.NOBODY, reaching.End.TOO_DEAR) else own.channel
        which = own.message_id or (own.office, own.at)
        found[own.matter_id].setdefault(
            which, Word(own.at, own.office, own.audience, channel, end, own.message_id or 0)
        )
    return defaultdict(list, {id: sorted(words.values(), key=lambda word: word.at) for id, words in found.items()})


def _said(session: Session, scope: Scope, ids: Collection[int]) -> Mapping[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for promise, title in promises.made(session, ids, until=scope.cut_off):
        found[promise.obligation_id].append(Said(promise.made_at, title, PROMISED, promise.note, promise.until))
    for change in changes.of(session, ids, until=scope.cut_off):
        if change.matter_id is not None and change.what in (*GRANTS, TAKEN_ON):
            found[change.matter_id].append(Said(change.at, change.title, change.what, change.text, change.until))
    return found
