"""GET /metrics."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Flask, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.jobs.schedules import schedules
from api.metrics import desks, engines, requests
from api.metrics.folders import all_folders
from api.metrics.state import State
from union_catalog.clock import Clock
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.settings import Settings

PATH = "/metrics"
_OWN = tuple(value for module in (requests, engines, desks) for value in vars(module).values() if isinstance(value, Counter | Histogram))


class Counted(Collector):
    """What all processes of all servers of this home folder have counted; of this process alone where none keeps folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self) -> Iterator[Metric]:
        """Nothing: the names are not asked for before they are needed."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """The sums."""
        files = [str(path) for path in self._folder.glob("*/*.db")]
        if files:
            yield from MultiProcessCollector.merge(files, accumulate=True)  # type: ignore[no-untyped-call]  # the library says no types
            return
        for metric in _OWN:
            yield from metric.collect()


def install_metrics(app: Flask, catalogue: Catalogue, clock: Clock, settings: Settings) -> None:
    """Adds the address. Who may read it is said by permissions.toml; see :mod:`api.auth`."""
    registry = CollectorRegistry()
    registry.register(Counted(all_folders(settings)))
    feed = IndexFeed(catalogue.database, clock, settings.lease_seconds)
    jobs = [schedule.name for schedule in schedules(settings, catalogue.database, feed, catalogue.engine)]
    registry.register(State(catalogue, clock, settings.lease_seconds, jobs))
    group = Blueprint("metrics", __name__)

    @group.get(PATH)
    def metrics() -> Response:
        """The figures in the text form of Prometheus."""
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.register_blueprint(group)
