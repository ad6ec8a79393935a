"""The state of the catalogue as samples, read when somebody asks."""

from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from union_catalog.clock import Clock, parse_instant
from union_catalog.errors import UnionCatalogError
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.figures import catalogue_figures, job_successes, notice_figures
from union_catalog.services.index_feed import IndexFeed

PREFIX = "union_catalog_"


class State(Collector):
    """Database and index. A part that cannot be asked is told as down, and its figures are left out."""

    def __init__(self, catalogue: Catalogue, clock: Clock, lease_seconds: float, jobs: Sequence[str]) -> None:
        self._catalogue, self._clock, self._lease_seconds, self._jobs = catalogue, clock, lease_seconds, jobs

    def describe(self) -> Iterator[Metric]:
        """Nothing: the names are not asked for before they are needed."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """One sample a fact."""
        up = GaugeMetricFamily(f"{PREFIX}up", "Whether database and search engine can be asked.", labels=("part",))
        parts: tuple[tuple[str, Callable[[], list[Metric]]], ...] = (("database", self._of_database), ("search", self._of_index))
        for part, ask in parts:
            try:
                found = ask()
            except UnionCatalogError:
                up.add_metric((part,), 0)
                continue
            up.add_metric((part,), 1)
            yield from found
        yield up

    def _of_database(self) -> list[Metric]:
        return [*self._outbox(), *self._loads(), *self._notices(), self._job_successes()]

    def _outbox(self) -> list[Metric]:
        backlog = IndexFeed(self._catalogue.database, self._clock, self._lease_seconds).backlog()
        return [
            _gauge("outbox_waiting", "Messages that the index has not been told of.", backlog.waiting),
            _gauge("outbox_oldest_seconds", "For how long the oldest of them has waited.", backlog.oldest_seconds),
            _gauge("outbox_dead", "Messages that the index will never take: index dead lists them.", backlog.dead),
        ]

    def _loads(self) -> list[Metric]:
        figures = catalogue_figures(self._catalogue.database)
        by_state = GaugeMetricFamily(f"{PREFIX}loads", "Loads by how they ended.", labels=("library", "state"))
        records = GaugeMetricFamily(f"{PREFIX}load_records", "Records that these loads read.", labels=("library", "state"))
        ended = GaugeMetricFamily(f"{PREFIX}load_ended_timestamp_seconds", "When the newest ended.", labels=("library", "state"))
        for found in figures.loads:
            labels = (found.library, found.state)
            by_state.add_metric(labels, found.loads)
            records.add_metric(labels, found.records)
            if found.ended:
                ended.add_metric(labels, parse_instant(found.ended).timestamp())
        quarantine = GaugeMetricFamily(f"{PREFIX}quarantine", "Open cases in quarantine.", labels=("library", "code"))
        for library, code, count in figures.quarantine:
            quarantine.add_metric((library, code), count)
        return [by_state, records, ended, quarantine]

    def _notices(self) -> list[Metric]:
        now = self._clock.now()
        found = notice_figures(self._catalogue.database, now)
        dead = GaugeMetricFamily(f"{PREFIX}notices_dead", "Messages to readers that were given up.", labels=("reason",))
        for reason, count in found.dead.items():
            dead.add_metric((reason,), count)
        waited = (now - found.oldest).total_seconds() if found.oldest else 0.0
        return [
            _gauge("notices_waiting", "Messages to readers that are due and not on their way.", found.waiting),
            _gauge("notices_oldest_seconds", "For how long the oldest of them has been due.", waited),
            _gauge("notices_later", "Messages to readers that are not due yet.", found.later),
            _gauge("notices_sending", "Messages to readers that are being handed over.", found.sending),
            dead,
        ]

    def _job_successes(self) -> Metric:
        done = GaugeMetricFamily(f"{PREFIX}job_success_timestamp_seconds", "When a job was last done.", labels=("job",))
        for name, ended in job_successes(self._catalogue.database, self._jobs).items():
            done.add_metric((name,), ended.timestamp())
        return done

    def _of_index(self) -> list[Metric]:
        status = self._catalogue.engine.status()
        documents = GaugeMetricFamily(f"{PREFIX}index_documents", "Documents in the index.", labels=("engine",))
        size = GaugeMetricFamily(f"{PREFIX}index_bytes", "Size of the index.", labels=("engine",))
        documents.add_metric((status.engine,), status.documents)
        size.add_metric((status.engine,), status.size_bytes)
        return [documents, size]


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, about, value=value)
