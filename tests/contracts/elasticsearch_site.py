"""A prefix of its own on a real Elasticsearch server, for tests of what only such an engine can suffer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Shape
from indexers.elasticsearch.server import Address
from tests.contracts.search_engines import CATALOGUE, elasticsearch_urls, remove_indices
from union_catalog.clock import SystemClock
from union_catalog.ids import new_id


@dataclass
class Site:
    """One prefix on the server. ``engine`` opens another engine on it, as another process would have, perhaps by another way."""

    urls: tuple[str, ...]
    shape: Shape
    client: Elasticsearch

    def engine(self, *urls: str, api_key: str = "", ca_file: str = "", timeout: float = 10.0) -> ElasticsearchEngine:
        return ElasticsearchEngine(Address(urls or self.urls, api_key, ca_file, timeout), self.shape, SystemClock())

    def filled(self) -> ElasticsearchEngine:
        engine = self.engine()
        engine.create()
        engine.apply(CATALOGUE, ())
        return engine

    def indices(self) -> list[str]:
        return sorted(self.client.indices.get(index=f"{self.shape.prefix}-v*", features=["settings"], expand_wildcards="all"))


@contextmanager
def elasticsearch_site() -> Iterator[Site]:
    """Empty at first, removed at the end."""
    urls = elasticsearch_urls()
    shape = Shape(f"test-{new_id().lower()}", 1, 0)
    with Elasticsearch(urls) as client:
        yield Site(urls, shape, client)
    remove_indices(shape.prefix)
