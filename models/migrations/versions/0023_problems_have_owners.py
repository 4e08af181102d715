"""A matter knows who has it, who gave it and whom it is about; a problem knows where it is and what comes next"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OFFICES = ("owner_id", "giver_id", "subject_id")


def upgrade() -> None:
    with op.batch_alter_table("matter", schema=None) as batch_op:
        for name in OFFICES:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"matter_{name}_fkey"), "office", [name], ["id"])
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("village", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("station", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("affected", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("observed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("issue_merged_into_fkey"), "matter", ["merged_into"], ["id"])


def downgrade() -> None:
    """Who had a problem and where it was is in its events too."""
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("issue_merged_into_fkey"), type_="foreignkey")
        for name in ("merged_into", "restricted", "due_at", "observed_at", "affected", "station", "village"):
            batch_op.drop_column(name)
    with op.batch_alter_table("matter", schema=None) as batch_op:
        for name in OFFICES:
            batch_op.drop_constraint(batch_op.f(f"matter_{name}_fkey"), type_="foreignkey")
            batch_op.drop_column(name)
