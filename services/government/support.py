"""What offices have ready for each preparation, as they had said by the cut-off."""

from sqlalchemy.orm import Session

from reports.government.support import Item, Prepared
from rules import readiness
from rules.support import Preparation
from services import readiness as support
from services.government.scope import Scope
from services.readiness import Secret


def prepared(session: Session, scope: Scope) -> tuple[Prepared, ...]:
    """Each preparation whose items were asked for by then, and that had not begun before the period.

    What closes the election tells of all of them.
    """
    desk = scope.programme.desk
    if not desk.preparations:
        return ()
    every = support.look(session, scope.programme_id, scope.programme, scope.forms, now=scope.cut_off)
    told = {each: readiness.of(every, each.code) for each in desk.preparations if _ahead(scope, each)}
    asked = {each: items for each, items in told.items() if any(_asked(scope, own) for own in items)}
    shown = [own for items in asked.values() for own in items]
    holds = {by.code: tuple(own.code for own in waiting) for by, waiting in readiness.blocked(shown, desk)}
    return tuple(
        Prepared(
            each.code,
            each.name,
            each.begins.on(scope.programme.election),
            tuple(_item(scope, own, holds.get(own.code, ()), scope.confided.places) for own in items),
        )
        for each, items in asked.items()
    )


def _ahead(scope: Scope, each: Preparation) -> bool:
    begins = each.begins.on(scope.programme.election)
    return scope.whole or begins is None or begins >= scope.first


def _asked(scope: Scope, own: readiness.Item) -> bool:
    return own.received_at is not None or (own.opens_at is not None and own.opens_at <= scope.cut_off)


def _item(scope: Scope, own: readiness.Item, holds: tuple[str, ...], secret: Secret) -> Item:
    desk = scope.programme.desk
    return Item(
        code=own.code,
        name=own.name,
        office=desk.area_name(own.area),
        ready=own.ready,
        due_at=own.due_at,
        late=own.late(scope.cut_off),
        received_at=own.received_at,
        lacking=() if support.confided(scope.programme, scope.forms, own, secret) else own.lacking,
        holds=holds,
    )
