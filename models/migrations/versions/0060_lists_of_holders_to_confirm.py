"""Rows to confirm that are about a desk, not about one election: a list of who holds which office"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upload") as batch_op:
        batch_op.alter_column("programme_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Lists that wait to be confirmed are lost: they are sent in again."""
    op.execute("DELETE FROM upload WHERE programme_id IS NULL")
    with op.batch_alter_table("upload") as batch_op:
        batch_op.alter_column("programme_id", existing_type=sa.Integer(), nullable=False)
