"""The one module that chooses: which database, which search engine, which clock, which keys, by the settings."""

from importlib import import_module

from api.security import SHORTEST_KEY, signing_key
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.clock import Clock, ShiftedClock, SystemClock
from union_catalog.errors import ConfigurationError
from union_catalog.patrons.keys import PersonKeys
from union_catalog.search.engine import SearchEngine
from union_catalog.services.patrons.office import Office
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def open_database(settings: Settings) -> Database:
    """The configured database; nothing is connected before it is used. Raises ConfigurationError for a
    bad address."""
    return Database(settings.database, settings.busy_timeout)


def open_clock(settings: Settings) -> Clock:
    """The machine's clock, or one that was set to another time and goes on from there.

    Raises ConfigurationError("not_in_production") for another time in production.
    """
    if settings.clock is None:
        return SystemClock()
    if settings.environment == "production":
        raise ConfigurationError("not_in_production", name="UNION_CATALOG_CLOCK")
    return ShiftedClock(settings.clock)


def open_engine(settings: Settings) -> SearchEngine:
    """The configured search engine; nothing is opened before it is used."""
    if settings.search_engine == "embedded":
        return EmbeddedEngine(settings.index_folder)
    engine: SearchEngine = import_module("api.search_server").open_search_server(settings)
    return engine


def open_office(settings: Settings, clock: Clock) -> Office:
    """What use cases on readers need: the clock, the keys of what is kept of documents and PINs, the network's time zone.

    Raises ConfigurationError("short_secret_key") for a configured key under 16 characters, and as ``security.signing_key``.
    """
    if settings.person_key and len(settings.person_key) < SHORTEST_KEY:
        raise ConfigurationError("short_secret_key", name="UNION_CATALOG_PERSON_KEY", least=SHORTEST_KEY)
    return Office(clock, PersonKeys.of(settings.person_key or signing_key(settings)), settings.timezone)
