"""Tasks are matters that climb"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("office_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("matter_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("task_office_id_fkey"), "office", ["office_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("task_matter_id_fkey"), "matter", ["matter_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("task_matter_id_key"), ["matter_id"])
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.alter_column("urgent", server_default=None)
    _climb()


def _climb() -> None:
    """What is still to be done is told of too."""
    connection = op.get_bind()
    undone = "select id, programme_id, opened_at from task where done_at is null"
    for id, programme_id, opened_at in connection.execute(sa.text(undone)).all():
        code = f"S-{id:04d}"
        matter = connection.execute(
            sa.text(
                "insert into matter (programme_id, kind, key, code, area, ladder, since, next_at, reached, round,"
                " closed_why) values (:programme, 'task', :key, :code, '', 'a task', :at, :at, -1, 0, '') returning id"
            ),
            {"programme": programme_id, "key": f"task/{code}", "code": code, "at": opened_at},
        ).scalar_one()
        connection.execute(sa.text("update task set matter_id = :matter where id = :id"), {"matter": matter, "id": id})


def downgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("task_matter_id_key"), type_="unique")
        batch_op.drop_constraint(batch_op.f("task_matter_id_fkey"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("task_office_id_fkey"), type_="foreignkey")
        for name in ("matter_id", "channel", "office_id", "urgent"):
            batch_op.drop_column(name)
    op.execute("delete from notice where matter_id in (select id from matter where kind = 'task')")
    op.execute("delete from matter where kind = 'task'")
