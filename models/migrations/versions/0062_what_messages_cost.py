"""What messages cost: of each try, added up by election, and by how much a budget was raised"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("cost", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "spending",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("rupiah", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("spending_programme_id_fkey")),
        sa.PrimaryKeyConstraint("programme_id", "channel", "carrier", name=op.f("spending_pkey")),
    )
    op.create_table(
        "budget_raise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("rupiah", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("budget_raise_programme_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("budget_raise_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("budget_raise_pkey")),
    )
    op.create_index("budget_raise_programme_ix", "budget_raise", ["programme_id"])


def downgrade() -> None:
    """What messages cost is lost; what was sent is not."""
    op.drop_table("budget_raise")
    op.drop_table("spending")
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.drop_column("cost")
