"""A database that the tests of one module share, each with forums of its own: making one costs half a second."""

from contextlib import AbstractAsyncContextManager

import pytest

from tests.conftest import empty_database

KINDS = ("sqlite", "postgres")


def shared_url(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> AbstractAsyncContextManager[str]:
    """The address of a migrated database of the kind ``request.param``."""
    return empty_database(request, factory.mktemp("shared"))
