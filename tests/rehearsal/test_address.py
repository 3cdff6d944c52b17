import pytest

from live.rehearsal.address import Address, CannotGoOn, parse


def test_a_role_link_gives_its_token() -> None:
    assert parse("http://192.168.1.5:8000/enter#abc-DEF_1") == Address("http://192.168.1.5:8000", token="abc-DEF_1")


@pytest.mark.parametrize("path", ["/f/123456", "/f/123456/", "/f/123456/moderate", "/f/123456?lang=en"])
def test_any_page_of_a_forum_gives_its_code(path: str) -> None:
    assert parse("http://localhost:8000" + path) == Address("http://localhost:8000", code="123456")


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("HTTP://Tanya.Example:80/f/123456", "http://tanya.example"),
        ("https://tanya.example:443/f/123456", "https://tanya.example"),
        ("https://tanya.example:8443/f/123456", "https://tanya.example:8443"),
        ("http://[::1]:8000/f/123456", "http://[::1]:8000"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(typed: str, origin: str) -> None:
    assert parse(typed).origin == origin


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123456",
        "localhost:8000/f/123456",
        "ftp://host/f/123456",
        "http:///f/123456",
        "http://host:port/f/123456",
        "http://host/",
        "http://host/enter",
        "http://host/f/12345",
        "http://host/f/1234567",
    ],
)
def test_anything_else_is_refused_in_one_line(typed: str) -> None:
    with pytest.raises(CannotGoOn) as refused:
        parse(typed)
    assert "\n" not in str(refused.value)
