"""What was attached to a step about a problem"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enclosure",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["issue_event.id"], name=op.f("enclosure_event_id_fkey")),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("enclosure_pkey")),
    )
    with op.batch_alter_table("enclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("enclosure_digest_ix"), ["digest"], unique=False)


def downgrade() -> None:
    """The files of steps are nobody's afterwards; those of reports stay."""
    with op.batch_alter_table("enclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("enclosure_digest_ix"))
    op.drop_table("enclosure")
