"""Facts of the installation: what is made once and then shared by every process."""

import secrets

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from live.store.database import Database
from live.store.models import Installation


async def secret(database: Database) -> bytes:
    """The installation's secret: made once, 32 random bytes, the same for every process and after every restart."""
    known = await _read(database)
    if known is None:
        try:
            async with database.writing() as session:
                session.add(Installation(name="secret", value=secrets.token_hex(32)))
        except IntegrityError:  # another process was first
            pass
        known = await _read(database)
    if known is None:
        raise AssertionError("the secret was just written")
    return bytes.fromhex(known)


async def _read(database: Database) -> str | None:
    async with database.reading() as session:
        return await session.scalar(select(Installation.value).where(Installation.name == "secret"))
