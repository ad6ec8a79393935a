"""B-cubed precision and recall: what a record sees of its own cluster, averaged over records, so that no big cluster outweighs the rest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.partitions import Pair


@dataclass(frozen=True, slots=True)
class BCubed:
    """``records`` is how many were averaged over."""

    precision: float
    recall: float
    records: int

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def b_cubed(parts: Iterable[Iterable[str]], edition_of: Mapping[str, str], unclear: Collection[Pair] = frozenset()) -> BCubed:
    """The measure over the records whose edition is known; others may stand in a cluster and do not count.

    Of an ``unclear`` pair neither record sees the other: it makes neither precision nor recall better or worse.
    """
    hidden: dict[str, set[str]] = defaultdict(set)
    for a, b in unclear:
        hidden[a].add(b)
        hidden[b].add(a)
    of_edition: dict[str, set[str]] = defaultdict(set)
    for key, edition in edition_of.items():
        of_edition[edition].add(key)
    precision = recall = Fraction(0)
    records = 0
    for part in parts:
        known = {key for key in part if key in edition_of}
        records += len(known)
        for key in known:
            together, belonging = known - hidden[key], of_edition[edition_of[key]] - hidden[key]
            right = len(together & belonging)
            precision += Fraction(right, len(together))
            recall += Fraction(right, len(belonging))
    return BCubed(float(precision / max(records, 1)), float(recall / max(records, 1)), records)
