"""Another way for who gave no sign"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = (("notice", "other_way_at"), ("channel", "pass_at"), ("link", "seen_at"))


def upgrade() -> None:
    for table, name in ADDED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    there = sa.text("other_way_at IS NOT NULL")
    op.create_index("notice_other_way_ix", "notice", ["other_way_at"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index("notice_other_way_ix", table_name="notice")
    for table, name in ADDED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(name)
