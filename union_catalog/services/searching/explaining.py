"""Why each result of a page stands where it stands."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from union_catalog.search.nodes import ParsedQuery
from union_catalog.search.plan import plan
from union_catalog.search.reasons import Reason, reasons
from union_catalog.services.searching.correcting import held_of


def explained(connection: Connection, query: ParsedQuery, union_ids: Sequence[str]) -> Mapping[str, tuple[Reason, ...]]:
    """The reasons by union id, in one read of the stored text; they add up to what a hit scores for its relevance."""
    asked = plan(query)
    return {union_id: reasons(asked, held) for union_id, held in held_of(connection, union_ids).items()}
