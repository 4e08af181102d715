"""Numbers are a desk's: what a later election has in common with an earlier one is numbered anew"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MATTER = sa.table("matter", *map(sa.column, ("id", "programme_id", "kind", "code")))
PROGRAMME = sa.table("programme", *map(sa.column, ("id", "code")))


def upgrade() -> None:
    """The first election at a desk keeps its numbers; of a later one only those that are taken change."""
    rows = op.get_bind().execute(
        sa.select(MATTER.c.id, MATTER.c.code, PROGRAMME.c.code.label("programme"))
        .join(PROGRAMME, PROGRAMME.c.id == MATTER.c.programme_id)
        .where(MATTER.c.kind != "task")
        .order_by(MATTER.c.programme_id, MATTER.c.id)
    )
    taken: dict[tuple[str, str], set[int]] = defaultdict(set)
    clashing: list[tuple[int, tuple[str, str]]] = []
    for id, code, programme in rows:
        letter, _, number = code.partition("-")
        place = programme.rpartition("/")[2], letter
        if int(number) in taken[place]:
            clashing.append((id, place))
        taken[place].add(int(number))
    highest = {place: max(numbers) for place, numbers in taken.items()}
    for id, place in clashing:
        highest[place] += 1
        change = sa.update(MATTER).where(MATTER.c.id == id).values(code=f"{place[1]}-{highest[place]:04d}")
        op.get_bind().execute(change)


def downgrade() -> None:
    """Numbers that are a desk's are a programme's too."""
