"""Sending a letter through the office's mail server (SMTP, RFC 5321). Blocks: call it in a thread."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from live.settings import Smtp

SECONDS = 20
"""How long a mail server may take for anything."""


def send(server: Smtp, to: str, subject: str, text: str) -> None:
    """Hand one letter over; raises ``smtplib.SMTPException`` or ``OSError`` when the server did not take it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = server.sender, to, " ".join(subject.split())
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=server.sender.rpartition("@")[2])
    # No answering machine answers it (RFC 3834).
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    with _connected(server) as line:
        if server.user:
            line.login(server.user, server.password)
        line.send_message(letter)


def _connected(server: Smtp) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=secure)
    line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.security == "starttls":
        line.starttls(context=secure)
    return line
