"""What a provider says later is a delivery report: a receipt is what a reporter holds"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("receipt", "delivery_report")
    op.execute("ALTER TABLE channel RENAME COLUMN by_receipt TO by_delivery_report")


def downgrade() -> None:
    op.execute("ALTER TABLE channel RENAME COLUMN by_delivery_report TO by_receipt")
    _rename("delivery_report", "receipt")


def _rename(old: str, new: str) -> None:
    """The table, and what is named after it."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(old, new)
        return
    op.rename_table(old, new)
    op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
    named = f"SELECT conname FROM pg_constraint WHERE conrelid = '{new}'::regclass"  # noqa: S608 - ours
    for name in op.get_bind().exec_driver_sql(named).scalars().all():
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name} TO {name.replace(old, new, 1)}")


def _rewrite(old: str, new: str) -> None:
    """SQLite renames no constraint: the table is made anew."""
    definition = op.get_bind().exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (old,)).scalar_one()
    op.execute(definition.replace(old, new))
    op.execute(f"INSERT INTO {new} SELECT * FROM {old}")  # noqa: S608 - ours
    op.drop_table(old)
