"""What a check-out asks of the database, recorded from a real one, and asked again and again by a script that does nothing else.

The script is as many processes and threads as the web server, each with a connection of its own, psycopg alone between it and PostgreSQL.
"""

import multiprocessing
import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import Json
from sqlalchemy import event, select

from api.app import create_app
from api.resources.operation import EXTENSION
from benchmarks.desks import Scan
from benchmarks.exports import Installation
from union_catalog.ids import new_id
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, item

_LONG = 1 << 31  # a number beyond this is the lock of a key
_IDS = ("loan", "event", "key")
Statement = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """``before``: what was asked to know who sends it; ``transaction``: of the check-out itself. ``names``: what is whose in them."""

    before: tuple[Statement, ...]
    transaction: tuple[Statement, ...]
    names: Mapping[str, str]


def record(installation: Installation, scans: Sequence[Scan]) -> Recording:
    """The statements of the last of these check-outs; those before it make the application warm."""
    app = create_app(Settings.from_environment(installation.environment))
    catalogue: Catalogue = app.extensions[EXTENSION]
    client, asked = app.test_client(), list[tuple[int, str, Any]]()

    def note(connection: Any, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((id(connection), statement, _plain(parameters)))

    for scan in scans:
        asked.clear()
        event.listen(catalogue.database.engine, "before_cursor_execute", note)
        head, _, body = scan.request().partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        answer = client.post("/api/v1/check-outs", data=body, headers=headers)
        event.remove(catalogue.database.engine, "before_cursor_execute", note)
        told = msgspec.json.decode(answer.data)
        ids = dict(zip(_IDS, (told["loan"]["id"], told["case_event"], headers["Idempotency-Key"]), strict=True))
    names = {**ids, **_known(catalogue.database, [scan])[scan]}
    catalogue.database.close()
    last = asked[-1][0]
    first = next(place for place, (connection, *_) in enumerate(asked) if connection == last)
    statements = [(statement, parameters) for _, statement, parameters in asked]
    return Recording(tuple(statements[:first]), tuple(statements[first:]), names)


def _plain(parameters: Any) -> Any:
    """Without the driver's own wrappers, which another process cannot be told of."""
    return {name: _JsonText(value.obj) if isinstance(value, Json) else value for name, value in parameters.items()}


@dataclass(frozen=True, slots=True)
class _JsonText:
    value: Any


def _known(database: Database, scans: Sequence[Scan]) -> dict[Scan, dict[str, str]]:
    """Whose card it is and which item, for each."""
    c, i = credential.c, item.c
    with database.read() as connection:
        patrons = dict(connection.execute(select(c.number, c.patron_id).where(c.number.in_({scan.card for scan in scans}))).all())
        items = dict(connection.execute(select(i.barcode, i.id).where(i.barcode.in_({scan.barcode for scan in scans}))).all())
    return {scan: {"patron": patrons[scan.card], "item": items[scan.barcode], "card": scan.card, "barcode": scan.barcode} for scan in scans}


def rate(url: str, recording: Recording, desks: Sequence[Sequence[Scan]], seconds: float, processes: int) -> float:
    """Check-outs a second of the bare script, each desk a thread."""
    database = Database(url)
    known = _known(database, [scan for scans in desks for scan in scans])
    told = [[{**known[scan], **{name: new_id() for name in _IDS}} for scan in scans] for scans in desks]
    database.close()
    shares = [told[number::processes] for number in range(processes)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_connect, [url] * processes))  # they have started once each has seen the database
        found = list(pool.map(_work, [url] * processes, [recording] * processes, shares, [seconds] * processes))
    return sum(found)


def _connect(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_sleep(0.5)")  # long enough for the others to be asked, too


def _work(url: str, recording: Recording, desks: Sequence[Sequence[Mapping[str, str]]], seconds: float) -> float:
    """Check-outs a second of one process."""
    begun = time.monotonic()
    with ThreadPoolExecutor(len(desks)) as threads:
        counts = list(threads.map(lambda scans: _desk(url, recording, scans, begun + seconds), desks))
    return sum(counts) / (time.monotonic() - begun)


def _desk(url: str, recording: Recording, scans: Sequence[Mapping[str, str]], until: float) -> int:
    """How many check-outs. Raises ValueError where there are too few scans for so long."""
    with psycopg.connect(url) as connection:
        for number, scan in enumerate(scans):
            if time.monotonic() >= until:
                return number
            swaps = [(name, scan[which]) for which, name in recording.names.items()]
            _ask(connection, recording.before, swaps)
            connection.rollback()
            _ask(connection, recording.transaction, swaps)
            connection.commit()
    raise ValueError("no scans are left")


def _ask(connection: "psycopg.Connection[Any]", statements: Sequence[Statement], swaps: Sequence[tuple[str, str]]) -> None:
    for statement, parameters in statements:
        cursor = connection.execute(statement, {name: _swapped(value, swaps) for name, value in parameters.items()})
        if cursor.description is not None:
            cursor.fetchall()


def _swapped(value: Any, swaps: Sequence[tuple[str, str]]) -> Any:
    """The value with what stood for the recorded scan in the place of it."""
    match value:
        case str():
            for old, new in swaps:
                value = value.replace(old, new)
            return value
        case bytes():
            return _swapped(value.decode(), swaps).encode()
        case list() | tuple():
            return [_swapped(one, swaps) for one in value]
        case dict():
            return {name: _swapped(one, swaps) for name, one in value.items()}
        case _JsonText():
            return Json(_swapped(value.value, swaps))
        case int() if value > _LONG or value < -_LONG:
            return random.getrandbits(62)
    return value
