"""How likely two records are one edition, from what the comparisons found: it orders the queue of doubtful pairs and decides nothing.

A weight says by how much one finding moves the logarithm of the odds. The weights lie in ``data/weights.tsv`` and are fitted by
``python -m benchmarks.fitting`` on pairs whose editions are known; silence weighs nothing.
"""

import math
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from union_catalog.matching.comparisons import Outcomes
from union_catalog.matching.evidence import FIELDS

PRIOR = "prior"  # the row of the table that holds the odds of a candidate pair of which nothing is known


def read_weights() -> dict[tuple[str, str], float]:
    """The weight of each (field, finding) of the table, and of (``PRIOR``, "")."""
    lines = files("union_catalog.matching").joinpath("data/weights.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {(field, finding): float(weight) for field, finding, weight, _pairs in rows}


_WEIGHTS = read_weights()
_BY_OUTCOME: tuple[Mapping[int, float], ...] = tuple(
    {outcome: _WEIGHTS[name, code] for outcome, code in field.codes.items() if (name, code) in _WEIGHTS} for name, field in FIELDS.items()
)


@lru_cache(maxsize=1 << 14)
def likelihood(found: Outcomes) -> int:
    """How likely the pair is one edition, in thousandths from 0 to 1000; a finding that the table does not know counts nothing."""
    odds = _WEIGHTS[PRIOR, ""] + sum(weights.get(outcome, 0.0) for weights, outcome in zip(_BY_OUTCOME, found, strict=True))
    return round(1000 / (1 + math.exp(-odds)))


def doubt(found: Outcomes) -> int:
    """How open the question is, in thousandths: 0 where the answer is plain, 1000 where either is as likely as the other."""
    chance = likelihood(found)
    return round(4 * chance * (1000 - chance) / 1000)
