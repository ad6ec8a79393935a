"""A prefix of its own on a real Elasticsearch server, removed at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from benchmarks.exports import Installation
from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Shape
from indexers.elasticsearch.server import Address
from union_catalog.clock import SystemClock
from union_catalog.ids import new_id

_TIMEOUT = 60.0


def urls() -> tuple[str, ...]:
    """The nodes of the server: UNION_CATALOG_TEST_ELASTICSEARCH_URL, by default the one on this machine."""
    return tuple(os.environ.get("UNION_CATALOG_TEST_ELASTICSEARCH_URL", "http://127.0.0.1:9200").split(","))


@dataclass(frozen=True, slots=True)
class Server:
    """``client`` is the official client, for what is measured without our code."""

    prefix: str
    client: Elasticsearch

    def engine(self) -> ElasticsearchEngine:
        return ElasticsearchEngine(Address(urls(), timeout=_TIMEOUT), Shape(self.prefix, 1, 0), SystemClock())

    def settings(self) -> dict[str, str]:
        """What an installation is told so that it searches here."""
        return {
            "search_engine": "elasticsearch",
            "elasticsearch_url": ",".join(urls()),
            "elasticsearch_prefix": self.prefix,
            "elasticsearch_replicas": "0",
        }

    def searching(self, installation: Installation) -> Installation:
        """The same installation, but that it searches here; its index has to be rebuilt."""
        return Installation(installation.home, **self.settings())


@contextmanager
def server() -> Iterator[Server]:
    """Empty at first."""
    prefix = f"bench-{new_id().lower()}"
    with Elasticsearch(urls(), request_timeout=_TIMEOUT) as client:
        try:
            yield Server(prefix, client)
        finally:
            names = list(client.indices.get(index=f"{prefix}-*", features=["settings"], expand_wildcards="all"))
            if names:
                client.indices.delete(index=names)
