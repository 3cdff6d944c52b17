"""The mail server as a setting: one address and who writes, refused by name when wrong."""

from typing import Any

import pytest

from live.settings import BadSetting, read


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://kabid:rahasia%40@mail.example", ("mail.example", 587, "starttls", "kabid", "rahasia@")),
        ("smtps://mail.example", ("mail.example", 465, "tls", "", "")),
        ("smtp+plain://127.0.0.1:2525", ("127.0.0.1", 2525, "none", "", "")),
    ],
)
def test_the_mail_server_is_one_address(url: str, expected: tuple[Any, ...]) -> None:
    smtp = read({"JARING_SMTP_URL": url, "JARING_SMTP_FROM": "jaring@dinas.example"}).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.security, smtp.user, smtp.password) == expected


@pytest.mark.parametrize(
    ("url", "sender"), [("http://mail.example", "a@b"), ("smtp://", "a@b"), ("smtp://mail.example", "")]
)
def test_a_wrong_mail_setting_is_refused_with_its_name(url: str, sender: str) -> None:
    with pytest.raises(BadSetting, match="JARING_SMTP"):
        read({"JARING_SMTP_URL": url, "JARING_SMTP_FROM": sender})
