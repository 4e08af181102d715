"""What an office on duty at the posko leaves written for the next one"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("duty_shift") as batch_op:
        batch_op.add_column(sa.Column("note", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The notes are lost."""
    with op.batch_alter_table("duty_shift") as batch_op:
        batch_op.drop_column("noted_at")
        batch_op.drop_column("note")
