"""Where whoever is signed in may act: the branches to choose from, and what the permission matrix lets them do with things of a library."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.auth import current_principal
from api.language import current_language
from api.permissions import rule_of
from api.resources.editions import named, place_name
from union_catalog.storage import reads


@dataclass(frozen=True, slots=True)
class Desk:
    """A branch with its name in the language of the page, its library's before it where that is not plain."""

    code: str
    name: str
    library: str


@dataclass(frozen=True, slots=True)
class Desks:
    """``here`` is the code of the one at which a session stands, or of the only one; "" where it has to be chosen."""

    choices: tuple[Desk, ...]
    here: str


def desks_of(connection: Connection) -> Desks:
    """Those of the present principal: their own branches; all of the library for who is bound to none or manages it; of the network."""
    principal, language = current_principal(), current_language()
    bound = () if principal.has("manager") else principal.branches
    libraries, branches = reads.names(connection)
    names = {row.code: named(row.name, row.name_en, language) for row in libraries}
    choices = tuple(
        Desk(
            row.code,
            place_name(names.get(row.library, row.library) if not principal.library else "", named(row.name, row.name_en, language)),
            row.library,
        )
        for row in branches
        if principal.library in ("", row.library) and (not bound or row.code in bound)
    )
    standing = principal.branch if any(choice.code == principal.branch for choice in choices) else ""
    return Desks(choices, standing or (choices[0].code if len(choices) == 1 else ""))


def may(endpoint: str, library: str = "") -> bool:
    """Whether the matrix lets the present principal call a route about a thing of ``library``."""
    principal, rule = current_principal(), rule_of(endpoint)
    return bool(principal.roles & (rule.own if principal.works_for(library) else rule.other))


def owns(library: str) -> bool:
    """Whether the present principal works for this library."""
    return current_principal().works_for(library)
