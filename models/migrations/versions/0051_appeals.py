"""What a desk asks of the levels above it, and what they answered"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("end", sa.String(length=10), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("appeal_programme_id_fkey")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("appeal_issue_id_fkey")),
        sa.ForeignKeyConstraint(["asked_by"], ["office.id"], name=op.f("appeal_asked_by_fkey")),
        sa.ForeignKeyConstraint(["ended_by"], ["office.id"], name=op.f("appeal_ended_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("appeal_pkey")),
    )
    op.create_index("appeal_programme_number_key", "appeal", ["programme_id", "number"], unique=True)
    op.create_index(op.f("appeal_issue_id_ix"), "appeal", ["issue_id"])


def downgrade() -> None:
    """What was asked, and the answers, are lost."""
    op.drop_table("appeal")
