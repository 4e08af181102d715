"""Roll calls: what was asked about contacts, when somebody answered for them, and which were withdrawn"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact") as batch_op:
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "roll_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("roll_call_contact_id_fkey")),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("roll_call_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("roll_call_pkey")),
    )
    op.create_index("roll_call_contact_id_ix", "roll_call", ["contact_id"])


def downgrade() -> None:
    """The older shape knows no roll call: its matters are closed as tasks that are done, for what was told stays."""
    op.execute(
        "UPDATE matter SET kind = 'task', next_at = NULL, closed_at = COALESCE(closed_at, since), "
        "closed_why = 'unknown to this version' WHERE kind = 'roll_call'"
    )
    op.drop_table("roll_call")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("unconfirmed")
        batch_op.drop_column("verified_at")
