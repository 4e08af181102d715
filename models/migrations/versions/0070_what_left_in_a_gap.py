"""What left in a gap of the books, as providers and logs tell, and who was asked"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0070"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gap_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("named", sa.String(length=80), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("left_at", models.base.Instant(), nullable=False),
        sa.Column("codes", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("again_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["gap_id"], ["gap.id"], name=op.f("departure_gap_id_fkey")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("departure_contact_id_fkey")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("departure_message_id_fkey")),
        sa.ForeignKeyConstraint(["again_id"], ["message.id"], name=op.f("departure_again_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("departure_pkey")),
        sa.UniqueConstraint("channel", "named", name=op.f("departure_channel_named_key")),
    )
    op.create_table(
        "inquiry",
        sa.Column("gap_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("asked_at", models.base.Instant(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["gap_id"], ["gap.id"], name=op.f("inquiry_gap_id_fkey")),
        sa.PrimaryKeyConstraint("gap_id", "channel", name=op.f("inquiry_pkey")),
    )


def downgrade() -> None:
    op.drop_table("inquiry")
    op.drop_table("departure")
