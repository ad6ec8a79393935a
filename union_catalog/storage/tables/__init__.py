"""Every table of the catalogue. The schema itself is made by the migrations; a test compares the two on both databases.

Instants are text of fixed length (union_catalog.clock.instant_text), so that their order as text is their order in time, on both
databases alike. Blobs named ``…_z`` are packed by storage.values (MessagePack, Zstandard). Every table of a library's own
things has its ``library``.
"""

from union_catalog.storage.tables.access import access_token
from union_catalog.storage.tables.accounts import account_entry, till_day
from union_catalog.storage.tables.base import SEQUENCES, metadata
from union_catalog.storage.tables.circulation import desk_action, hold, item_state, loan, stray_item, transit
from union_catalog.storage.tables.commands import answered_command
from union_catalog.storage.tables.items import item, item_past_barcode
from union_catalog.storage.tables.journal import counter, event, job, lease, outbox, outbox_delivery
from union_catalog.storage.tables.loads import feed, load, quarantine
from union_catalog.storage.tables.matching import match_doubt, match_edge, match_key, match_verdict, matching_state
from union_catalog.storage.tables.network import branch, branch_local_code, courier_route, library, region
from union_catalog.storage.tables.notices import notice
from union_catalog.storage.tables.offline import offline_batch, offline_key, offline_line
from union_catalog.storage.tables.patrons import (
    block,
    consent,
    credential,
    credit_entry,
    desk_session,
    objection,
    patron,
    patron_merge,
    person,
    pin,
    used_qr,
)
from union_catalog.storage.tables.policies import policy_version
from union_catalog.storage.tables.sources import correction, source_content, source_record
from union_catalog.storage.tables.staff import session, staff
from union_catalog.storage.tables.unions import union_content, union_record, union_work_key, work

__all__ = (
    "SEQUENCES",
    "access_token",
    "account_entry",
    "answered_command",
    "block",
    "branch",
    "branch_local_code",
    "consent",
    "correction",
    "counter",
    "courier_route",
    "credential",
    "credit_entry",
    "desk_action",
    "desk_session",
    "event",
    "feed",
    "hold",
    "item",
    "item_past_barcode",
    "item_state",
    "job",
    "lease",
    "library",
    "load",
    "loan",
    "match_doubt",
    "match_edge",
    "match_key",
    "match_verdict",
    "matching_state",
    "metadata",
    "notice",
    "objection",
    "offline_batch",
    "offline_key",
    "offline_line",
    "outbox",
    "outbox_delivery",
    "patron",
    "patron_merge",
    "person",
    "pin",
    "policy_version",
    "quarantine",
    "region",
    "session",
    "source_content",
    "source_record",
    "staff",
    "stray_item",
    "till_day",
    "transit",
    "union_content",
    "union_record",
    "union_work_key",
    "used_qr",
    "work",
)
