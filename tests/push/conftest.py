"""One server for all tests of a module, shared with the tests of the web."""

from tests.web.conftest import forum, house

__all__ = ["forum", "house"]
