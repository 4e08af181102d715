"""Reports are looked at beside their neighbours; districts that are silent together"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is owed is looked at when it is due; what was due is left alone."""
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    ahead = "standing = 'owed' AND due_at > CURRENT_TIMESTAMP AND compile_at IS NULL"
    op.execute(f"UPDATE obligation SET look_at = due_at WHERE {ahead}")  # noqa: S608 - our own words
    waits = sa.text("look_at IS NOT NULL")
    op.create_index("obligation_look_ix", "obligation", ["look_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "silence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("silence_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("silence_pkey")),
    )
    lasts = sa.text("heard_at IS NULL")
    op.create_index(
        "silence_area_ix",
        "silence",
        ["programme_id", "area"],
        unique=True,
        sqlite_where=lasts,
        postgresql_where=lasts,
    )


def downgrade() -> None:
    """The tasks that told of silences stay, as tasks that are nobody's: they are ended."""
    op.execute("UPDATE task SET done_at = CURRENT_TIMESTAMP WHERE why = 'silence' AND done_at IS NULL")
    op.drop_index("silence_area_ix", table_name="silence")
    op.drop_table("silence")
    op.drop_index("obligation_look_ix", table_name="obligation")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_column("look_at")
