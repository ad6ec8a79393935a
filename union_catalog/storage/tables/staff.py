"""Staff, and the sessions of staff and readers."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("username", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("library", Code, ForeignKey("library.code")),  # none: the whole network
    Column("branches", JSON, nullable=False),  # codes; empty: all of the library
    Column("roles", JSON, nullable=False),
    Column("password_hash", Text),  # argon2; none: comes in by token alone
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

# Of a session only the sum of its secret is kept. ``subject`` is a staff or a patron id.
session = Table(
    "session",
    metadata,
    Column("secret_sha256", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("subject", PublicId, nullable=False, index=True),
    Column("branch", Code, ForeignKey("branch.code")),  # the desk at which a member of staff stands
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    CheckConstraint("kind IN ('staff', 'patron')", name="kind"),
)
