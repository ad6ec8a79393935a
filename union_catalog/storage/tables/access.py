"""Who may come in."""

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

# What a program of a member or a member of staff shows to be let in; the token itself is not kept.
access_token = Table(
    "access_token",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("library", Code, ForeignKey("library.code")),  # none: the whole network
    Column("roles", JSON, nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("staff_id", PublicId, ForeignKey("staff.id")),  # who holds it; none: a program
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
