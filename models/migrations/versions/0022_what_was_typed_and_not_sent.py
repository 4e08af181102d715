"""What was typed and not sent"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("draft_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("draft_pkey")),
        sa.UniqueConstraint("token_hash", "office_id", "path", name=op.f("draft_token_hash_office_id_path_key")),
    )
    with op.batch_alter_table("draft") as batch_op:
        batch_op.create_index("draft_office_ix", ["office_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("draft") as batch_op:
        batch_op.drop_index("draft_office_ix")

    op.drop_table("draft")
