"""Clocks of the stage, run of show, lines to speakers, pairing of devices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_stage"
down_revision = "0002_erasure"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Clocks of the stage, run of show, lines to speakers, pairing of devices."""
    op.create_table(
        "agenda_item",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_round", sa.Boolean(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_agenda_item_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "position", name=op.f("pk_agenda_item")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_message_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("uq_message_forum_id_number", ["forum_id", "number"], unique=True)

    op.create_table(
        "pairing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=6), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_pairing_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.create_index("uq_pairing_forum_id_number", ["forum_id", "number"], unique=True)
        batch_op.create_index("uq_pairing_forum_id_role_device", ["forum_id", "role", "device"], unique=True)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allowed", sa.Integer(), server_default="180", nullable=False))

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_out", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("interpreter", sa.String(length=8), server_default="none", nullable=False))
        batch_op.add_column(sa.Column("look", sa.String(length=8), server_default="light", nullable=False))
        batch_op.add_column(sa.Column("answer_seconds", sa.Integer(), server_default="180", nullable=False))
        batch_op.add_column(sa.Column("round_minutes", sa.Integer(), server_default="90", nullable=False))
        batch_op.add_column(sa.Column("round_started", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("agenda", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("last_message", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "passed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False
            )
        )


def downgrade() -> None:
    """Back to the tables before."""
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("passed")

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_column("last_message")
        batch_op.drop_column("agenda")
        batch_op.drop_column("round_started")
        batch_op.drop_column("round_minutes")
        batch_op.drop_column("answer_seconds")
        batch_op.drop_column("look")
        batch_op.drop_column("interpreter")
        batch_op.drop_column("read_out")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("allowed")

    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.drop_index("uq_pairing_forum_id_role_device")
        batch_op.drop_index("uq_pairing_forum_id_number")

    op.drop_table("pairing")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("uq_message_forum_id_number")

    op.drop_table("message")
    op.drop_table("agenda_item")
