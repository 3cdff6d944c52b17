"""The record: what was promised, progress and evidence, objections, papers, owner links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_record"
down_revision = "0004_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("follow_up_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_dispute_follow_up_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_dispute_forum_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_dispute_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_forum_id", ["forum_id"], unique=False)

    op.create_table(
        "progress",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("follow_up_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_progress_follow_up_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_progress_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
    )
    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.create_index("ix_progress_forum_id", ["forum_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("progress_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["progress_id"], ["progress.id"], name=op.f("fk_evidence_progress_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_progress_id", ["progress_id"], unique=False)

    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.add_column(sa.Column("duration", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("authority", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("needs_budget", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("element", sa.String(length=2), nullable=True))
        batch_op.add_column(sa.Column("indicator", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("agreed", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "papers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="{}", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "written_days",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )

    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.String(length=200), nullable=True))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("noted_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_role", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("confirmed_speaker", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("no_promise", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("no_promise")
        batch_op.drop_column("confirmed_speaker")
        batch_op.drop_column("confirmed_role")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("noted_by")

    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_column("owner")

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_column("written_days")
        batch_op.drop_column("papers")

    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_column("agreed")
        batch_op.drop_column("indicator")
        batch_op.drop_column("element")
        batch_op.drop_column("needs_budget")
        batch_op.drop_column("authority")
        batch_op.drop_column("duration")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_progress_id")

    op.drop_table("evidence")
    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_forum_id")

    op.drop_table("progress")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_forum_id")

    op.drop_table("dispute")
