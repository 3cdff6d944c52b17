"""What participants tell of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0006_participants"
down_revision = "0005_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What participants tell of themselves."""
    op.create_table(
        "attendee",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant", sa.String(length=32), nullable=False),
        sa.Column("group", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_attendee_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "participant", name=op.f("pk_attendee")),
    )
    op.create_table(
        "call",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_call_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "participant", name=op.f("pk_call")),
    )
    op.create_table(
        "contact",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(length=12), nullable=False),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_contact_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "participant", name=op.f("pk_contact")),
    )
    op.create_table(
        "feedback",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_feedback_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "participant", "about", name=op.f("pk_feedback")),
    )


def downgrade() -> None:
    """Undo: what participants tell of themselves."""
    op.drop_table("feedback")
    op.drop_table("contact")
    op.drop_table("call")
    op.drop_table("attendee")
