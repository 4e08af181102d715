"""Indices by which what is asked for every day is found among what is over"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

UNRESOLVED, UNDONE = sa.text("resolved_at IS NULL"), sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_index("report_office_ix", "report", ["office_id", "recorded_at"])
    op.create_index("issue_unresolved_ix", "issue", ["once"], sqlite_where=UNRESOLVED, postgresql_where=UNRESOLVED)
    op.create_index("task_undone_ix", "task", ["why"], sqlite_where=UNDONE, postgresql_where=UNDONE)


def downgrade() -> None:
    op.drop_index("task_undone_ix", "task")
    op.drop_index("issue_unresolved_ix", "issue")
    op.drop_index("report_office_ix", "report")
