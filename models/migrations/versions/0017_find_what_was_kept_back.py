"""Find what was written to the outbox folder instead of being sent"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEPT_BACK = sa.text("substr(provider_id, 1, 5) = 'file:'")


def upgrade() -> None:
    op.create_index(
        "message_kept_back_ix",
        "message",
        ["settled_at"],
        sqlite_where=KEPT_BACK,
        postgresql_where=KEPT_BACK,
    )


def downgrade() -> None:
    op.drop_index("message_kept_back_ix", "message")
