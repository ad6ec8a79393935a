"""A catalogue as a reader meets it: records in a database, and in the index of any engine as a rebuild writes them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from indexers.rebuild import rebuild
from indexers.relay import Relay
from tests.contracts.search_engines import EngineHome
from union_catalog.clock import SteppingClock
from union_catalog.context import command_line
from union_catalog.ids import new_id
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.network import add_library
from union_catalog.services.prepared import Arrival, prepare
from union_catalog.storage import schema
from union_catalog.storage.database import Database

_KEY_LIMIT = 200


def searchable(home: EngineHome, folder: Path, arrivals: Sequence[Arrival]) -> Catalogue:
    """The records as those of one library, on SQLite in ``folder``, searchable on the engine of ``home``."""
    database = Database(f"sqlite:///{folder / 'catalogue.sqlite3'}")
    schema.upgrade(database)
    clock = SteppingClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    context = command_line(clock)
    add_library(database, clock, context, "JD", "嘉定区图书馆", "native")
    prepared = [prepare("JD", arrival) for arrival in arrivals]
    request = LoadRequest("JD", "export.iso", new_id(), "cnmarc", "utf-8", False, False)
    with loading(database, clock, context, request, _KEY_LIMIT) as begun:
        state = begun.ingest.take(begun.state, Batch(prepared, range(len(prepared))), 0.0)
        finish(database, clock, context, begun, state, request)
    engine = home.open()
    rebuild(Relay(IndexFeed(database, clock, 15.0), engine))
    return Catalogue(database, engine)
