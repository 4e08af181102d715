"""A problem knows the report it was opened from, and a report may go back to what an earlier version said"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("report_obligation_id_digest_key"), type_="unique")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("obligation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("indicator", sa.String(length=60), nullable=True))
        batch_op.create_foreign_key(batch_op.f("issue_obligation_id_fkey"), "obligation", ["obligation_id"], ["id"])
        batch_op.create_unique_constraint(
            batch_op.f("issue_obligation_id_indicator_key"), ["obligation_id", "indicator"]
        )


def downgrade() -> None:
    """The older shape takes a digest once for each report: a version that repeats one gets its number into it."""
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("issue_obligation_id_indicator_key"), type_="unique")
        batch_op.drop_constraint(batch_op.f("issue_obligation_id_fkey"), type_="foreignkey")
        batch_op.drop_column("indicator")
        batch_op.drop_column("obligation_id")
    op.execute(
        "UPDATE report SET digest = substr(digest, 1, 53) || '~' || CAST(version AS VARCHAR(10)) WHERE EXISTS ("
        "SELECT 1 FROM report AS earlier WHERE earlier.obligation_id = report.obligation_id "
        "AND earlier.digest = report.digest AND earlier.version < report.version)"
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("report_obligation_id_digest_key"), ["obligation_id", "digest"])
