"""Orders that wait for a second person"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

COLUMNS = ("account", "lapses_at", "confirmed_at", "second")


def upgrade() -> None:
    with op.batch_alter_table("desk_order") as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("second", sa.String(length=160), nullable=False, server_default=""))


def downgrade() -> None:
    """What waits for a second person is not done by the version before: it is refused."""
    ends = "UPDATE desk_order SET done_at = lapses_at, refused = 'it waited for a second person'"
    op.execute(f"{ends} WHERE done_at IS NULL AND lapses_at IS NOT NULL AND confirmed_at IS NULL")
    with op.batch_alter_table("desk_order") as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
