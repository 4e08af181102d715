"""Places known to be at risk, and what was received since midnight"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_risk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("village", sa.String(length=20), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["office.id"], name=op.f("place_risk_added_by_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("place_risk_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("place_risk_pkey")),
    )
    holds = sa.text("ended_at IS NULL")
    op.create_index(
        "place_risk_once_ix",
        "place_risk",
        ["programme_id", "village", "station", "kind"],
        unique=True,
        sqlite_where=holds,
        postgresql_where=holds,
    )
    op.create_index(op.f("report_received_at_ix"), "report", ["received_at"])


def downgrade() -> None:
    op.drop_index(op.f("report_received_at_ix"), table_name="report")
    op.drop_table("place_risk")
