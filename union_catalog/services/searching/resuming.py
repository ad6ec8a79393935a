"""The next page of an answer to another query than the one that was typed: its cursor holds that query.

So no page asks twice what was meant, and pages neither double nor skip when records change between two of them: the correction stays what
it was on the first page.
"""

import base64
import binascii
import hashlib
from dataclasses import replace

import msgspec

from union_catalog.errors import InvalidInput
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import MAX_LENGTH, parse
from union_catalog.services.views import Corrected

_MARK = "~"  # no engine's cursor begins so


class _Resumption(msgspec.Struct, frozen=True, array_like=True):
    typed: bytes
    query: str
    exact_total: int
    cursor: str


def cursor_of(request: SearchRequest, corrected: Corrected, cursor: str) -> str:
    """The cursor that continues ``request`` where an answer to the corrected query ended at the engine's ``cursor``."""
    packed = msgspec.msgpack.encode(_Resumption(_digest(request), corrected.query, corrected.exact_total, cursor))
    return _MARK + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def resumed(request: SearchRequest) -> tuple[SearchRequest, Corrected] | None:
    """The request that a corrected answer goes on with; None for any other. Raises InvalidInput for a cursor of another query."""
    if request.cursor is None or not request.cursor.startswith(_MARK):
        return None
    told = request.cursor.removeprefix(_MARK)
    try:
        packed = base64.b64decode(told.encode("ascii") + b"=" * (-len(told) % 4), altchars=b"-_", validate=True)
        found = msgspec.msgpack.decode(packed, type=_Resumption)
    except (UnicodeEncodeError, binascii.Error, msgspec.MsgspecError) as error:
        raise InvalidInput("bad_cursor", name="cursor") from error
    if found.typed != _digest(request) or len(found.query) > MAX_LENGTH or found.exact_total < 0:
        raise InvalidInput("bad_cursor", name="cursor")
    return replace(request, query=parse(found.query), cursor=found.cursor), Corrected(found.query, found.exact_total)


def _digest(request: SearchRequest) -> bytes:
    return hashlib.blake2b(request.query.text.encode("utf-8", "surrogatepass"), digest_size=9).digest()
