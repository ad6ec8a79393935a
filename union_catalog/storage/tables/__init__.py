"""Every table of the catalogue. The schema itself is made by the migrations; a test compares the two on both databases.

Instants are text of fixed length (union_catalog.clock.instant_text), so that their order as text is their order in time, on both
databases alike. Blobs named ``…_z`` are packed by storage.values (MessagePack, Zstandard). Every table of a library's own
things has its ``library``.
"""

from union_catalog.storage.tables.access import access_token
from union_catalog.storage.tables.base import SEQUENCES, metadata
from union_catalog.storage.tables.items import item, item_past_barcode
from union_catalog.storage.tables.journal import counter, event, job, lease, outbox, outbox_delivery
from union_catalog.storage.tables.loads import feed, load, quarantine
from union_catalog.storage.tables.matching import match_doubt, match_edge, match_key, match_verdict, matching_state
from union_catalog.storage.tables.network import branch, branch_local_code, library, region
from union_catalog.storage.tables.sources import correction, source_content, source_record
from union_catalog.storage.tables.unions import union_content, union_record, union_work_key, work

__all__ = (
    "SEQUENCES",
    "access_token",
    "branch",
    "branch_local_code",
    "correction",
    "counter",
    "event",
    "feed",
    "item",
    "item_past_barcode",
    "job",
    "lease",
    "library",
    "load",
    "match_doubt",
    "match_edge",
    "match_key",
    "match_verdict",
    "matching_state",
    "metadata",
    "outbox",
    "outbox_delivery",
    "quarantine",
    "region",
    "source_content",
    "source_record",
    "union_content",
    "union_record",
    "union_work_key",
    "work",
)
