"""Takes each lock and constraint away in turn, and shows that a test fails without it: ``make test-locks``, on PostgreSQL.

ARGS names some of them; a word of the name is enough.
"""

import os
import sys

from tests.locks.removals import REMOVALS
from tests.locks.trial import whole, without


def main(words: list[str]) -> int:
    """Prints a line for each; 1 where a test passes without its lock, or fails with it."""
    server = os.environ["UNION_CATALOG_TEST_POSTGRES_URL"]
    chosen = [removal for removal in REMOVALS if not words or any(word in removal.name for word in words)]
    if not whole(server, chosen):
        print("with all locks in place not every test passes")
        return 1
    useless = 0
    for removal in chosen:
        fails = without(server, removal)
        useless += not fails
        print(f"{'fails as it should' if fails else 'PASSES WITHOUT IT '}  {removal.name:32}  {removal.test}", flush=True)
    print(f"{len(chosen) - useless} of {len(chosen)} are held by a test")
    return 1 if useless else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
