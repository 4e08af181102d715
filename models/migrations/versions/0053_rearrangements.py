"""Changes of teams, reporters and coordination, planned for a day"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

WAITING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "rearrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=20), nullable=False),
        sa.Column("failed", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["office.id"], name=op.f("rearrangement_recorded_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("rearrangement_pkey")),
    )
    op.create_index("rearrangement_due_ix", "rearrangement", ["since"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    """What is in force stays, in the desk's file; what was planned is lost."""
    op.drop_table("rearrangement")
