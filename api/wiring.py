"""The one module that chooses: which database, which search engine, by the settings."""

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Shape
from indexers.elasticsearch.server import Address
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.clock import SystemClock
from union_catalog.search.engine import SearchEngine
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def open_database(settings: Settings) -> Database:
    """The configured database; nothing is connected before it is used. Raises ConfigurationError for a
    bad address."""
    return Database(settings.database, settings.busy_timeout)


def open_engine(settings: Settings) -> SearchEngine:
    """The configured search engine; nothing is opened before it is used."""
    if settings.search_engine == "elasticsearch":
        return _elasticsearch(settings)
    return EmbeddedEngine(settings.index_folder)


def _elasticsearch(settings: Settings) -> ElasticsearchEngine:
    address = Address(
        settings.elasticsearch_url, settings.elasticsearch_api_key, settings.elasticsearch_ca_file, float(settings.elasticsearch_timeout)
    )
    shape = Shape(settings.elasticsearch_prefix, settings.elasticsearch_shards, settings.elasticsearch_replicas)
    return ElasticsearchEngine(address, shape, SystemClock())


def open_catalogue(settings: Settings) -> Catalogue:
    """The read use cases over both."""
    return Catalogue(open_database(settings), open_engine(settings))
