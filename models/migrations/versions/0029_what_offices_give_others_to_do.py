"""What offices give others to do: advice, directions, invitations to meetings"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "advice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(length=10), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("advice_programme_id_fkey")),
        sa.ForeignKeyConstraint(["giver_id"], ["office.id"], name=op.f("advice_giver_id_fkey")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("advice_issue_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("advice_pkey")),
    )
    op.create_index(op.f("advice_giver_id_ix"), "advice", ["giver_id"])
    op.create_index(op.f("advice_issue_id_ix"), "advice", ["issue_id"])
    op.create_table(
        "charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("advice_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deputy", sa.String(length=120), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("charge_id_fkey")),
        sa.ForeignKeyConstraint(["advice_id"], ["advice.id"], name=op.f("charge_advice_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("charge_pkey")),
    )
    op.create_index(op.f("charge_advice_id_ix"), "charge", ["advice_id"])
    op.create_table(
        "evidence",
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("evidence_charge_id_fkey")),
        sa.PrimaryKeyConstraint("charge_id", "number", name=op.f("evidence_pkey")),
    )
    op.create_index(op.f("evidence_digest_ix"), "evidence", ["digest"])


def downgrade() -> None:
    """The older shape knows no advice: its matters are closed as tasks that are done, for what was told stays."""
    op.execute(
        "UPDATE matter SET kind = 'task', next_at = NULL, closed_at = COALESCE(closed_at, since), "
        "closed_why = 'unknown to this version' WHERE kind = 'advice'"
    )
    op.drop_table("evidence")
    op.drop_table("charge")
    op.drop_table("advice")
