"""The rule tables that were in force, each whole."""

from sqlalchemy import Column, Integer, String, Table, Text

from union_catalog.storage.tables.base import Instant, metadata

policy_version = Table(
    "policy_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),  # the file as it was given
    Column("note", Text, nullable=False, server_default=""),
    Column("actor", String(80), nullable=False),
    Column("in_force_from", Instant, nullable=False),
)
