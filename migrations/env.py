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
        # On SQLite the whole chain is one transaction: processes that start together wait for each other at its
        # beginning, and whoever comes second finds everything done. PostgreSQL has a lock for that. Alembic takes
        # SQLite for a database without transactional DDL, which is true of Python's driver and not of a plain BEGIN.
        transaction_per_migration=not is_sqlite,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
