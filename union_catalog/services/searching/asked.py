"""What a reader asks beside the words: where they are, and how the answer is to be given."""

from dataclasses import dataclass

from union_catalog.search.engine import SearchRequest


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: WGS-84, in degrees rounded to three decimals (100 m). Never stored and never logged."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One search.

    ``near`` is a place, or the code of a branch whose position is meant. ``exact``: nothing is looked for but what was typed.
    ``group``: one result a work, with its editions inside. ``explain``: each result with its reasons.
    """

    request: SearchRequest
    near: Place | str | None = None
    exact: bool = False
    group: bool = False
    explain: bool = False
