"""Another try for what lies in quarantine, from its bytes: after a mapping, a reader or an encoding has been put right."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import cast

from loaders.formats.encodings import ENCODINGS
from loaders.formats.model import RawRecord
from loaders.formats.reader import FORMATS, Format, Reader
from loaders.formats.registry import read_mapping
from loaders.preparing import read_and_prepare
from union_catalog.clock import Clock
from union_catalog.context import Context
from union_catalog.errors import SourceUnusable
from union_catalog.ids import new_id
from union_catalog.services import quarantine
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.prepared import Prepared
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.loads import Quarantined


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What is different this time; empty: as before."""

    format: str = ""
    encoding: str = ""
    mapping: str = ""

    @classmethod
    def checked(cls, format_: str, encoding: str, mapping: Path | None) -> "ReadAs":
        """Raises SourceUnusable for a format or encoding that there is not, ConfigurationError for an unreadable mapping."""
        if format_ and format_ not in FORMATS:
            raise SourceUnusable("unknown_format", format=format_)
        if encoding and encoding not in ENCODINGS:
            raise SourceUnusable("unknown_encoding", encoding=encoding)
        return cls(format_, encoding, read_mapping(mapping))


@dataclass(frozen=True, slots=True)
class Retried:
    """``taken`` records are in the catalogue now, ``left`` stay in quarantine as they were."""

    taken: int
    left: int
    last_message: int


def retry_quarantined(
    database: Database, clock: Clock, context: Context, settings: Settings, ids: Sequence[str], library: str, read_as: ReadAs
) -> Retried:
    """Tries the cases with these ids, or all open cases of the library.

    Of all cases of a library, duplicates are passed over: only a person can say that the second description is the right one, by naming
    its case.
    """
    chosen = quarantine.cases(database, ids) if ids else _open(database, library)
    taken, last = 0, 0
    alike = operator.attrgetter("library", "format", "encoding")
    for (code, *_), cases in groupby(sorted(chosen, key=lambda case: (*alike(case), case.id)), key=alike):
        readable = [(case, prepared) for case in cases if (prepared := _read(case, read_as)) is not None]
        if readable:
            last = _take(_Again(database, clock, context, settings, read_as), code, readable)
            taken += len(readable)
    return Retried(taken, len(chosen) - taken, last)


def _open(database: Database, library: str) -> list[Quarantined]:
    return [case for case in quarantine.open_cases(database, library) if case.code != "duplicate_id"]


def _read(case: Quarantined, read_as: ReadAs) -> Prepared | None:
    reader = Reader(cast(Format, read_as.format or case.format), read_as.encoding or case.encoding, read_as.mapping)
    if case.code == "oversized":
        return None  # only its beginning was kept
    outcome = read_and_prepare(case.library, reader, RawRecord(case.position, 0, case.raw))
    return outcome if isinstance(outcome, Prepared) else None


@dataclass(frozen=True, slots=True)
class _Again:
    """What one round of retrying goes on."""

    database: Database
    clock: Clock
    context: Context
    settings: Settings
    read_as: ReadAs


def _take(again: _Again, library: str, readable: Sequence[tuple[Quarantined, Prepared]]) -> int:
    """A load of its own, whose file is the quarantine. Answers the last message."""
    first = readable[0][0]
    request = LoadRequest(
        library=library,
        file=first.file,
        sha256=new_id(),
        format=again.read_as.format or first.format,
        encoding=again.read_as.encoding or first.encoding,
    )
    size = again.settings.load_batch
    with loading(again.database, again.clock, again.context, request, again.settings.match_key_limit) as load:
        state = load.state
        for start in range(0, len(readable), size):
            part = readable[start : start + size]
            batch = Batch([prepared for _, prepared in part], [case.position for case, _ in part])
            state = load.ingest.take(state, batch, 0.0)
            quarantine.resolve(again.database, again.clock, again.context, [case for case, _ in part])
        return finish(again.database, again.clock, again.context, load, state, request).last_message
