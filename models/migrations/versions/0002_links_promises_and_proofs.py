"""Links, promises, and what a receipt is asked for by"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("link_message_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("link_office_id_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("link_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("link_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("link_token_hash_key")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("link_office_id_ix"), ["office_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("promise_obligation_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("promise_office_id_fkey")),
        sa.PrimaryKeyConstraint("obligation_id", name=op.f("promise_pkey")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_column("proof")

    op.drop_table("promise")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("link_office_id_ix"))

    op.drop_table("link")
