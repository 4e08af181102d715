"""What an inbound is found by: the matters that it is about, and the files that came with it"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = op.create_table(
        "inbound_word",
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("inbound_word_inbound_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "inbound_id", name=op.f("inbound_word_pkey")),
    )
    op.create_index("inbound_word_inbound_ix", "inbound_word", ["inbound_id"])
    connection = op.get_bind()
    for row in connection.execute(sa.text("select id, about, files from inbound")).all():
        about, files = (json.loads(own) if isinstance(own, str) else own for own in (row.about, row.files))
        found = {*about, *(str(own["digest"]) for own in files if own.get("digest"))}
        if found:
            connection.execute(words.insert(), [{"word": word, "inbound_id": row.id} for word in sorted(found)])


def downgrade() -> None:
    """Nothing is lost: both stand in the message too."""
    op.drop_table("inbound_word")
