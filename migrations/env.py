"""Alembic runs inside a connection that the program opened; see :mod:`live.store.migrating`."""

from alembic import context
from sqlalchemy import Connection

from live.store.models import Base


def run(connection: Connection) -> None:
    """Run the wanted migrations in one transaction each."""
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
