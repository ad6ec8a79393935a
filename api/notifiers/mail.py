"""Letters by e-mail, over SMTP (RFC 5321), with STARTTLS where the server has it and TLS from the beginning for smtps://.

A letter that the server has not accepted with a 250 at the end of its text was not handed over; one whose text was sent and whose answer
never came may have been.
"""

import smtplib
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from api.notifiers.answers import UNREACHABLE
from union_catalog.clock import Clock
from union_catalog.notices.message import Channel, Delivery, Letter

SECONDS = 10.0
_PORTS = {"smtp": 25, "smtps": 465}


class MailNotifier:
    """One server. The connection stays open from letter to letter."""

    channel: Channel = "email"
    repeatable = False

    def __init__(self, url: str, sender: str, clock: Clock) -> None:
        """``url``: smtp://user:password@host:port or smtps://…; ``sender``: the address from which letters come."""
        self._url, self._sender, self._clock = urlsplit(url), sender, clock
        self._connection: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> Delivery:
        """Hands one letter over."""
        try:
            message = self._message(letter).as_bytes()
        except (MessageError, ValueError, UnicodeError):
            return Delivery("refused", "address")
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Delivery("later", f"{UNREACHABLE}:{type(error).__name__}")
        return self._hand_over(server, letter, message)

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{letter.id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine shall answer it
        message["Content-Language"] = letter.language
        message.set_content(letter.text)
        if len(message["To"].addresses) != 1 or not letter.to.isascii():
            raise ValueError("not one address")
        return message

    def _hand_over(self, server: smtplib.SMTP, letter: Letter, message: bytes) -> Delivery:
        try:
            for code, _ in (server.mail(self._sender.rpartition("<")[2].rstrip(">")), server.rcpt(letter.to)):
                if code >= 400:
                    self._reset(server)
                    return _outcome(code)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Delivery("later", type(error).__name__)
        return self._send_text(server, message)

    def _send_text(self, server: smtplib.SMTP, message: bytes) -> Delivery:
        try:
            code, _ = server.data(message)
        except smtplib.SMTPDataError as error:  # it would not hear the text
            self._reset(server)
            return _outcome(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Delivery("unknown", type(error).__name__)
        if code >= 400:
            self._reset(server)
        return _outcome(code)

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _open(self) -> smtplib.SMTP:
        if self._connection is not None and self._lives(self._connection):
            return self._connection
        self.close()
        self._connection = _connected(self._url)
        return self._connection

    def _lives(self, server: smtplib.SMTP) -> bool:
        try:
            return server.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        """Says goodbye to the server."""
        server, self._connection = self._connection, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


def _connected(url: SplitResult) -> smtplib.SMTP:
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        _greet(server, url)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _greet(server: smtplib.SMTP, url: SplitResult) -> None:
    server.ehlo_or_helo_if_needed()
    if url.scheme == "smtp" and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    elif url.scheme == "smtp" and url.username:
        raise smtplib.SMTPNotSupportedError("no password without TLS")
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))


def _outcome(code: int) -> Delivery:
    if code < 400:
        return Delivery("sent")
    return Delivery("later" if code < 500 else "refused", str(code))
