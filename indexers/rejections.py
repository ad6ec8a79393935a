"""Documents that an engine will never take: each is told with its reason and becomes a dead letter, and the others go on."""

from collections.abc import Sequence

import structlog

from union_catalog.search.engine import Rejected

log = structlog.get_logger(__name__)


def tell(rejected: Sequence[Rejected]) -> int:
    """Logs each; answers how many. ``index dead`` lists them, ``index verify`` goes on counting them as missing or stale."""
    for one in rejected:
        log.error("index.rejected", union_id=one.union_id, revision=one.revision, reason=one.reason)
    return len(rejected)
