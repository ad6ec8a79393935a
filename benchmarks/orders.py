"""Whether the clusters of the real files are the same whatever the order of the files and the size of batches."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.exports import EXPORTS, Export, Installation
from benchmarks.figures import Figure

RUNS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("JD", "JX", "WZ", "KS"), 1000),
    (("KS", "WZ", "JX", "JD"), 1000),
    (("WZ", "JD", "KS", "JX"), 137),
)


def measure() -> Iterator[Figure]:
    """Loads the four files in three orders, with batches of different sizes, and compares the partitions."""
    exports = {export.library: export for export in EXPORTS}
    partitions = [_partition([exports[code] for code in order], batch) for order, batch in RUNS]
    same = all(partition == partitions[0] for partition in partitions)
    told = "; ".join(f"{' '.join(order)} by {batch}" for order, batch in RUNS)
    how = f"{len(partitions[0]):,} clusters; {told};"
    yield Figure("same clusters in any order and batch", "yes" if same else "no", "", "yes", "", how)


def _partition(exports: list[Export], batch: int) -> frozenset[frozenset[str]]:
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder), load_batch=str(batch))
        installation.set_up()
        for export in exports:
            options = ("--library", export.library, "--format", export.format, "--encoding", export.encoding)
            installation.run("load", *options, "--no-wait", str(export.path))
        parts: dict[str, set[str]] = {}
        for line in installation.run("clusters").splitlines()[1:]:
            library, record_id, union_id = line.split(",")
            parts.setdefault(union_id, set()).add(f"{library}:{record_id}")
    return frozenset(frozenset(part) for part in parts.values())
