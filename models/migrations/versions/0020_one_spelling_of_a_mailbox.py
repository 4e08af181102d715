"""One spelling of a mailbox"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE contact SET address = lower(address) WHERE channel = 'email' AND address <> lower(address)")


def downgrade() -> None:
    pass
