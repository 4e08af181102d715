"""Minutes of meetings, and at which meeting a direction was decided"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("led_by", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["led_by"], ["office.id"], name=op.f("minutes_led_by_fkey")),
        sa.ForeignKeyConstraint(["meeting_id"], ["advice.id"], name=op.f("minutes_meeting_id_fkey")),
        sa.ForeignKeyConstraint(["written_by"], ["office.id"], name=op.f("minutes_written_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("minutes_pkey")),
    )
    op.create_index(op.f("minutes_meeting_id_ix"), "minutes", ["meeting_id"])
    with op.batch_alter_table("advice") as table:
        table.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("advice_meeting_id_fkey"), "advice", ["meeting_id"], ["id"])
        table.create_index(op.f("advice_meeting_id_ix"), ["meeting_id"])


def downgrade() -> None:
    with op.batch_alter_table("advice") as table:
        table.drop_index(op.f("advice_meeting_id_ix"))
        table.drop_constraint(op.f("advice_meeting_id_fkey"), type_="foreignkey")
        table.drop_column("meeting_id")
    op.drop_table("minutes")
