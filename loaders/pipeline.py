"""A whole load: from a file to committed batches, with progress, checkpoint and report."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loaders.formats.registry import Source, open_source
from loaders.preparing import Chunk, Rejected, prepared_chunks
from union_catalog.clock import Clock
from union_catalog.context import Context
from union_catalog.errors import Refused, SourceChanged, SourceUnusable
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import Finished, Loading, LoadRequest, finish, loading
from union_catalog.services.matching import large
from union_catalog.services.prepared import Prepared
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.loads import LoadState, Quarantined


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What the command line says of a load."""

    library: str
    path: Path
    format: str
    encoding: str
    mapping: Path | None = None
    is_full: bool = False
    allow_withdrawals: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a load is. ``fraction`` of the file, 0 where that cannot be known; ``rate`` in records a second of this run."""

    state: LoadState
    fraction: float
    rate: float
    resumed: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of records over the whole file; read = stored + unchanged + deleted + quarantined.

    ``oversized_keys`` are match keys that too many records hold to be compared by, of this run, and ``oversized_examples`` a few records
    that hold them; ``large_clusters`` are union records that have grown larger than an edition should be.
    """

    library: str
    file: str
    format: str
    encoding: str
    read: int
    stored: int
    unchanged: int
    deleted: int
    quarantined: int
    withdrawn: int
    seconds: float
    resumed: bool
    last_message: int
    provisional_branches: tuple[str, ...]
    oversized_keys: int = 0
    oversized_examples: tuple[str, ...] = ()
    large_clusters: tuple[str, ...] = ()
    refusal: Refused | None = None


@dataclass(slots=True)
class _Gathered:
    """A batch being filled."""

    records: list[Prepared] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    end: int = 0

    def __len__(self) -> int:
        return len(self.records) + len(self.rejected)

    def add(self, chunk: Chunk) -> None:
        self.records += chunk.ready
        self.positions += chunk.positions
        self.rejected += chunk.rejected
        self.end = chunk.end


def run_load(
    database: Database,
    clock: Clock,
    context: Context,
    settings: Settings,
    options: LoadOptions,
    progress: Callable[[Advance], None] = lambda advance: None,
) -> Report:
    """Loads one file. The same file again changes nothing; one that was broken off goes on after its last commit.

    Raises SourceUnusable before anything is stored, NotFound for an unknown library, SourceChanged if somebody wrote to the file
    meanwhile, Busy and StorageUnavailable as the database does. ``refusal`` of the report tells that a guard stopped a full load.
    """
    before = _state_of(options.path)
    source = open_source(options.path, options.format, options.encoding, mapping=options.mapping, limit=settings.record_limit)
    request = LoadRequest(
        library=options.library,
        file=options.path.name,
        sha256=_sha256(options.path, source.mapping),
        format=options.format,
        encoding=source.encoding,
        is_full=options.is_full,
        allow_withdrawals=options.allow_withdrawals,
    )
    with loading(database, clock, context, request, settings.match_key_limit) as load:
        state = _take_all(load, source, settings, progress)
        if _state_of(options.path) != before:
            raise SourceChanged(path=str(options.path))
        ended = finish(database, clock, context, load, state, request)
    return _report(state, load, ended)


def _take_all(load: Loading, source: Source, settings: Settings, progress: Callable[[Advance], None]) -> LoadState:
    state, begun, before = load.state, time.monotonic(), load.state.seconds
    extent = _extent(source)
    records = source.frames(load.state.position)
    chunks = prepared_chunks(load.state.library, source.reader, records, settings.load_workers, settings.load_batch)
    for batch in _batches(chunks, settings.load_batch):
        elapsed = time.monotonic() - begun
        quarantined = [_quarantined(state, rejected) for rejected in batch.rejected]
        state = load.ingest.take(state, Batch(batch.records, batch.positions, quarantined), before + elapsed)
        rate = (state.position - load.state.position) / max(time.monotonic() - begun, 0.001)
        progress(Advance(state, min(batch.end / extent, 1.0) if extent else 0.0, rate, load.resumed))
    return state


def _batches(chunks: Iterator[Chunk], size: int) -> Iterator[_Gathered]:
    gathered = _Gathered()
    for chunk in chunks:
        gathered.add(chunk)
        if len(gathered) >= size:
            yield gathered
            gathered = _Gathered()
    if len(gathered):
        yield gathered


def _quarantined(state: LoadState, rejected: Rejected) -> Quarantined:
    return Quarantined(
        library=state.library,
        file=state.file,
        position=rejected.position,
        record_id=rejected.record_id,
        code=rejected.code,
        data=rejected.data,
        format=state.format,
        encoding=state.encoding,
        bytes_sha256=rejected.sha256,
        raw=rejected.raw,
    )


def _report(state: LoadState, load: Loading, ended: Finished) -> Report:
    told = load.ingest.told
    grown = [union_id for union_id, _ in large(load.ingest.database)] if told.large else []  # what has fallen apart again is no news
    return Report(
        library=state.library,
        file=state.file,
        format=state.format,
        encoding=state.encoding,
        read=state.position,
        stored=state.stored,
        unchanged=state.unchanged,
        deleted=state.deleted,
        quarantined=state.quarantined,
        withdrawn=ended.withdrawn,
        seconds=round(state.seconds, 3),
        resumed=load.resumed,
        last_message=ended.last_message,
        provisional_branches=ended.provisional_branches,
        oversized_keys=len(told.oversized),
        oversized_examples=tuple(sorted(set(told.oversized.values()))[:5]),
        large_clusters=tuple(union_id for union_id in grown if union_id in told.large),
        refusal=ended.refusal,
    )


def _extent(source: Source) -> int:
    """The size of the file in what its records' offsets count: bytes, or lines of a CSV file; 0 where that is not known."""
    if source.format == "xlsx":
        return 0
    if source.format != "csv":
        return source.size
    with source.path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _state_of(path: Path) -> tuple[int, int] | None:
    """What changes when somebody writes to the file; None for one that is not there, which the formats tell in their own words."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _sha256(path: Path, mapping: str) -> str:
    """Of the file, and of the mapping if there is one."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            digest.update(mapping.encode())
            return digest.hexdigest()
    except OSError as error:
        raise SourceUnusable("file_unreadable", path=str(path)) from error
