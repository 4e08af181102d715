"""A problem can be postponed, confirmed and merged; each of its steps has a way"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("postponed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("issue_merged_into_ix"), ["merged_into"])
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(length=10), nullable=True))
    # Nobody was asked to confirm what was resolved before, and nobody is to be asked for it now.
    op.execute("UPDATE issue SET confirmed_at = resolved_at")


def downgrade() -> None:
    """What was merged stays closed, and says so in its events."""
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.drop_column("way")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("issue_merged_into_ix"))
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("postponed_until")
