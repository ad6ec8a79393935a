"""Letters by a call: POST of JSON to a gateway that passes them on as short messages or over WeChat.

The body is {"id", "to", "language", "subject", "text"}. Three headers come with it: ``Idempotency-Key`` is the letter's id, the same
however often it is sent; ``X-Union-Catalog-Timestamp`` the second of the call since 1970; ``X-Union-Catalog-Signature`` "v1=" and the
HMAC-SHA256, in hexadecimal, of the timestamp, a full stop and the body, under the secret that both sides know. A gateway refuses what
is signed wrongly or is older than some minutes, and passes a letter on once, whatever comes twice.
"""

import hmac
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import msgspec

from api.notifiers.answers import UNREACHABLE
from union_catalog.clock import Clock
from union_catalog.notices.message import Channel, Delivery, Letter

SECONDS = 10.0
_TRY_AGAIN = frozenset({408, 409, 425, 429})


class GatewayNotifier:
    """One gateway."""

    channel: Channel = "phone"
    repeatable = True

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        self._url, self._secret, self._clock = urlsplit(url), secret.encode(), clock

    def send(self, letter: Letter) -> Delivery:
        """Hands one letter over. A redirect is a refusal: a reader's number goes nowhere but to the address that was set."""
        body = msgspec.json.encode(letter)
        try:
            status = self._post(body, letter.id)
        except (OSError, HTTPException) as error:
            return Delivery("later", f"{UNREACHABLE}:{type(error).__name__}")
        if status < 300:
            return Delivery("sent")
        return Delivery("later" if status >= 500 or status in _TRY_AGAIN else "refused", str(status))

    def _post(self, body: bytes, letter_id: str) -> int:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=SECONDS)
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": letter_id,
            "X-Union-Catalog-Timestamp": timestamp,
            "X-Union-Catalog-Signature": signature(self._secret, timestamp, body),
        }
        target = (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing is kept open."""


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What the header holds."""
    return "v1=" + hmac.new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()
