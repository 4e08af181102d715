"""A rung is a step of a ladder only: when workers were last told of a message is when its bell rang"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE message RENAME COLUMN rung_at TO bell_at")


def downgrade() -> None:
    op.execute("ALTER TABLE message RENAME COLUMN bell_at TO rung_at")
