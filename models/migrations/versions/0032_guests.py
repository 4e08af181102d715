"""Offices outside the desk that may look at its board for a while"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("areas", sa.String(length=2000), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["office.id"], name=op.f("guest_given_by_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("guest_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("guest_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("guest_token_hash_key")),
    )
    op.create_table(
        "guest_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("guest_look_guest_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("guest_look_pkey")),
    )
    op.create_index(op.f("guest_programme_id_ix"), "guest", ["programme_id"])
    op.create_index("guest_look_guest_ix", "guest_look", ["guest_id", "page", "at"])


def downgrade() -> None:
    op.drop_table("guest_look")
    op.drop_table("guest")
