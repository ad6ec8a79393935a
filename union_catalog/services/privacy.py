"""What a library may see of a reader, and how a loan history loses its reader."""

from sqlalchemy import Connection

from union_catalog.ids import LibraryCode, PatronId
from union_catalog.patrons.privacy import Sight
from union_catalog.storage import consents


def sight(connection: Connection, viewer: str, patron: PatronId, patron_library: LibraryCode) -> Sight:
    """What a desk of ``viewer`` ("" for the network) is shown of this reader, by what the reader agreed to."""
    if viewer in {"", patron_library}:
        return Sight(viewer, patron_library)
    return Sight(viewer, patron_library, consents.shared_with(connection, patron))
