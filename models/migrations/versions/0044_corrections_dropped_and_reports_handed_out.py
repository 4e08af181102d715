"""Which correction a version is; versions that are dropped, and reports that were handed out"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

HANDED_OUT = """
    UPDATE submission SET state = 'handed_out' WHERE state = 'approved' AND EXISTS (
        SELECT 1 FROM submission_event AS own WHERE own.submission_id = submission.id AND own.step = 'handed_out'
        AND own.edition = submission.edition)
"""


def upgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("correction", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE submission SET correction = version - 1")
    op.execute(HANDED_OUT)
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("correction", server_default=None)


def downgrade() -> None:
    """What was dropped is a draft again, and what was handed out is approved; the steps that say so are lost."""
    op.execute("DELETE FROM submission_event WHERE step IN ('dropped', 'replaced', 'gathered')")
    op.execute("UPDATE submission SET state = 'draft' WHERE state = 'dropped'")
    op.execute("UPDATE submission SET state = 'approved' WHERE state = 'handed_out'")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("correction")
