"""How fast records are decided on against a big catalogue: one process, records prepared before the clock starts.

Timed is what a load's transaction does to decide: bringing the graph of links up to date, partition, ids, works, and writing the rows of
graph, union records and works. Making the contents of merged records is timed apart; the rows of the source records and items, the outbox
and the commit are not deciding.

``python -m benchmarks.deciding --count 100000`` fills a catalogue with so many variations first, which takes much longer than the measure.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from benchmarks.exports import EXPORTS, Export, Installation
from benchmarks.figures import Figure
from benchmarks.variations import load_variations
from loaders.formats.registry import open_source
from loaders.preparing import prepared_chunks, spare_the_collector
from union_catalog.clock import SystemClock
from union_catalog.context import command_line
from union_catalog.ids import new_id
from union_catalog.services.deciding import clusters, graph
from union_catalog.services.ingest import batch
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.prepared import Prepared
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

_DECIDING: Sequence[tuple[ModuleType, str]] = ((graph, "refresh"), (batch, "with_neighbours"), (batch, "settle"), (batch, "move"))
_MERGING = (clusters, "text_of")  # within settling
_WORKERS = 2


@dataclass(slots=True)
class Spent:
    """Seconds by the clock on the wall, and of processor time of this process."""

    wall: float = 0.0
    busy: float = 0.0


@dataclass(slots=True)
class Decided:
    """Records, what was spent on deciding with merging, on merging alone, and on the whole transactions."""

    records: int = 0
    deciding: Spent = field(default_factory=Spent)
    merging: Spent = field(default_factory=Spent)
    whole: Spent = field(default_factory=Spent)


@contextmanager
def _running(spent: Spent) -> Iterator[None]:
    wall, busy = time.perf_counter(), time.process_time()
    try:
        yield
    finally:
        spent.wall += time.perf_counter() - wall
        spent.busy += time.process_time() - busy


@contextmanager
def _timed(spent: Spent, module: ModuleType, name: str) -> Iterator[None]:
    """While it lasts, what the function takes is added to ``spent``."""
    function: Callable[..., object] = getattr(module, name)

    def measured(*arguments: object, **named: object) -> object:
        with _running(spent):
            return function(*arguments, **named)

    setattr(module, name, measured)
    try:
        yield
    finally:
        setattr(module, name, function)


def decide_all(database: Database, settings: Settings, prepared: Mapping[str, Sequence[Prepared]]) -> Decided:
    """Takes the records of each library as a load does, and answers how long deciding took. The libraries must be known."""
    decided = Decided()
    with ExitStack() as stack:
        for place in _DECIDING:
            stack.enter_context(_timed(decided.deciding, *place))
        stack.enter_context(_timed(decided.merging, *_MERGING))
        for library, records in prepared.items():
            _load(database, settings, library, records, decided)
    return decided


def _load(database: Database, settings: Settings, library: str, records: Sequence[Prepared], decided: Decided) -> None:
    clock = SystemClock()
    context, request = command_line(clock), LoadRequest(library, "benchmark", new_id(), "cnmarc", "utf-8")
    with loading(database, clock, context, request, settings.match_key_limit) as load:
        state = load.state
        for start in range(0, len(records), settings.load_batch):
            part = records[start : start + settings.load_batch]
            with _running(decided.whole):
                state = load.ingest.take(state, Batch(part, range(start, start + len(part))), 0.0)
            decided.records += len(part)
        finish(database, clock, context, load, state, request)


def prepare_exports() -> dict[str, list[Prepared]]:
    """The records of the four exports, ready for the transaction."""
    return {export.library: _prepare(export) for export in EXPORTS}


def _prepare(export: Export) -> list[Prepared]:
    source = open_source(export.path, export.format, export.encoding)
    chunks = prepared_chunks(export.library, source.reader, source.frames(), _WORKERS)
    return [record for chunk in chunks for record in chunk.ready]


def measure_deciding(installation: Installation, there: int) -> Iterator[Figure]:
    """The four exports against an installation that holds ``there`` records and none of theirs; afterwards it holds theirs too."""
    settings = Settings.from_environment(installation.environment)
    database = Database(settings.database, settings.busy_timeout)
    prepared = prepare_exports()
    spare_the_collector()
    decided = decide_all(database, settings, prepared)
    database.close()
    wall, busy = decided.deciding.wall - decided.merging.wall, decided.deciding.busy - decided.merging.busy
    both = decided.records / decided.deciding.wall
    how = (
        f"{decided.records:,} records in {wall:.1f} s, one process; {decided.records / busy:,.0f} records/s by processor time alone; "
        f"{both:,.0f} records/s with making the contents of merged records;"
    )
    yield Figure(f"partition alone, {there:,} records already there", round(decided.records / wall), "records/s", "1,500", "3,000", how)


def main() -> None:
    """Fills an installation with variations and measures against it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deciding", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="records already there")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        load_variations(installation, count, "--no-wait")
        for figure in measure_deciding(installation, count):
            print(f"{figure.what}: {figure.value} {figure.unit}  {figure.detail}")


if __name__ == "__main__":
    main()
