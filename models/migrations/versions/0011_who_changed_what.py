"""Who changed what, extensions and returns"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIMES = ("extended_until", "returned_at", "returned_until")
KEPT = "changes are appended and never changed"


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("change_matter_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("change_office_id_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("change_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("change_pkey")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("change_matter_id_ix"), ["matter_id"], unique=False)
    _keep()
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        for name in TIMES:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked", sa.String(length=500), nullable=False, server_default=""))
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.alter_column("asked", server_default=None)


def _keep() -> None:
    """Refuse to change or delete what is written."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            refuse = f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
            op.execute(f"CREATE TRIGGER change_no_{act.lower()} BEFORE {act} ON change {refuse}")
        return
    refuse = f"BEGIN RAISE EXCEPTION '{KEPT}'; END"
    op.execute(f"CREATE FUNCTION change_kept() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$")
    op.execute(
        "CREATE TRIGGER change_kept BEFORE UPDATE OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION change_kept()"
    )


def downgrade() -> None:
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        for name in (*TIMES, "asked"):
            batch_op.drop_column(name)
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("change_matter_id_ix"))
    op.drop_table("change")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION change_kept()")
