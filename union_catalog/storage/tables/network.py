"""Regions, libraries, branches."""

from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, Integer, String, Table, Text, text

from union_catalog.storage.tables.base import Code, metadata

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
    Column("floating", String(48), nullable=False, server_default="home"),  # network.floating
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
    Column("telephone", Text, nullable=False, server_default=""),
    Column("transport", Text, nullable=False, server_default=""),
    Column("transport_en", Text, nullable=False, server_default=""),
    Column("offers", Text, nullable=False, server_default=""),  # codes between blanks
    Column("hours", Text, nullable=False, server_default=""),  # network.hours.OpeningHours as JSON, "" where they are not known
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
)

branch_local_code = Table(
    "branch_local_code",
    metadata,
    Column("library", Code, ForeignKey("library.code"), primary_key=True),
    Column("local_code", String(80), primary_key=True),
    Column("branch", Code, ForeignKey("branch.code"), nullable=False),
)

courier_route = Table(
    "courier_route",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("weekdays", String(40), nullable=False),  # as the network file writes them, between blanks
    Column("stops", Text, nullable=False),  # network.couriers.Stop in their order, as JSON
)
