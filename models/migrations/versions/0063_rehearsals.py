"""What a rehearsal that was ordered on a page left to look at; a desk rehearses one at a time"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_order", sa.Column("pages", sa.String(length=64), nullable=True))
    alone = sa.text("done_at IS NULL AND act = 'rehearse'")
    op.create_index(
        "desk_order_rehearsal_key", "desk_order", ["desk"], unique=True, sqlite_where=alone, postgresql_where=alone
    )


def downgrade() -> None:
    """Rehearsals are lost: the last version does not know what they are. They are ordered again."""
    op.drop_index("desk_order_rehearsal_key", "desk_order")
    op.execute("DELETE FROM desk_order WHERE act = 'rehearse'")
    op.drop_column("desk_order", "pages")
