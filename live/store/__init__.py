"""What is remembered: SQLAlchemy async on SQLite and PostgreSQL.

Importing this package first makes sure that every later ``import sqlite3`` gets a SQLite without the WAL-reset bug.
"""

from live.store import sqlite

sqlite.use_safe_sqlite()
