"""A problem that is sent again is the same problem"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("once", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("issue_once_key"), ["once"])


def downgrade() -> None:
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("issue_once_key"), type_="unique")
        batch_op.drop_column("once")
