"""What is ordered on a page, for the clock to do"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.String(length=2000), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("desk_order_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("desk_order_pkey")),
    )
    waits = sa.text("done_at IS NULL")
    op.create_index("desk_order_waits_ix", "desk_order", ["ordered_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("desk_order_desk_ix", "desk_order", ["desk", "id"])


def downgrade() -> None:
    """Who ordered what on a page is lost; what came of it stands where it was done."""
    op.drop_table("desk_order")
