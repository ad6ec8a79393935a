"""Every table of the catalogue. The schema itself is made by the migrations; a test compares the two on both databases.

Instants are text of fixed length (union_catalog.clock.instant_text), so that their order as text is their order in time, on both
databases alike. Blobs named ``…_z`` are packed by storage.values (MessagePack, Zstandard). Every table of a library's own
things has its ``library``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a rowid only to INTEGER; PostgreSQL needs 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")
Instant = String(27)
PublicId = String(24)
Code = String(40)

# Numbers that never go backward. SQLite has no sequences: there the table ``counter`` stands for them.
SEQUENCES = ("revision", "source_record", "event", "outbox")
for _name in SEQUENCES:
    Sequence(f"{_name}_seq", metadata=metadata, data_type=BigInteger)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

region = Table(
    "region",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
)

library = Table(
    "library",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("region", Code, ForeignKey("region.code")),
    Column("circulation", String(10), nullable=False, server_default="native"),
    Column("rank", Integer, nullable=False, server_default="100"),  # lower is asked first when sources are merged
    CheckConstraint("circulation IN ('native', 'remote')", name="circulation"),
)

branch = Table(
    "branch",
    metadata,
    Column("code", Code, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("kind", String(24), nullable=False, server_default="other"),
    Column("lat", Float),  # WGS-84, converted where the file said GCJ-02
    Column("lng", Float),
    Column("address", Text, nullable=False, server_default=""),
    Column("offers_pickup", Boolean, nullable=False, server_default=text("false")),
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
)

branch_local_code = Table(
    "branch_local_code",
    metadata,
    Column("library", Code, ForeignKey("library.code"), primary_key=True),
    Column("local_code", String(80), primary_key=True),
    Column("branch", Code, ForeignKey("branch.code"), nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("name", String(40), nullable=False),
    UniqueConstraint("library", "name"),
)

load = Table(
    "load",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("feed_id", Integer, ForeignKey("feed.id"), nullable=False),
    Column("file", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("format", String(20), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("is_full", Boolean, nullable=False),
    Column("records_before", BigInteger, nullable=False),  # of the library: what a full load's withdrawals are measured by
    Column("state", String(12), nullable=False),
    Column("position", BigInteger, nullable=False),  # records of the file that are dealt with: where a resumed load goes on
    Column("stored", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("deleted", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    CheckConstraint("state IN ('running', 'done', 'guarded', 'failed')", name="state"),
    Index("ix_load_library_file", "library", "file_sha256"),
)

source_record = Table(
    "source_record",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("record_id", Text, nullable=False),
    Column("feed_id", Integer, ForeignKey("feed.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("version", String(40), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("deleted_at", Instant),  # a tombstone: the record is gone at its library, and kept here
    Column("seen_load", PublicId, nullable=False),  # the last load whose file held it
    Column("union_id", PublicId, index=True),
    UniqueConstraint("library", "record_id"),
)

# Apart from the row above, so that marking a record as seen does not rewrite its bytes.
source_content = Table(
    "source_content",
    metadata,
    Column("source_id", Id, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("format", String(20), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("raw_z", LargeBinary, nullable=False),  # the bytes as they came, compressed
    Column("record_z", LargeBinary, nullable=False),  # BibliographicRecord
    Column("features", LargeBinary, nullable=False),  # matching.features.Features as MessagePack, short enough as it is
    Column("call_numbers", Text, nullable=False),  # distinct, parted by U+001F
)

match_key = Table(
    "match_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Pairs judged to be one edition; a is the lower source id. Every other pair is not stored.
match_edge = Table(
    "match_edge",
    metadata,
    Column("a", Id, primary_key=True, autoincrement=False),
    Column("b", Id, primary_key=True, autoincrement=False, index=True),
    Column("strength", Integer, nullable=False),
    sqlite_with_rowid=False,
)

work = Table(
    "work",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("key", BigInteger, unique=True),  # none for a redirected one
    Column("born", BigInteger, nullable=False),
    Column("target", PublicId),  # of a redirected one
    CheckConstraint("(key IS NULL) = (target IS NOT NULL)", name="target"),
)

union_record = Table(
    "union_record",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("born", BigInteger, nullable=False),  # its first revision: what "older" means
    Column("revision", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("target", PublicId),  # of a redirected one
    Column("work_id", PublicId, index=True),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("state IN ('live', 'redirected', 'gone')", name="state"),
    CheckConstraint("(state = 'redirected') = (target IS NOT NULL)", name="target"),
)

union_content = Table(
    "union_content",
    metadata,
    Column("union_id", PublicId, ForeignKey("union_record.id"), primary_key=True),
    Column("merged_z", LargeBinary, nullable=False),  # matching.merging.MergedRecord
    Column("analysed_z", LargeBinary, nullable=False),  # search.document.AnalysedText
    Column("analysis_version", Integer, nullable=False),
)

item = Table(
    "item",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("source_id", Id, ForeignKey("source_record.id"), nullable=False, index=True),
    Column("branch", Code, ForeignKey("branch.code")),  # none for what lies nowhere: an electronic resource
    Column("barcode", String(80)),
    Column("call_number", Text, nullable=False),
    Column("item_type", String(40), nullable=False),
    Column("lending", String(12), nullable=False),
    Column("reported_status", String(16), nullable=False),
    Column("status_word", Text, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("price", Text, nullable=False),
    Column("volume", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("library", "barcode"),
    CheckConstraint("lending IN ('loan', 'library_use', 'online')", name="lending"),
)

item_past_barcode = Table(
    "item_past_barcode",
    metadata,
    Column("library", Code, primary_key=True),
    Column("barcode", String(80), primary_key=True),
    Column("item_id", PublicId, ForeignKey("item.id"), primary_key=True),
    Column("until", Instant, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("load_id", PublicId, nullable=False),
    Column("file", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("format", String(20), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("bytes_sha256", String(64), nullable=False),
    Column("raw_z", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    UniqueConstraint("library", "position", "code", "bytes_sha256"),
)

# Append-only. Ids and codes, never personal values.
event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("library", Code),
    Column("actor", String(80), nullable=False),
    Column("command_id", String(40), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_event_subject", "subject", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("topic", String(40), nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
)

# One row a message and consumer, claimed by state: commits are unordered, so no reader may go by "id greater than the last seen".
outbox_delivery = Table(
    "outbox_delivery",
    metadata,
    Column("message_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("consumer", String(40), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("lease_holder", String(120)),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Instant),
    CheckConstraint("state IN ('pending', 'leased', 'done', 'dead')", name="state"),
    Index(
        "ix_outbox_delivery_open",
        "consumer",
        "message_id",
        sqlite_where=text("state IN ('pending', 'leased')"),
        postgresql_where=text("state IN ('pending', 'leased')"),
    ),
    sqlite_with_rowid=False,
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("until", Instant, nullable=False),
    Column("token", BigInteger, nullable=False),  # grows with each holder: what a holder of yesterday writes can be told
)

job = Table(
    "job",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("state", String(12), nullable=False),
    Column("progress", Float, nullable=False),
    Column("result", JSON),
    Column("error", String(80)),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
    Index("ix_job_name", "name", "created_at"),
)
