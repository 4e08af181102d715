"""What came with an answer stands beside its report"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reply_file",
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("reply_file_matter_id_fkey")),
        sa.PrimaryKeyConstraint("matter_id", "number", name=op.f("reply_file_pkey")),
    )
    op.create_index(op.f("reply_file_digest_ix"), "reply_file", ["digest"])


def downgrade() -> None:
    """That files came beside reports is forgotten; those whose message is still kept stay on Pesan masuk."""
    op.drop_table("reply_file")
