"""What a report's due time was before a calendar moved it, and the regulation that moved it"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("obligation") as batch_op:
        batch_op.add_column(sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("moved_by", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    """Messages that still wait say the new due time alone."""
    with op.batch_alter_table("obligation") as batch_op:
        batch_op.drop_column("moved_by")
        batch_op.drop_column("moved_from")
