"""Forums to rehearse with, when each is erased, and codes that no forum gets again."""

import sqlalchemy as sa
from alembic import op

revision = "0011_rehearsal"
down_revision = "0010_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forums to rehearse with, when each is erased, and codes that no forum gets again."""

    op.create_table(
        "retired_code",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_retired_code")),
    )
    op.add_column("forum", sa.Column("rehearsal_of", sa.String(length=6), nullable=True))
    op.add_column("forum", sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Undo."""

    op.drop_column("forum", "erase_at")
    op.drop_column("forum", "rehearsal_of")
    op.drop_table("retired_code")
