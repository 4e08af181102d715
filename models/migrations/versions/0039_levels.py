"""What desks of the level below send: every version that came, its documents, and whose key signed it"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_TO = {
    "programme": False,
    "obligation": True,
    "submission": True,
    "report": True,
    "office": False,
}
"""What an arrival is of, and whether it may be of none."""


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(f"{to}_id", sa.Integer(), nullable=none) for to, none in _TO.items()),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Text(), nullable=True),
        sa.Column("package_digest", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.ForeignKeyConstraint([f"{to}_id"], [f"{to}.id"], name=op.f(f"arrival_{to}_id_fkey")) for to in _TO),
        sa.PrimaryKeyConstraint("id", name=op.f("arrival_pkey")),
        sa.UniqueConstraint(
            "programme_id",
            "area",
            "kind",
            "slot",
            "version",
            name=op.f("arrival_programme_id_area_kind_slot_version_key"),
        ),
    )
    op.create_index(op.f("arrival_obligation_id_ix"), "arrival", ["obligation_id"])
    op.create_index(op.f("arrival_submission_id_ix"), "arrival", ["submission_id"])
    op.create_table(
        "arrival_document",
        sa.Column("arrival_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name=op.f("arrival_document_arrival_id_fkey")),
        sa.PrimaryKeyConstraint("arrival_id", "number", name=op.f("arrival_document_pkey")),
    )
    op.create_index(op.f("arrival_document_digest_ix"), "arrival_document", ["digest"])
    op.create_table(
        "desk_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("desk_key_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("desk_key_pkey")),
    )


def downgrade() -> None:
    op.drop_table("desk_key")
    op.drop_table("arrival_document")
    op.drop_table("arrival")
