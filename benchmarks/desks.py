"""Desks that lend over HTTP: each scan is a reader's card and an item that lies at the desk's branch.

In the open loop every desk scans at its moments, whether or not what it sent before was answered, and a time is counted from the moment at
which the scan was due: a server that falls behind is not spared. In the closed loop a desk scans as soon as it has its answer.
"""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import msgspec
from sqlalchemy import text

from union_catalog.clock import SystemClock
from union_catalog.ids import new_id
from union_catalog.services import access
from union_catalog.storage.database import Database

_END_OF_HEAD = b"\r\n\r\n"
_IDLE = 1.0  # seconds after which a connection may have been closed by the server
_A_READER = 3  # scans of one card at most, well within every reader's quota


@dataclass(frozen=True, slots=True)
class Scan:
    """``branch`` is the desk's and the item's."""

    card: str
    library: str
    barcode: str
    branch: str
    token: str

    def request(self) -> bytes:
        """A check-out, as it goes over the wire."""
        item = {"library": self.library, "barcode": self.barcode}
        body = msgspec.json.encode({"card": self.card, "item": item, "branch": self.branch})
        head = (
            f"POST /api/v1/check-outs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\nIdempotency-Key: {new_id()}\r\n"
        )
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def scans(database: Database, desks: int, count: int, chance: random.Random) -> list[list[Scan]]:
    """So many scans for each desk: items that are not on loan, readers who may have them. No item is scanned twice.

    Raises ValueError where there are too few.
    """
    with database.read() as connection:
        branches = connection.execute(text("SELECT code, library FROM branch ORDER BY code")).all()
        a_branch = count * -(-desks // len(branches))
        free = connection.execute(_FREE, {"share": chance.random(), "most": a_branch * len(branches) * 3 // 2}).all()
        readers = connection.execute(_READERS, {"share": chance.random(), "most": desks * count // _A_READER + 1}).scalars().all()
    at: dict[str, list[str]] = {}
    for barcode, branch in free:
        at.setdefault(branch, []).append(barcode)
    cards = cycle(readers)
    places = [(code, library) for code, library in branches if len(at.get(code, ())) >= a_branch]
    if not places:
        raise ValueError("too few items for so many scans")
    tokens = {library: access.issue(database, SystemClock(), "benchmark", ("circulation",), library).secret for _, library in places}
    found = []
    for _, (code, library) in zip(range(desks), cycle(places), strict=False):
        found.append([Scan(next(cards), library, at[code].pop(), code, tokens[library]) for _ in range(count)])
    return found


# A contiguous stretch of ids, begun at random: sampling four million rows takes longer than all scans.
_FREE = text(
    "SELECT barcode, branch FROM item WHERE id >= 'i' || lpad((1 + floor(:share * (SELECT count(*) FROM item) * 0.5))::text, 15, '0')"
    " AND NOT EXISTS (SELECT 1 FROM loan WHERE item_id = item.id AND state IN ('open', 'claimed_returned')) ORDER BY id LIMIT :most"
)
_READERS = text(
    "SELECT number FROM credential JOIN patron ON id = patron_id WHERE id >= 'p'"
    " || lpad((1 + floor(:share * (SELECT count(*) FROM patron) * 0.5))::text, 15, '0') AND (SELECT count(*) FROM loan"
    " WHERE patron_id = patron.id AND state IN ('open', 'claimed_returned')) <= 2 ORDER BY id LIMIT :most"
)


class _Line:
    """A desk's connection, opened again where it has lain idle or the server has let go of it."""

    def __init__(self, port: int) -> None:
        self._port, self._used = port, 0.0
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes) -> None:
        """Raises ValueError where the answer is not 201."""
        if self._streams is None or time.monotonic() - self._used > _IDLE:
            self.close()
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(_END_OF_HEAD)
        body = await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r", 1)[0]))
        if not head.startswith(b"HTTP/1.1 201"):
            raise ValueError(f"{head[:80].decode()} {body.decode()}")
        self._used = time.monotonic()
        if b"connection: close" in head.lower():
            self.close()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def open_loop(port: int, desks: Sequence[Sequence[Scan]], pause: float) -> list[float]:
    """Milliseconds from the moment at which each scan was due to its answer; every desk scans once in ``pause`` seconds."""
    return asyncio.run(_open_loop(port, desks, pause))


async def _open_loop(port: int, desks: Sequence[Sequence[Scan]], pause: float) -> list[float]:
    begun = asyncio.get_running_loop().time() + 0.5
    starts = (begun + pause * number / len(desks) for number in range(len(desks)))
    found = await asyncio.gather(*(_at_its_moments(port, scans, start, pause) for scans, start in zip(desks, starts, strict=True)))
    return [one for times in found for one in times]


async def _at_its_moments(port: int, scans: Sequence[Scan], start: float, pause: float) -> list[float]:
    loop, line, found = asyncio.get_running_loop(), _Line(port), []
    for number, scan in enumerate(scans):
        due = start + number * pause
        await asyncio.sleep(due - loop.time())
        await line.send(scan.request())
        found.append((loop.time() - due) * 1000)
    line.close()
    return found


def closed_loop(port: int, desks: Sequence[Sequence[Scan]], seconds: float) -> float:
    """Check-outs a second. Raises ValueError where there are too few scans for so long."""
    return asyncio.run(_closed_loop(port, desks, seconds))


async def _closed_loop(port: int, desks: Sequence[Sequence[Scan]], seconds: float) -> float:
    begun = time.monotonic()
    counts = await asyncio.gather(*(_at_once(port, iter(scans), begun + seconds) for scans in desks))
    return sum(counts) / (time.monotonic() - begun)


async def _at_once(port: int, scans: Iterator[Scan], until: float) -> int:
    line, count = _Line(port), 0
    while time.monotonic() < until:
        scan = next(scans, None)
        if scan is None:
            raise ValueError("no scans are left")
        await line.send(scan.request())
        count += 1
    line.close()
    return count
