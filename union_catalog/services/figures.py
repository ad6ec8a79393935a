"""The state of the catalogue in numbers, for whoever watches over it. No record, no reader, no word of either."""

from dataclasses import dataclass

from union_catalog.storage import loads
from union_catalog.storage.database import Database
from union_catalog.storage.loads import LoadFigures


@dataclass(frozen=True, slots=True)
class CatalogueFigures:
    """``quarantine``: (library, code, open cases)."""

    loads: tuple[LoadFigures, ...]
    quarantine: tuple[tuple[str, str, int], ...]


def catalogue_figures(database: Database) -> CatalogueFigures:
    """As of now. Raises StorageUnavailable."""
    with database.read() as connection:
        return CatalogueFigures(tuple(loads.load_figures(connection)), tuple(loads.quarantine_figures(connection)))
