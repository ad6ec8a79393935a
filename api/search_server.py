"""The search server by the settings: a module of its own, since its client takes longer to load than most commands take to run."""

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Shape
from indexers.elasticsearch.server import Address
from union_catalog.clock import SystemClock
from union_catalog.search.engine import SearchEngine
from union_catalog.settings import Settings


def open_search_server(settings: Settings) -> SearchEngine:
    """The engine on the configured server; nothing is sent before it is used."""
    address = Address(
        settings.elasticsearch_url,
        settings.elasticsearch_api_key,
        settings.elasticsearch_ca_file,
        timeout=float(settings.elasticsearch_timeout),
        at_once=max(1, settings.web_threads - 1),  # a thread of every process stays free for what needs no search
    )
    shape = Shape(settings.elasticsearch_prefix, settings.elasticsearch_shards, settings.elasticsearch_replicas)
    return ElasticsearchEngine(address, shape, SystemClock())
