"""Who is on duty at the posko"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["office.id"], name=op.f("duty_shift_added_by_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("duty_shift_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("duty_shift_pkey")),
    )
    op.create_index("duty_shift_desk_ix", "duty_shift", ["desk", "ends_at"])


def downgrade() -> None:
    op.drop_table("duty_shift")
