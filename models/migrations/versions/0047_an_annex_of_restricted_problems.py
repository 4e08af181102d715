"""The frozen facts of a report's annex of restricted problems, apart from those of the report"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("restricted", sa.Text(), nullable=True))


def downgrade() -> None:
    """Annexes are lost; what was made of them is a file that nobody is offered any more."""
    op.execute(
        "DELETE FROM sending_document WHERE document_id IN (SELECT id FROM submission_document WHERE form = 'terbatas')"
    )
    op.execute("DELETE FROM submission_document WHERE form = 'terbatas'")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("restricted")
