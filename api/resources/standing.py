"""What all resources about a reader's standing share: whom a request is about, and the names of libraries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.auth import current_principal, demand_patron
from api.resources.editions import named
from union_catalog.context import Language
from union_catalog.patrons.model import Patron
from union_catalog.services.patrons import office as readers
from union_catalog.storage import network


@dataclass(frozen=True, slots=True)
class Libraries:
    """Code → the library's name in the reader's language; the code itself for one that is not there."""

    names: Mapping[str, str]

    def name(self, code: str) -> str:
        """As pages show it."""
        return self.names.get(code, code)


def libraries(connection: Connection, language: Language) -> Libraries:
    """All of the network."""
    return Libraries({code: named(name, name_en, language) for code, (name, name_en) in network.library_names(connection).items()})


def about(connection: Connection, patron_id: str) -> Patron:
    """The reader whom the request is about. Raises NotFound, and NotAllowed as the matrix says."""
    patron = readers.require(connection, patron_id)
    demand_patron(patron.id, patron.library)
    return patron


def about_either(connection: Connection, ids: Sequence[str]) -> None:
    """The request is about two readers, one of whom must be of the library where the caller works; "" stands for none. Raises as above."""
    both = [readers.require(connection, patron_id) for patron_id in ids if patron_id]
    own = next((one for one in both if current_principal().works_for(one.library)), both[0])
    demand_patron(own.id, own.library)


def sees_all_of(patron_id: str, library: str) -> bool:
    """Whether who asks is the reader, or works for the library whose matter it is."""
    principal = current_principal()
    return principal.patron == patron_id or principal.works_for(library)
