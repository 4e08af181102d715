"""Aides in villages: who they are, what they were asked and sent"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("office") as batch_op:
        batch_op.add_column(sa.Column("aide", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "aide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("village", sa.String(length=60), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["office.id"], name=op.f("aide_id_fkey")),
        sa.ForeignKeyConstraint(["named_by"], ["office.id"], name=op.f("aide_named_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("aide_pkey")),
    )
    op.create_index(op.f("aide_area_ix"), "aide", ["area"])
    op.create_table(
        "aide_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("aide_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("aide_asked_id_fkey")),
        sa.ForeignKeyConstraint(["report_id"], ["obligation.id"], name=op.f("aide_asked_report_id_fkey")),
        sa.ForeignKeyConstraint(["aide_id"], ["aide.id"], name=op.f("aide_asked_aide_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("aide_asked_pkey")),
    )
    op.create_index(op.f("aide_asked_report_id_ix"), "aide_asked", ["report_id"])
    op.create_index(op.f("aide_asked_aide_id_ix"), "aide_asked", ["aide_id"])


def downgrade() -> None:
    """Aides and what they sent are lost. What was told them stays as tasks and reminders that are over, for the older
    shape knows no such words; their addresses are used no more.
    """
    op.execute(
        "UPDATE matter SET kind = 'task', next_at = NULL, closed_at = COALESCE(closed_at, since), "
        "closed_why = 'unknown to this version' WHERE kind = 'aide'"
    )
    for told in ("notice", "message"):
        op.execute(f"UPDATE {told} SET say = 'reminder' WHERE say = 'aide'")  # noqa: S608 - two names of ours
    op.execute("UPDATE contact SET state = 'ended' WHERE office_id IN (SELECT id FROM aide)")
    op.drop_table("aide_asked")
    op.drop_table("aide")
    with op.batch_alter_table("office") as batch_op:
        batch_op.drop_column("aide")
