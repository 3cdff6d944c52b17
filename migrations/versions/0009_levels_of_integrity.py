"""Levels of integrity: who took part since when, seat codes, and supports that were declared void."""

import sqlalchemy as sa
from alembic import op

revision = "0009_integrity"
down_revision = "0008_offices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Levels of integrity: who took part since when, seat codes, and supports that were declared void."""

    op.create_table(
        "identity",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_identity_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "participant", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_forum_id_since", "identity", ["forum_id", "since"], unique=False)
    op.create_table(
        "seat_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("participant", sa.String(length=32), nullable=True),
        sa.Column("taken", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_seat_code_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_seat_code_digest")),
    )
    op.create_index("uq_seat_code_forum_id_number", "seat_code", ["forum_id", "number"], unique=True)
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.add_column(sa.Column("integrity", sa.String(length=8), server_default="open", nullable=False))
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voided", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("voided")
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_column("integrity")
    op.drop_table("seat_code")
    op.drop_table("identity")
