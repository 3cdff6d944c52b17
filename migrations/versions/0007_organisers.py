"""Organisers: accounts, invitations, sign-ins; and what is known of devices that redeemed a role link."""

import sqlalchemy as sa
from alembic import op

revision = "0007_organisers"
down_revision = "0006_participants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Organisers: accounts, invitations, sign-ins; and what is known of devices that redeemed a role link."""

    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("agency", sa.String(length=300), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
    )
    op.create_table(
        "organiser",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("agency", sa.String(length=300), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("totp", sa.Text(), nullable=True),
        sa.Column("totp_used", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organiser")),
        sa.UniqueConstraint("name", name=op.f("uq_organiser_name")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("organiser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_sign_in_organiser_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session"], ["session.digest"], name=op.f("fk_sign_in_session"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("session", name=op.f("uq_sign_in_session")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("device", sa.String(length=80), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_column("device")
        batch_op.drop_column("ended")

    op.drop_table("sign_in")
    op.drop_table("organiser")
    op.drop_table("invitation")
