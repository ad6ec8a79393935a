"""Beginning, going on with and ending a load, and the guard against exports that are not what they say."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import Busy, Refused
from union_catalog.ids import new_id
from union_catalog.services.ingest.batch import LEASE_SECONDS, Ingest
from union_catalog.services.rebuilding.readiness import make_ready
from union_catalog.storage import events, leases, loads, network, outbox, sources
from union_catalog.storage.database import Database, lock_matching
from union_catalog.storage.events import Event
from union_catalog.storage.loads import LoadState

FEED_FILES = "files"
MOST_WITHDRAWN = 0.2  # of a library's records, in one load that claims to be everything
_PAGE = 1000
_WAIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """What is to be loaded. ``sha256`` identifies the content of the file and of its mapping, by which a broken-off load is found again."""

    library: str
    file: str
    sha256: str
    format: str
    encoding: str
    is_full: bool = False
    allow_withdrawals: bool = False


@dataclass(frozen=True, slots=True)
class Loading:
    """A load that may go on: where it stands, and what takes its batches."""

    state: LoadState
    resumed: bool
    ingest: Ingest


@contextmanager
def loading(database: Database, clock: Clock, context: Context, request: LoadRequest, key_limit: int) -> Iterator[Loading]:
    """Begins a load, or goes on with one of the same file that was broken off. One load a library at a time.

    Raises NotFound("unknown_library"), Busy("load_running"), and as services.rebuilding.readiness while the match graph is not ready.
    """
    name = f"load:{request.library}"
    with database.read() as connection:
        network.require_library(connection, request.library)
    lease = _take_lease(database, clock, name)
    try:
        with database.write() as connection:
            lock_matching(connection)  # a rebuild that begins at this very moment sees our lease, or we see its state
            make_ready(connection, clock.now(), key_limit)
            state, resumed = _begin(connection, clock, context, request)
        yield Loading(state, resumed, Ingest(database, clock, context, lease, key_limit))
    finally:
        with database.write() as connection:
            leases.release(connection, lease)


def _take_lease(database: Database, clock: Clock, name: str) -> leases.Lease:
    holder = leases.new_holder()
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        with database.write() as connection:
            lease = leases.acquire(connection, name, holder, clock.now(), LEASE_SECONDS)
        if lease is not None:
            return lease
        if time.monotonic() > deadline:
            raise Busy("load_running", library=name.partition(":")[2])
        time.sleep(0.2)


def _begin(connection: Connection, clock: Clock, context: Context, request: LoadRequest) -> tuple[LoadState, bool]:
    found = loads.unfinished(connection, request.library)
    if found is not None and _is_same(found, request):
        return found, True
    state = LoadState(
        id=new_id(),
        library=request.library,
        feed_id=sources.feed_id(connection, request.library, FEED_FILES),
        file=request.file,
        file_sha256=request.sha256,
        format=request.format,
        encoding=request.encoding,
        is_full=request.is_full,
        records_before=_records_before(connection, request.library),
    )
    now = instant_text(clock.now())
    loads.begin(connection, state, now)
    event = Event("load.started", f"load:{state.id}", request.library, {"format": request.format, "full": request.is_full})
    events.append(connection, context, [event], now)
    return state, False


def _records_before(connection: Connection, library: str) -> int:
    """Not what is there after the load: a file in which every id is another one would look half as bad."""
    guarded = loads.records_before_guarded(connection, library)
    return sources.count_live(connection, library) if guarded is None else guarded


def _is_same(found: LoadState, request: LoadRequest) -> bool:
    """Whether the request would read what the broken-off load has read so far in just the same way."""
    told = (found.file_sha256, found.format, found.encoding, found.is_full)
    return told == (request.sha256, request.format, request.encoding, request.is_full)


@dataclass(frozen=True, slots=True)
class Finished:
    """``withdrawn`` records were not in a full export. ``last_message`` is the highest message id that this database has given out.

    ``provisional_branches`` were named by exports of the library and are not described yet.
    """

    withdrawn: int
    last_message: int
    provisional_branches: tuple[str, ...]
    refusal: Refused | None = None


def finish(database: Database, clock: Clock, context: Context, load: Loading, state: LoadState, request: LoadRequest) -> Finished:
    """Ends the load; of a full one, withdraws what is gone, unless the guard says no: then nothing is, and what was stored stays."""
    with database.read() as connection:
        branches = tuple(network.provisional(connection, state.library))
    refusal = _guard(database, state) if state.is_full and not request.allow_withdrawals else None
    if refusal is not None:
        told: dict[str, object] = {"code": refusal.code, **refusal.data}
        return Finished(0, _end(database, clock, context, state, "guarded", told), branches, refusal)
    withdrawn = _withdraw(database, load.ingest, state) if state.is_full else 0
    counts: dict[str, object] = {
        "stored": state.stored,
        "unchanged": state.unchanged,
        "deleted": state.deleted,
        "quarantined": state.quarantined,
        "withdrawn": withdrawn,
    }
    return Finished(withdrawn, _end(database, clock, context, state, "done", counts), branches)


def _guard(database: Database, state: LoadState) -> Refused | None:
    with database.read() as connection:
        missing = loads.count_not_seen(connection, state)
        nameless = loads.count_nameless(connection, state.id)
    if missing > MOST_WITHDRAWN * state.records_before:
        return Refused("too_many_withdrawals", library=state.library, missing=missing, records=state.records_before)
    if missing and nameless:
        # A record that could not even be named may be any of the missing ones, and a quarantined record is not gone.
        return Refused("nameless_quarantined", library=state.library, missing=missing, quarantined=nameless)
    return None


def _withdraw(database: Database, ingest: Ingest, state: LoadState) -> int:
    withdrawn, after = 0, 0
    while True:
        with database.read() as connection:
            page = loads.not_seen(connection, state, after, _PAGE)
        if not page:
            return withdrawn
        ingest.withdraw(state, dict(page))
        withdrawn += len(page)
        after = page[-1][0]


def _end(database: Database, clock: Clock, context: Context, state: LoadState, outcome: str, data: dict[str, object]) -> int:
    now = instant_text(clock.now())
    with database.write() as connection:
        loads.finish(connection, state.id, outcome, now)
        kind = "load.finished" if outcome == "done" else "load.guarded"
        events.append(connection, context, [Event(kind, f"load:{state.id}", state.library, data)], now)
        return outbox.last_message(connection)
