"""The earlier policy by whose ladder an open case goes on; none: the one in force"""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0070"
branch_labels = None
depends_on = None

EARLIER = sa.text("policy != ''")


def upgrade() -> None:
    op.add_column("matter", sa.Column("policy", sa.String(64), server_default="", nullable=False))
    op.create_index("matter_earlier_ix", "matter", ["programme_id"], sqlite_where=EARLIER, postgresql_where=EARLIER)


def downgrade() -> None:
    op.drop_index("matter_earlier_ix", "matter")
    op.drop_column("matter", "policy")
