"""When somebody above hears of a matter, as those below were told"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matter", sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE notice SET held = 'quiet hours' WHERE held = 'named hour'")
    op.drop_column("matter", "named_at")
