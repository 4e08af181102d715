"""A mailbox that is looked into, and when what somebody wrote reached us"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("mailbox_pkey")),
    )
    op.add_column("inbound", sa.Column("came_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """How far mailboxes were read is lost: what came within a day is read again, and kept once."""
    with op.batch_alter_table("inbound") as inbound:
        inbound.drop_column("came_at")
    op.drop_table("mailbox")
