"""What the desk remembers: undo, notices, rude words, likeness, why a question was chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_desk"
down_revision = "0003_stage"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the desk remembers: undo, notices, rude words, likeness, why a question was chosen."""
    op.create_table(
        "undo",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("images", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_undo_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "seq", name=op.f("pk_undo")),
    )
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(
            sa.Column(
                "rude", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "polite", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False
            )
        )

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "similar", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "chosen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="{}", nullable=False
            )
        )

    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.add_column(sa.Column("via", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Without them."""
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.drop_column("via")

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("chosen")
        batch_op.drop_column("similar")

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_column("polite")
        batch_op.drop_column("rude")
        batch_op.drop_column("notice")

    op.drop_table("undo")
