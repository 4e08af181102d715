"""A report to the Government has a state, steps, words that are edited, and documents in several forms"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# What was filed before left without an approval, and nobody is to be asked for one now.
LEFT = "UPDATE submission SET state = 'sent' WHERE obligation_id IN (SELECT obligation_id FROM report)"
OUT = """INSERT INTO submission_document (submission_id, edition, form, file_name, digest, tries)
    SELECT id, 0, 'pdf', document, document_digest, tries FROM submission ORDER BY id"""
BACK = """UPDATE submission SET {0} = (SELECT d.{1} FROM submission_document d
    WHERE d.submission_id = submission.id AND d.form = 'pdf' AND d.edition = submission.edition)"""


def _by(*more: sa.Column[Any]) -> list[sa.Column[Any]]:
    """Who did it, by which way and when."""
    return [
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *more,
    ]


def _of(table: str, *more: str) -> list[sa.Constraint]:
    """The keys of a table whose rows are of a submission, and of others."""
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_pkey")),
        *(
            sa.ForeignKeyConstraint([f"{to}_id"], [f"{to}.id"], name=op.f(f"{table}_{to}_id_fkey"))
            for to in ("submission", *more)
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "submission_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        *_by(sa.Column("text", sa.Text(), nullable=False)),
        *_of("submission_event", "office"),
    )
    op.create_index(op.f("submission_event_submission_id_ix"), "submission_event", ["submission_id"])
    op.create_table(
        "narrative_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("chapter", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        *_by(),
        *_of("narrative_edit", "office"),
    )
    op.create_index(op.f("narrative_edit_submission_id_ix"), "narrative_edit", ["submission_id"])
    op.create_table(
        "submission_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        *_of("submission_document"),
        sa.UniqueConstraint(
            "submission_id", "edition", "form", name=op.f("submission_document_submission_id_edition_form_key")
        ),
    )
    op.create_index(op.f("submission_document_digest_ix"), "submission_document", ["digest"])
    op.execute(OUT)
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=12), nullable=False, server_default="draft"))
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("approved", sa.Text(), nullable=True))
        for name in ("document", "document_digest", "tries"):
            batch_op.drop_column(name)
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("state", server_default=None)
        batch_op.alter_column("edition", server_default=None)
    op.execute(LEFT)


def downgrade() -> None:
    """Each version keeps the PDF of its present words. What was done with it and how its words changed is lost."""
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("document_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.execute(BACK.format("document", "file_name"))
    op.execute(BACK.format("document_digest", "digest"))
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("tries", server_default=None)
        for name in ("approved", "edition", "state"):
            batch_op.drop_column(name)
    for name in ("submission_document", "narrative_edit", "submission_event"):
        op.drop_table(name)
