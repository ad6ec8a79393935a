"""The one module that chooses: which database, which search engine, by the settings."""

from importlib import import_module

from indexers.embedded.engine import EmbeddedEngine
from union_catalog.search.engine import SearchEngine
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def open_database(settings: Settings) -> Database:
    """The configured database; nothing is connected before it is used. Raises ConfigurationError for a
    bad address."""
    return Database(settings.database, settings.busy_timeout)


def open_engine(settings: Settings) -> SearchEngine:
    """The configured search engine; nothing is opened before it is used."""
    if settings.search_engine == "embedded":
        return EmbeddedEngine(settings.index_folder)
    engine: SearchEngine = import_module("api.search_server").open_search_server(settings)
    return engine
