"""The state of the installation in numbers, for whoever watches over it. No record, no reader, no word of either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from union_catalog.storage import jobs, loads, notices
from union_catalog.storage.database import Database
from union_catalog.storage.loads import LoadFigures
from union_catalog.storage.notices import NoticeFigures


@dataclass(frozen=True, slots=True)
class CatalogueFigures:
    """``quarantine``: (library, code, open cases)."""

    loads: tuple[LoadFigures, ...]
    quarantine: tuple[tuple[str, str, int], ...]


def catalogue_figures(database: Database) -> CatalogueFigures:
    """As of now. Raises StorageUnavailable."""
    with database.read() as connection:
        return CatalogueFigures(tuple(loads.load_figures(connection)), tuple(loads.quarantine_figures(connection)))


def notice_figures(database: Database, now: datetime) -> NoticeFigures:
    """What readers are to be told and were not told yet. Raises StorageUnavailable."""
    with database.read() as connection:
        return notices.figures(connection, now)


def job_successes(database: Database, names: Sequence[str]) -> Mapping[str, datetime]:
    """When each of these jobs was last done. Raises StorageUnavailable."""
    with database.read() as connection:
        return jobs.newest_success_of(connection, names)
