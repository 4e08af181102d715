"""Find who shares an address"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("contact_address_ix", "contact", ["address"])


def downgrade() -> None:
    op.drop_index("contact_address_ix", table_name="contact")
