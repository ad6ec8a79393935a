"""What is to be done with each record of a batch, decided from its header alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from union_catalog.services.prepared import Prepared
from union_catalog.storage.sources import StoredSource

Decision = Literal["new", "changed", "deleted", "unchanged", "stale", "duplicate"]


def decide(stored: StoredSource | None, record: Prepared, feed_id: int, load_id: str) -> Decision:
    """Within one load the first description of an id holds; within a feed a lower version never wins.

    An equal version with other content is taken: members forget to count their versions up. "stale" counts as unchanged.
    """
    if stored is None:
        return "unchanged" if record.deleted else "new"
    if stored.seen_load == load_id:
        return "unchanged" if stored.digest == record.digest else "duplicate"
    if stored.feed_id == feed_id and record.version and stored.version and record.version < stored.version:
        return "stale"
    if record.deleted:
        return "unchanged" if stored.deleted else "deleted"
    return "changed" if stored.deleted or stored.digest != record.digest else "unchanged"


@dataclass(slots=True)
class Intake:
    """A batch sorted by what is to be done. ``known`` are the headers as they were before."""

    known: Mapping[str, StoredSource]
    new: dict[str, Prepared] = field(default_factory=dict)
    changed: dict[str, Prepared] = field(default_factory=dict)
    deleted: dict[str, Prepared] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    duplicates: list[int] = field(default_factory=list)
    unchanged: int = 0

    def sort(self, index: int, record: Prepared, decision: Decision) -> None:
        match decision:
            case "new":
                self.new[record.record_id] = record
            case "changed":
                self.changed[record.record_id] = record
            case "deleted":
                self.deleted[record.record_id] = record
            case "duplicate":
                self.duplicates.append(index)
            case "unchanged" | "stale":
                self.unchanged += 1
                self.seen.add(record.record_id)


def sort_batch(batch: Iterable[Prepared], known: Mapping[str, StoredSource], feed_id: int, load_id: str) -> Intake:
    """``duplicates`` are indices into the batch. The second of two records with one id in a batch is judged as in different batches."""
    intake = Intake(known)
    taken: dict[str, str] = {}
    for index, record in enumerate(batch):
        if record.record_id in taken:
            same = taken[record.record_id] == record.digest
            intake.sort(index, record, "unchanged" if same else "duplicate")
            continue
        decision = decide(known.get(record.record_id), record, feed_id, load_id)
        if decision != "duplicate":
            taken[record.record_id] = record.digest
        intake.sort(index, record, decision)
    return intake
