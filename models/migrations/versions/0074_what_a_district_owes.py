"""What one district of an election owed is found by its area, not among what all districts of all desks owed"""

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("matter_area_ix", "matter", ["programme_id", "area"])


def downgrade() -> None:
    op.drop_index("matter_area_ix", "matter")
