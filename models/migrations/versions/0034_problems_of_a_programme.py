"""The problems of a programme are found without its reports"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    there = sa.text("kind = 'issue'")
    op.create_index("matter_problem_ix", "matter", ["programme_id"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index("matter_problem_ix", table_name="matter")
