"""The most frequent values of a field with more values than an engine tells at once, for certain and with exact counts.

An engine that keeps its records in several parts, each of which tells only its own most frequent values, may tell a count that is too low
and may leave out a value altogether; but it can say by how much at most. From that it follows which values may be among the most
frequent; they are then counted again by themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

MOST_NAMES = 30  # of authors and of subjects, that a facet tells
FIRST_LOOK = 100
ALL_VALUES = 65_000

Value = TypeVar("Value", str, int)  # an engine may count numbers that stand for texts


@dataclass(frozen=True, slots=True)
class Tally(Generic[Value]):
    """Counts as an engine told them: each may be too low by ``error``; a value that is not among them has at most ``rest``."""

    counts: Mapping[Value, int]
    error: int = 0
    rest: int = 0

    @property
    def complete(self) -> bool:
        """Whether it is every value with its exact count."""
        return self.error == 0 and self.rest == 0


def tally(counts: Mapping[Value, int], asked: int, error: int, left_out: int) -> Tally[Value]:
    """What an engine told that was asked for so many values; ``left_out`` is how many records hold others.

    ``error`` is the sum of what the last value told by each part has there.
    """
    if left_out == 0:
        return Tally(counts)
    cut = min(counts.values(), default=0) if len(counts) >= asked else 0
    return Tally(counts, error, cut + error)


def candidates(found: Tally[Value]) -> tuple[Value, ...] | None:
    """The values among which the MOST_NAMES most frequent are, ties included; None where more must be asked for to say so."""
    ordered = sorted(found.counts.values(), reverse=True)
    lowest = ordered[MOST_NAMES - 1] if len(ordered) >= MOST_NAMES else 0
    if not found.complete and found.rest >= lowest:
        return None
    return tuple(value for value, count in found.counts.items() if count + found.error >= lowest)


def distinguished(found: Tally[Value], least: int = 1) -> dict[Value, int]:
    """The values that are more frequent than any that was left out, and have ``least`` records.

    What is as frequent as others that were left out is no better than they are: its place is that of its records.
    """
    return {value: count for value, count in found.counts.items() if count > found.rest and count >= least}
