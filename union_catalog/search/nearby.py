"""How near a branch is, in rings around a place: the same on every engine, and no more exact than a reader needs."""

from dataclasses import dataclass

RINGS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Nearby:
    """Codes of the branches in each ring around a place: ``rings[i]`` are those nearer than RINGS[i] km and no nearer ring's.

    A branch that is further away than the last ring, or whose position nobody has told, is in none.
    """

    rings: tuple[tuple[str, ...], ...]

    def within(self, kilometres: int) -> tuple[str, ...]:
        """All branches up to a distance, which must be one of RINGS."""
        return tuple(code for ring in self.rings[: RINGS.index(kilometres) + 1] for code in ring)
