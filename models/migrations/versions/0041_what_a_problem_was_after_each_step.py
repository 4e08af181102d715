"""A step of a problem says how grave it was after it, who had it, and when its next step was due"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("severity", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("issue_event_owner_id_fkey"), "office", ["owner_id"], ["id"])


def downgrade() -> None:
    """What a problem was in between is lost."""
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("issue_event_owner_id_fkey"), type_="foreignkey")
        for name in ("due_at", "owner_id", "severity"):
            batch_op.drop_column(name)
