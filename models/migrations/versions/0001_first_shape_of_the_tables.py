"""First shape of the tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("document_pkey")),
        sa.UniqueConstraint("kind", "digest", name=op.f("document_kind_digest_key")),
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("mark_pkey")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("sms_name", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("office_pkey")),
        sa.UniqueConstraint("desk", "code", name=op.f("office_desk_code_key")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("contact_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("contact_pkey")),
        sa.UniqueConstraint("office_id", "channel", name=op.f("contact_office_id_channel_key")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["document.id"], name=op.f("programme_desk_id_fkey")),
        sa.ForeignKeyConstraint(["election_id"], ["document.id"], name=op.f("programme_election_id_fkey")),
        sa.ForeignKeyConstraint(["policy_id"], ["document.id"], name=op.f("programme_policy_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("programme_pkey")),
        sa.UniqueConstraint("code", name=op.f("programme_code_key")),
    )
    op.create_table(
        "matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("ladder", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_why", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("matter_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("matter_pkey")),
        sa.UniqueConstraint("key", name=op.f("matter_key_key")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index(
            "matter_due_ix",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
        )
        batch_op.create_index("matter_programme_code_key", ["programme_id", "code"], unique=True)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("say", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("message_contact_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("message_office_id_fkey")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("message_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_pkey")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("message_contact_ix", ["contact_id", "created_at"], unique=False)
        batch_op.create_index(
            "message_due_ix",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("task_programme_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pkey")),
        sa.UniqueConstraint("why", "subject", name=op.f("task_why_subject_key")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("attempt_message_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("attempt_pkey")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("attempt_message_id_ix"), ["message_id"], unique=False)

    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("issue_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("issue_pkey")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=10), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("say", sa.String(length=12), nullable=False),
        sa.Column("ladder", sa.String(length=40), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("held", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("notice_matter_id_fkey")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("notice_message_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("notice_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_pkey")),
        sa.UniqueConstraint(
            "matter_id",
            "round",
            "rung",
            "office_id",
            "channel",
            "occasion",
            name=op.f("notice_matter_id_round_rung_office_id_channel_occasion_key"),
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("notice_message_ix", ["message_id"], unique=False)
        batch_op.create_index(
            "notice_office_ix",
            ["office_id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index(
            "notice_release_ix",
            ["release_at"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )

    op.create_table(
        "obligation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=20), nullable=True),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("content", sa.String(length=10), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("obligation_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("obligation_pkey")),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(
            "obligation_compile_ix",
            ["compile_at"],
            unique=False,
            sqlite_where=sa.text("compile_at IS NOT NULL"),
            postgresql_where=sa.text("compile_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("obligation_due_at_ix"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("obligation_duty_ix"), ["duty"], unique=False)

    op.create_table(
        "issue_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=15), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("issue_event_issue_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("issue_event_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("issue_event_pkey")),
    )
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("issue_event_issue_id_ix"), ["issue_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=10), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("report_obligation_id_fkey")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("report_office_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_pkey")),
        sa.UniqueConstraint("obligation_id", "digest", name=op.f("report_obligation_id_digest_key")),
        sa.UniqueConstraint("obligation_id", "version", name=op.f("report_obligation_id_version_key")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("document_digest", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("submission_obligation_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("submission_pkey")),
        sa.UniqueConstraint("obligation_id", "version", name=op.f("submission_obligation_id_version_key")),
    )


def downgrade() -> None:
    op.drop_table("submission")
    op.drop_table("report")
    with op.batch_alter_table("issue_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("issue_event_issue_id_ix"))

    op.drop_table("issue_event")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("obligation_duty_ix"))
        batch_op.drop_index(batch_op.f("obligation_due_at_ix"))
        batch_op.drop_index(
            "obligation_compile_ix",
            sqlite_where=sa.text("compile_at IS NOT NULL"),
            postgresql_where=sa.text("compile_at IS NOT NULL"),
        )

    op.drop_table("obligation")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "notice_release_ix",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.drop_index(
            "notice_office_ix",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.drop_index("notice_message_ix")

    op.drop_table("notice")
    op.drop_table("issue")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("attempt_message_id_ix"))

    op.drop_table("attempt")
    op.drop_table("task")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "message_due_ix", sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL")
        )
        batch_op.drop_index("message_contact_ix")

    op.drop_table("message")
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_index("matter_programme_code_key")
        batch_op.drop_index(
            "matter_due_ix",
            sqlite_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
        )

    op.drop_table("matter")
    op.drop_table("programme")
    op.drop_table("contact")
    op.drop_table("office")
    op.drop_table("mark")
    op.drop_table("document")
