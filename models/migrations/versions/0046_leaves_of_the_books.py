"""Leaves of the books, and rows that are never changed"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

WRITTEN = {
    "change": "at",
    "report": "recorded_at",
    "issue_event": "at",
    "submission_event": "at",
    "notice": "planned_at",
}
NEVER = {
    "folio": "desk number until rows digest",
    "report": "id obligation_id version content body digest via office_id title received_at observed_at recorded_at"
    " reason proof",
    "issue_event": "id issue_id step office_id at text until way severity owner_id due_at",
    "submission_event": "id submission_id step edition office_id way through at text",
    "notice": "id occasion matter_id round rung office_id channel ladder urgent planned_at policy",
}
"""By table, the columns that are written once. No row of them is taken away.

What a notice says and to whom is left out: a word that nobody knows is replaced there, or nothing could be read.
"""


def upgrade() -> None:
    op.create_table(
        "folio",
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("desk", "number", name=op.f("folio_pkey")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        for name, column in WRITTEN.items():
            op.create_index(f"{name}_written_ix", name, [column], postgresql_using="brin")
    for name, columns in NEVER.items():
        _keep(name, ", ".join(f'"{column}"' for column in columns.split()), sqlite=sqlite)


def _keep(name: str, columns: str, *, sqlite: bool) -> None:
    """Refuse to change what is written once, and to delete it."""
    kept = f"rows of {name} are appended and never changed"
    if sqlite:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{kept}'); END"
        op.execute(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE OF {columns} ON {name} {refuse}")
        op.execute(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refuse}")
        return
    refuse = f"BEGIN RAISE EXCEPTION '{kept}'; END"
    op.execute(f"CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$")
    op.execute(
        f"CREATE TRIGGER {name}_kept BEFORE UPDATE OF {columns} OR DELETE ON {name}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}_kept()"
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in NEVER:
        if sqlite:
            op.execute(f"DROP TRIGGER {name}_no_update")
            op.execute(f"DROP TRIGGER {name}_no_delete")
        else:
            op.execute(f"DROP TRIGGER {name}_kept ON {name}")
            op.execute(f"DROP FUNCTION {name}_kept()")
    if not sqlite:
        for name in WRITTEN:
            op.drop_index(f"{name}_written_ix", table_name=name)
    op.drop_table("folio")
