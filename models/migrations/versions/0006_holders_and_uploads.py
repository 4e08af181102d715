"""Holders of offices, contacts that follow each other, uploads to confirm"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CURRENT = sa.text("state IN ('active', 'dead')")
PLANNED = sa.text("state = 'planned'")


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("assignment_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("assignment_pkey")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("assignment_office_id_ix"), ["office_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("upload_office_id_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("upload_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_pkey")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("contact_office_id_channel_key"), type_="unique")
        batch_op.create_index(
            "contact_current_key", ["office_id", "channel"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        )
        batch_op.create_index("contact_planned_ix", ["since"], sqlite_where=PLANNED, postgresql_where=PLANNED)
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holder", sa.String(length=120), nullable=True))


def downgrade() -> None:
    """Of contacts that followed each other one stays, which is used only if it still is."""
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_column("holder")

    op.execute("DELETE FROM contact WHERE state = 'planned'")
    for table in ("message", "sign_in", "session"):
        op.execute(
            f"UPDATE {table} SET contact_id = (SELECT later.id FROM contact AS own JOIN contact AS later"  # noqa: S608 - ours
            " ON later.office_id = own.office_id AND later.channel = own.channel"
            f" WHERE own.id = {table}.contact_id ORDER BY later.state = 'ended', later.id DESC LIMIT 1)"
        )
    op.execute(
        "DELETE FROM contact WHERE state = 'ended' AND EXISTS (SELECT 1 FROM contact AS later"
        " WHERE later.office_id = contact.office_id AND later.channel = contact.channel"
        " AND (later.state <> 'ended' OR later.id > contact.id))"
    )
    op.execute("UPDATE contact SET state = 'dead' WHERE state = 'ended'")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("contact_planned_ix", sqlite_where=PLANNED, postgresql_where=PLANNED)
        batch_op.drop_index("contact_current_key", sqlite_where=CURRENT, postgresql_where=CURRENT)
        batch_op.create_unique_constraint(batch_op.f("contact_office_id_channel_key"), ["office_id", "channel"])
        batch_op.drop_column("until")

    op.drop_table("upload")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("assignment_office_id_ix"))

    op.drop_table("assignment")
