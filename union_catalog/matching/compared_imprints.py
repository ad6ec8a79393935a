"""What publishers, dates and places say of a pair: pure, symmetric comparisons.

An outcome is a small whole number as ``comparisons`` says; the table of codes beside each function tells what it means.
"""

from union_catalog.matching.features import Features
from union_catalog.matching.publishers import is_imprint, is_known_house, related

PUBLISHER = {2: "equal", 1: "related", 0: "silent", -1: "unclear", -2: "different"}


def compare_publishers(a: Features, b: Features) -> int:
    """Houses after aliases; one shared is enough, and an imprint agrees with its houses. Two houses that use one imprint stay two.

    A "publisher" that is the other's creator is a slip of the columns: silence; one that no table knows may be another slip: "unclear".
    """
    if not (a.publishers and b.publishers):
        return 0
    if a.publishers[0] == b.publishers[0] and not is_imprint(a.publishers[0]):
        return 2
    shared = set(a.publishers).intersection(b.publishers)
    if shared and not (all(map(is_imprint, shared)) and _beside_imprints(a.publishers) and _beside_imprints(b.publishers)):
        return 2
    if not shared and any(related(x, y) for x in a.publishers for y in b.publishers):
        return 1
    creators = {name.replace(" ", "") for name in a.names + b.names}
    if not creators.isdisjoint(a.publishers) or not creators.isdisjoint(b.publishers):
        return 0
    return -2 if any(map(is_known_house, a.publishers)) and any(map(is_known_house, b.publishers)) else -1


def _beside_imprints(publishers: tuple[str, ...]) -> bool:
    return not all(map(is_imprint, publishers))


DATE = {
    6: "same_day", 5: "same_month", 4: "same_year", 3: "within_three_months", 2: "same_year_other_month", 1: "later_printing",
    0: "silent", -1: "next_year", -2: "different",
}  # fmt: skip
SAME_DAY = 6


def compare_dates(a: Features, b: Features) -> int:
    """Dates of publication as far as both tell them; a printing some months later is often given for the edition.

    A date that is told to be a printing's (2008年5月第6次印刷) may belong to an edition of any earlier year.
    """
    if not (a.year and b.year):
        return 0
    if a.month and b.month:
        months = abs((a.year - b.year) * 12 + a.month - b.month)
        if months == 0:
            return 6 if a.day and a.day == b.day else 5
        if months <= _PRINTING_MONTHS:
            return 3
    if a.year == b.year:
        return 2 if a.month and b.month else 4
    if a.printing is not b.printing and (a.year > b.year) is a.printing:
        return 1
    return -1 if abs(a.year - b.year) == 1 else -2


_PRINTING_MONTHS = 3


PLACE = {1: "shared", 0: "silent", -1: "different"}


def compare_places(a: Features, b: Features) -> int:
    """Places of publication after their other names (京, 北平, Beijing); one shared is enough."""
    if not (a.places and b.places):
        return 0
    return -1 if set(a.places).isdisjoint(b.places) else 1
