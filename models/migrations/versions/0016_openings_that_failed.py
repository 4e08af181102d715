"""Openings that failed"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel") as batch_op:
        batch_op.add_column(sa.Column("unreached", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("unreached_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("channel") as batch_op:
        batch_op.drop_column("unreached_since")
        batch_op.drop_column("unreached")
