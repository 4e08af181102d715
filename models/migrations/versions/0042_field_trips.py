"""Field trips of area teams, and the photos that came with them"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("village", sa.String(length=20), nullable=False),
        sa.Column("station", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("going", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_why", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("trip_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("trip_pkey")),
        sa.UniqueConstraint("once", name=op.f("trip_once_key")),
    )
    op.create_table(
        "trip_photo",
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"], name=op.f("trip_photo_trip_id_fkey")),
        sa.PrimaryKeyConstraint("trip_id", "number", name=op.f("trip_photo_pkey")),
    )
    op.create_index(op.f("trip_photo_digest_ix"), "trip_photo", ["digest"])


def downgrade() -> None:
    op.drop_table("trip_photo")
    op.drop_table("trip")
