"""Recovery codes of organisers' second factors."""

import sqlalchemy as sa
from alembic import op

revision = "0010_second_factor"
down_revision = "0009_integrity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Recovery codes of organisers' second factors."""

    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("organiser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_recovery_code_organiser_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )


def downgrade() -> None:
    """Undo."""

    op.drop_table("recovery_code")
