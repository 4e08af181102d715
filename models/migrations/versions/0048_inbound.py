"""What people write to us is a row before anything else happens"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.String(length=10), nullable=False),
        sa.Column("shown", sa.String(length=80), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("forwarded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("fetch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=20), nullable=False),
        sa.Column("sure", sa.Integer(), nullable=False),
        sa.Column("went_by", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("acts", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("waits", sa.JSON(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["message.id"], name=op.f("inbound_answer_id_fkey")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("inbound_contact_id_fkey")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("inbound_message_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("inbound_office_id_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("inbound_programme_id_fkey")),
        sa.ForeignKeyConstraint(["seen_by"], ["office.id"], name=op.f("inbound_seen_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("inbound_pkey")),
        sa.UniqueConstraint("answer_id", name=op.f("inbound_answer_id_key")),
        sa.UniqueConstraint("key", name=op.f("inbound_key_key")),
    )
    op.create_index("inbound_contact_ix", "inbound", ["contact_id", "received_at"])
    partial = (
        ("inbound_fetch_ix", "fetch_at", "fetch_at IS NOT NULL"),
        ("inbound_person_ix", "received_at", "seen_at IS NULL AND person"),
        ("inbound_unread_ix", "received_at", "read_at IS NULL"),
    )
    for name, column, where in partial:
        op.create_index(name, "inbound", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """What people wrote is lost; what was done of it stays."""
    op.drop_table("inbound")
