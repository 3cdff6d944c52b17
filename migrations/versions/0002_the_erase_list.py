"""The erase list."""

import sqlalchemy as sa
from alembic import op

revision = "0002_erasure"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Digests of erased receipts."""
    op.create_table(
        "erasure",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erasure")),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("erasure")
