"""When no clock of the desk turned: nobody is late because of that"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("stop_pkey")),
        sa.UniqueConstraint("began_at", name=op.f("stop_began_at_key")),
    )


def downgrade() -> None:
    op.drop_table("stop")
