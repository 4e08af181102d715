"""Find what ended badly"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "message_ended_badly_ix",
        "message",
        ["created_at"],
        sqlite_where=sa.text("state IN ('failed', 'in_doubt')"),
        postgresql_where=sa.text("state IN ('failed', 'in_doubt')"),
    )


def downgrade() -> None:
    op.drop_index("message_ended_badly_ix", "message")
