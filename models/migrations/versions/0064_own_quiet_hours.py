"""Quiet hours of an office and of whoever holds it, and until when they held a notice"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("office") as batch_op:
        batch_op.add_column(sa.Column("quiet", sa.String(length=11), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("own_quiet", sa.String(length=11), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("own_until", sa.DateTime(timezone=True), nullable=True))  # its triggers stay


def downgrade() -> None:
    """What waits for them is decided on again: the earlier version does not know the word."""
    op.execute("UPDATE notice SET held = 'quiet hours' WHERE held = 'own quiet'")
    op.drop_column("notice", "own_until")
    with op.batch_alter_table("office") as batch_op:
        batch_op.drop_column("own_quiet")
        batch_op.drop_column("quiet")
