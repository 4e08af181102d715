"""How a report to the Government left, and what proves it"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=4), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("agenda", sa.String(length=120), nullable=False),
        sa.Column("handed_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", sa.String(length=64), nullable=True),
        sa.Column("proof_kind", sa.String(length=10), nullable=True),
        sa.Column("proof_size", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("sending_office_id_fkey")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("sending_submission_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sending_pkey")),
        sa.UniqueConstraint("submission_id", "title", "number", name=op.f("sending_submission_id_title_number_key")),
    )
    op.create_index(op.f("sending_proof_ix"), "sending", ["proof"])
    op.create_table(
        "sending_document",
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["submission_document.id"], name=op.f("sending_document_document_id_fkey")
        ),
        sa.ForeignKeyConstraint(["sending_id"], ["sending.id"], name=op.f("sending_document_sending_id_fkey")),
        sa.PrimaryKeyConstraint("sending_id", "document_id", name=op.f("sending_document_pkey")),
    )


def downgrade() -> None:
    """How reports left is lost; their states stay."""
    op.drop_table("sending_document")
    op.drop_table("sending")
