"""Where the next page begins, as text that only we read.

A cursor holds the keys of the last record shown, not a count of records skipped, so that pages neither double nor skip. It is bound to
its request: with another query, filter or order it is refused.
"""

import base64
import binascii
import hashlib
import re

import msgspec

from union_catalog.errors import InvalidInput
from union_catalog.search.engine import RELEVANCE_DEPTH, SearchRequest

_TITLE_KEY = re.compile(r"[0-9a-z.+#-]{1,4096}")
_HIGHEST = (1 << 63) - 1


class Position(msgspec.Struct, frozen=True, array_like=True):
    """The last record of a page. ``score`` and ``seen`` (how many were shown so far) matter only where the order is by score.

    ``key`` is of order.py: rank, year key or title key, as the request's order demands.
    """

    key: int | str
    score: int = 0
    seen: int = 0


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    request: bytes
    position: Position


def encode(request: SearchRequest, position: Position) -> str:
    """The cursor that continues a request after a position."""
    packed = msgspec.msgpack.encode(_Cursor(_fingerprint(request), position))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(request: SearchRequest) -> Position | None:
    """The position of a request's cursor, None for the first page. Raises InvalidInput for one that was not made for this request."""
    if request.cursor is None:
        return None
    try:
        packed = base64.b64decode(request.cursor.encode("ascii") + b"=" * (-len(request.cursor) % 4), altchars=b"-_", validate=True)
        found = msgspec.msgpack.decode(packed, type=_Cursor)
    except (UnicodeEncodeError, binascii.Error, msgspec.MsgspecError) as error:
        raise InvalidInput("bad_cursor", name="cursor") from error
    if found.request != _fingerprint(request) or not _sound(found.position, request.sort == "title"):
        raise InvalidInput("bad_cursor", name="cursor")
    return found.position


def _sound(position: Position, by_title: bool) -> bool:
    if not 0 <= position.seen <= RELEVANCE_DEPTH or not 0 <= position.score <= _HIGHEST:
        return False
    if isinstance(position.key, str):
        return by_title and _TITLE_KEY.fullmatch(position.key) is not None
    return not by_title and 0 <= position.key <= _HIGHEST


def _fingerprint(request: SearchRequest) -> bytes:
    asked = repr((request.query.text, request.filters, request.sort, request.nearby))
    return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=9).digest()
