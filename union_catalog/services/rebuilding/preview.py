"""What a rebuild would change: the same steps on a graph of its own, beside a snapshot of the catalogue, to which nothing is written."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

from sqlalchemy import Connection

from union_catalog.services.deciding.clusters import Node, plan_ids
from union_catalog.services.rebuilding.groups import Groups, groups_beginning_in
from union_catalog.services.rebuilding.linking import derive, link
from union_catalog.services.rebuilding.renewing import outdated
from union_catalog.services.rebuilding.report import Changes, Moved, OnMoved, OnProgress, Pace, Report, changes_of, moved_of
from union_catalog.storage import stretches, verdicts
from union_catalog.storage.database import Database
from union_catalog.storage.scratch import keep_features, keep_verdicts, scratch


def preview(
    database: Database,
    key_limit: int,
    stretch: int,
    progress: OnProgress = lambda advance: None,
    told: OnMoved = lambda moved: None,
) -> Report:
    """What :func:`~union_catalog.services.rebuilding.rebuild.rebuild` would report now; loads may go on meanwhile.

    Holds one stretch of so many source records in memory, whatever the catalogue's size; the rest is in a temporary file, which goes with
    the process.
    """
    begun = time.monotonic()
    with _open(database, key_limit, stretch) as run:
        run.link_all(progress)
        changes = run.settle_all(progress, told)
        records, clusters = stretches.count_live(run.catalogue)
    return Report(
        records=records,
        clusters_before=clusters,
        clusters_after=clusters - changes.merged + changes.split,
        changes=changes,
        seconds=time.monotonic() - begun,
    )


@contextmanager
def _open(database: Database, key_limit: int, stretch: int) -> Iterator["_Preview"]:
    with database.snapshot() as catalogue, scratch() as graph:
        keep_verdicts(graph, verdicts.all_in_force(catalogue))
        yield _Preview(catalogue, graph, key_limit, stretch)


class _Preview:
    """The stretches of one run."""

    def __init__(self, catalogue: Connection, graph: Connection, key_limit: int, stretch: int) -> None:
        self.catalogue = catalogue
        self.graph = graph
        self.key_limit = key_limit
        self.stretch = stretch
        self.last = stretches.last_id(catalogue)
        self.numbers = count(1)

    def link_all(self, progress: OnProgress) -> None:
        pace, position = Pace("linking", self.last, progress), 0
        while stretch := stretches.described(self.catalogue, position, self.stretch):
            derived = derive(self.catalogue, stretch)
            keep_features(self.graph, {source_id: packed for source_id, (packed, _) in derived.items()})
            link(self.graph, stretch, derived, self.key_limit)
            position = stretch[-1].id
            pace.reached(position, len(stretch))

    def settle_all(self, progress: OnProgress, told: OnMoved) -> Changes:
        pace, position, changes = Pace("settling", self.last, progress), 0, Changes()
        while ids := stretches.live_ids(self.catalogue, position, self.stretch):
            groups = groups_beginning_in(self.catalogue, self.graph, ids, position)
            moved, by = self._foresee(groups)
            told(moved)
            changes = changes.plus(by)
            position = ids[-1]
            pace.reached(position, len(ids))
        return changes

    def _foresee(self, groups: Groups) -> tuple[list[Moved], Changes]:
        union_of = self._union_of(groups)
        moved = moved_of(groups.nodes, union_of)
        stale = outdated(self.catalogue, groups.nodes)
        changes = changes_of(groups.nodes, union_of, moved)
        return moved, replace(changes, described=len(stale.described), regrouped=len(stale.regrouped))

    def _union_of(self, groups: Groups) -> Mapping[int, str]:
        plan = plan_ids(self.catalogue, groups.nodes, (), groups.found)
        by_key: dict[str, Node] = {node.key: node for node in groups.nodes.values()}
        named = [(part, kept or f"new:{next(self.numbers)}") for part, kept in zip(plan.parts, plan.kept, strict=True)]
        return {by_key[key].id: union_id for part, union_id in named for key in part}
