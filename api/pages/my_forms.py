"""Forms of the reader's own pages: what was typed, kept, and what is wrong with it, said at its field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from flask import Response, make_response, render_template

from api.language import current_language
from api.pages.sent import all_typed, told
from api.resources.editions import named
from api.resources.operation import catalogue
from union_catalog.errors import UnionCatalogError

_SECRETS = ("pin", "new_pin", "again")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent. ``errors`` are sentences by field, "" for one that is of no field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


class Checks:
    """Collects what is wrong, each at its field, so that all of it is said at once."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def wrong(self, name: str, told: str) -> None:
        """The first complaint about a field stands."""
        self.errors.setdefault(name, told)

    def attempt(self, name: str, check: Callable[[], object]) -> None:
        """What ``check`` raises is said at the field ``name``."""
        try:
            check()
        except UnionCatalogError as error:
            self.wrong(name, told(error))


def typed() -> Mapping[str, str]:
    """What the present form says, without what must not stand on a page again."""
    return all_typed(*_SECRETS)


def shown_again(template: str, errors: Mapping[str, str], around: Mapping[str, object], status: int = 422) -> Response:
    """The same form with what was typed and what is wrong; ``around`` is what else the page shows."""
    return make_response(render_template(template, form=Filled(typed(), errors), **around), status)


def error_of(error: UnionCatalogError, fields: Iterable[str], renamed: Mapping[str, str] | None = None) -> dict[str, str]:
    """The error at its field where the form has that, else at the top."""
    name = str(error.data.get("name", ""))
    name = (renamed or {}).get(name, name)
    return {name if name in fields else "": told(error)}


@dataclass(frozen=True, slots=True)
class BranchChoice:
    """A place in a list to choose from."""

    code: str
    name: str


def branches_by_library() -> Mapping[str, list[BranchChoice]]:
    """All places at which readers can be looked after, by the name of their library."""
    language = current_language()
    found: dict[str, list[BranchChoice]] = {}
    for branch in catalogue().branches():
        choice = BranchChoice(branch.code, named(branch.name, branch.name_en, language))
        found.setdefault(named(branch.library_name, branch.library_name_en, language), []).append(choice)
    return found
