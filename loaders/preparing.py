"""Reading raw records in worker processes, in their order and in bounded memory.

What a worker does for a record is pure: read it, then prepare it for the transaction. Only packed bytes travel back.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice

import msgspec
import structlog

from loaders.formats.model import ParsedRecord, RawRecord
from loaders.formats.reader import Reader
from union_catalog.errors import ConfigurationError, Datum, MalformedRecord, StorageUnavailable
from union_catalog.services.prepared import Arrival, Prepared, prepare

log = structlog.get_logger(__name__)

CHUNK = 200
CHUNK_BYTES = 4_000_000
AHEAD = 12


class Rejected(msgspec.Struct, frozen=True):
    """A record that cannot be read: its bytes, the code and its data."""

    position: int
    record_id: str
    code: str
    data: dict[str, Datum]
    sha256: str
    raw: bytes


class Chunk(msgspec.Struct, frozen=True):
    """A stretch of the file, everything in it either ready or rejected. ``end`` is the offset after which the next one begins."""

    size: int
    end: int
    positions: tuple[int, ...]
    ready: tuple[Prepared, ...]
    rejected: tuple[Rejected, ...]


def prepare_chunk(library: str, reader: Reader, records: list[RawRecord]) -> bytes:
    """A packed :class:`Chunk`."""
    positions, ready, rejected = [], [], []
    for raw in records:
        outcome = read_and_prepare(library, reader, raw)
        if isinstance(outcome, Prepared):
            ready.append(outcome)
            positions.append(raw.position)
        else:
            rejected.append(outcome)
    chunk = Chunk(len(records), records[-1].offset, tuple(positions), tuple(ready), tuple(rejected))
    return msgspec.msgpack.encode(chunk)


def read_and_prepare(library: str, reader: Reader, raw: RawRecord) -> Prepared | Rejected:
    """One record; an exception only where it is the mapping that is wrong and not the record."""
    try:
        return prepare(library, arrival(reader.read(raw)))
    except MalformedRecord as error:
        data = dict(error.data)
        return Rejected(raw.position, str(data.pop("record_id", "")), error.code, data, raw.sha256, raw.data)
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - one record must not end the load: it is told, and kept with its bytes
        log.error("record.unmappable", position=raw.position, error=type(error).__name__)
        return Rejected(raw.position, "", "unmappable", {"detail": type(error).__name__}, raw.sha256, raw.data)


def arrival(parsed: ParsedRecord) -> Arrival:
    """What the services take of a parsed record."""
    return Arrival(
        record_id=parsed.record_id,
        version=parsed.version,
        digest=parsed.digest,
        deleted=parsed.deleted,
        raw=parsed.raw,
        record=parsed.record,
        items=parsed.items,
    )


def prepared_chunks(library: str, reader: Reader, records: Iterable[RawRecord], workers: int, most: int = CHUNK) -> Iterator[Chunk]:
    """All records in their order, in chunks of at most ``most``. One chunk is read here, more by ``workers`` processes."""
    chunks = _cut(records, min(most, CHUNK))
    first = list(islice(chunks, 2))
    decode = msgspec.msgpack.Decoder(Chunk).decode
    if len(first) < 2:
        yield from (decode(prepare_chunk(library, reader, chunk)) for chunk in first)
        return
    for packed in _in_workers(library, reader, chain(first, chunks), workers):
        yield decode(packed)


def _cut(records: Iterable[RawRecord], most: int) -> Iterator[list[RawRecord]]:
    """Chunks bounded in records and in bytes, so that many large records at once do not fill the memory."""
    chunk: list[RawRecord] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += len(record.data)
        if len(chunk) >= most or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _in_workers(library: str, reader: Reader, chunks: Iterable[list[RawRecord]], workers: int) -> Iterator[bytes]:
    """Enough chunks in hand to keep the workers busy during a transaction, few enough that memory does not grow with the file."""
    waiting: deque[Future[bytes]] = deque()
    with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_initialise) as pool:
        try:
            for chunk in chunks:
                waiting.append(pool.submit(prepare_chunk, library, reader, chunk))
                if len(waiting) >= AHEAD + workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise StorageUnavailable("worker_died") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    """Forked workers share the dictionaries that are loaded already."""
    return multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


def spare_the_collector() -> None:
    """Looking for cycles costs a tenth of a load and finds none: records are trees, which counting references frees."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _initialise() -> None:
    """Ctrl-C is the loading process's to deal with; where that is killed, its workers must not wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spare_the_collector()
    threading.Thread(target=_go_with_the_parent, daemon=True).start()


def _go_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
