"""Urgent first"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("goes_first", sa.Boolean(), nullable=False, server_default=sa.false()))
    there = sa.text("due_at IS NOT NULL AND goes_first")
    op.create_index("message_first_ix", "message", ["due_at"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index("message_first_ix", table_name="message")
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_column("goes_first")
