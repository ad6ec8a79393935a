"""Fits what each finding on a pair is worth, on the pairs of Jiading and Jiaxing that share a key and whose editions are known.

The model is a logistic regression on the findings; silence weighs nothing. What a cataloguer expects is its prior: a finding that was seen
on few pairs or none weighs as much as its rank for or against, and none ever weighs to the other side. Pairs nobody can tell are left
out. The fit has no chance in it: the same data give the same table.

``python -m benchmarks.fitting`` writes union_catalog/matching/data/weights.tsv and prints how well chances that were foretold for pairs
that had no part in the fit come true; with ``--dry-run`` it only prints.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from benchmarks.figures import ROOT, Figure
from benchmarks.partitions import candidate_pairs
from benchmarks.truth import read_exports, read_truth
from union_catalog.matching.comparisons import Outcomes, outcomes
from union_catalog.matching.evidence import FIELDS, REMARKS
from union_catalog.matching.features import features_of
from union_catalog.matching.likelihood import PRIOR

WEIGHTS = ROOT / "union_catalog" / "matching" / "data" / "weights.tsv"
FOLDS = 5
_TRUST = 2.0  # how many uncertain pairs the cataloguer's expectation counts for: its spread is 0.7 in the logarithm of the odds
_STEPS = 25
# Remarks on other evidence weigh nothing: that two records are worded alike is common where both copied one list, and nowhere else.
_SPEAKING = {name: field.codes for name, field in FIELDS.items() if name not in REMARKS}
_COLUMNS = [(PRIOR, "")] + [(name, codes[outcome]) for name, codes in _SPEAKING.items() for outcome in sorted(codes) if outcome]
_EXPECTED = [0.0] + [float(outcome) for codes in _SPEAKING.values() for outcome in sorted(codes) if outcome]
_HEADER = """\
# What each finding on a pair moves the logarithm of the odds that both records are one edition; silence moves nothing.
# Made by `python -m benchmarks.fitting`; used to order the queue of doubtful pairs, never to decide. Fields and findings as in
# docs/matching.md; the last column counts the pairs of the fit that had the finding.
# field\tfinding\tweight\tpairs
"""

Weights = Sequence[float]  # one a column


class Cell(NamedTuple):
    """All pairs with the same findings: ``columns`` are the places in ``_COLUMNS`` that they have, the prior always."""

    columns: tuple[int, ...]
    same: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Decile:
    """Pairs of one tenth of foretold chances: the mean of what was foretold, and the share that came true."""

    foretold: float
    true: float
    pairs: int


def _places() -> Mapping[tuple[int, int], int]:
    """The column of (place of the field, outcome)."""
    named = {column: place for place, column in enumerate(_COLUMNS)}
    return {
        (field, outcome): named[name, code]
        for field, (name, found) in enumerate(FIELDS.items())
        for outcome, code in found.codes.items()
        if outcome and name in _SPEAKING
    }


def _known_pairs() -> Iterator[tuple[int, Outcomes, bool]]:
    """(fold, findings, same) of each known candidate pair; pairs of one title are in one fold."""
    members = {key: features_of(record) for key, record in read_exports({"JD", "JX"}).items()}
    truth = read_truth()
    for pair in sorted(candidate_pairs(members)):
        a, b = (members[key] for key in pair)
        if pair[0][:2] != pair[1][:2] and pair not in truth.unclear:
            yield crc32(min(a.core, b.core).encode("utf-8", "surrogatepass")) % FOLDS, outcomes(a, b), pair in truth.same


def read_folds() -> list[list[Cell]]:
    """The known pairs in ``FOLDS`` parts, those with the same findings together."""
    places = _places()
    counted: list[dict[Outcomes, Counter[bool]]] = [defaultdict(Counter) for _ in range(FOLDS)]
    for fold, found, same in _known_pairs():
        counted[fold][found][same] += 1
    return [
        [
            Cell((0, *(places[place] for place in enumerate(found) if place in places)), told[True], told.total())
            for found, told in sorted(part.items())
        ]
        for part in counted
    ]


def _chance(weights: Weights, cell: Cell) -> float:
    return 1 / (1 + math.exp(-sum(weights[column] for column in cell.columns)))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a symmetric, positive definite system, by elimination; both arguments are used up."""
    size = len(right)
    for pivot in range(size):
        for row in range(pivot + 1, size):
            factor = matrix[row][pivot] / matrix[pivot][pivot]
            if factor:
                matrix[row] = [value - factor * above for value, above in zip(matrix[row], matrix[pivot], strict=True)]
                right[row] -= factor * right[pivot]
    found = [0.0] * size
    for row in reversed(range(size)):
        rest = sum(matrix[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (right[row] - rest) / matrix[row][row]
    return found


def _step(weights: Weights, cells: Iterable[Cell], held: Collection[int]) -> list[float]:
    """One step of Newton's method; columns that are ``held`` stay at 0, and the odds of a pair of which nothing is known are free."""
    size = len(weights)
    trust = [1e-6, *[_TRUST] * (size - 1)]
    for column in held:
        trust[column] = 1e12
    slope = [trust[c] * ((0.0 if c in held else _EXPECTED[c]) - weight) for c, weight in enumerate(weights)]
    bend = [[trust[row] if row == column else 0.0 for column in range(size)] for row in range(size)]
    for cell in cells:
        chance = _chance(weights, cell)
        spread = cell.pairs * chance * (1 - chance)
        for column in cell.columns:
            slope[column] += cell.same - cell.pairs * chance
            row = bend[column]
            for other in cell.columns:
                row[other] += spread
    return [weight + move for weight, move in zip(weights, _solve(bend, slope), strict=True)]


def _likeliest(cells: Iterable[Cell], held: Collection[int]) -> Weights:
    weights: Weights = [0.0] * len(_COLUMNS)
    for _ in range(_STEPS):
        before, weights = weights, _step(weights, cells, held)
        if max(abs(new - old) for new, old in zip(weights, before, strict=True)) < 1e-5:
            break
    return weights


def fit(cells: Sequence[Cell]) -> Weights:
    """The likeliest weights of which none is to the other side of what is expected; one a column."""
    held: set[int] = set()
    while True:
        weights = _likeliest(cells, held)
        wrong = {column for column, weight in enumerate(weights) if column not in held and weight * _EXPECTED[column] < 0}
        if not wrong:
            return [0.0 if column in held else weight for column, weight in enumerate(weights)]
        held |= wrong


def foretell(folds: Sequence[Sequence[Cell]]) -> list[tuple[float, Cell]]:
    """The chance of each cell under weights fitted on the other folds."""
    told = []
    for number, held_out in enumerate(folds):
        weights = fit([cell for other, fold in enumerate(folds) if other != number for cell in fold])
        told += [(_chance(weights, cell), cell) for cell in held_out]
    return told


def calibration(told: Iterable[tuple[float, Cell]]) -> list[Decile]:
    """By tenths of the foretold chance, from the lowest; tenths without pairs are left out."""
    parts: dict[int, list[tuple[float, Cell]]] = defaultdict(list)
    for chance, cell in told:
        parts[min(int(chance * 10), 9)].append((chance, cell))
    found = []
    for _, held in sorted(parts.items()):
        pairs = sum(cell.pairs for _, cell in held)
        mean = sum(chance * cell.pairs for chance, cell in held) / pairs
        found.append(Decile(mean, sum(cell.same for _, cell in held) / pairs, pairs))
    return found


def log_loss(told: Iterable[tuple[float, Cell]]) -> float:
    """Mean negative logarithm of the chance given to what is true: 0 is perfect, 0.693 a thrown coin."""
    lost, pairs = 0.0, 0
    for chance, cell in told:
        lost -= cell.same * math.log(max(chance, 1e-12)) + (cell.pairs - cell.same) * math.log(max(1 - chance, 1e-12))
        pairs += cell.pairs
    return lost / pairs


def table(weights: Weights, cells: Iterable[Cell]) -> str:
    """The table of weights as it is stored."""
    seen: Counter[int] = Counter()
    for cell in cells:
        seen.update(dict.fromkeys(cell.columns, cell.pairs))
    rows = (f"{field}\t{code}\t{weights[place] + 0.0:.2f}\t{seen[place]}\n" for place, (field, code) in enumerate(_COLUMNS))
    return _HEADER + "".join(rows)


def measure() -> Iterator[Figure]:
    """How well the chances foretold under cross-validation come true."""
    told = foretell(read_folds())
    how = f"{FOLDS}-fold cross-validation, titles kept together, {sum(cell.pairs for _, cell in told):,} pairs"
    yield Figure("likelihood of a pair: log loss", round(log_loss(told), 4), detail=f"{how}; a coin has 0.693;")
    deciles = "; ".join(f"{d.foretold:.2f} → {d.true:.2f} ({d.pairs:,})" for d in calibration(told))
    yield Figure("likelihood of a pair: foretold → true by tenths (pairs)", deciles, detail=f"{how};")


def main() -> None:
    """Prints the measure and writes the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fitting", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="measure only")
    dry_run = parser.parse_args().dry_run
    for figure in measure():
        print(f"{figure.what}: {figure.value}  {figure.detail}")
    if not dry_run:
        cells = [cell for fold in read_folds() for cell in fold]
        WEIGHTS.write_text(table(fit(cells), cells), "utf-8")


if __name__ == "__main__":
    main()
