"""What owners are reminded of, the logo, days off, and the forum before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_offices"
down_revision = "0007_organisers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What owners are reminded of, the logo, days off, and the forum before."""
    op.create_table(
        "logo",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_logo_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", name=op.f("pk_logo")),
    )
    op.create_table(
        "owner_address",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_owner_address_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "owner", name=op.f("pk_owner_address")),
    )
    op.create_table(
        "reminder",
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name=op.f("fk_reminder_forum_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forum_id", "item", "day", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carried_from", sa.Integer(), nullable=True))

    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="{}", nullable=False
            )
        )
        batch_op.add_column(sa.Column("predecessor", sa.String(length=6), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("forum", schema=None) as batch_op:
        batch_op.drop_column("predecessor")
        batch_op.drop_column("days")

    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_column("carried_from")

    op.drop_table("reminder")
    op.drop_table("owner_address")
    op.drop_table("logo")
