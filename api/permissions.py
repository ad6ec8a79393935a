"""The permission matrix (route × role × own or another library), as data, closed to whatever it does not name.

It stands in ``api/data/permissions.toml``; a test compares it with the routes of the application, both ways, and tries every cell. A route
is asked for its row before anything else happens; what a request is about, the resource finds out and says by ``demand_library``,
``demand_branch`` or ``demand_patron`` in :mod:`api.auth`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

Role = Literal["public", "monitor", "reader", "circulation", "cataloguing", "manager", "network"]
ROLES: tuple[str, ...] = get_args(Role)
TOKEN_ROLES = ("monitor", "circulation", "cataloguing", "manager", "network")
_RENAMED = {"cataloguer": "cataloguing"}  # tokens given out before have the old word


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route about their own library's or their own things (``own``), and who about those of another (``other``)."""

    own: frozenset[str]
    other: frozenset[str]

    @property
    def anywhere(self) -> frozenset[str]:
        """Who may call the route at all."""
        return self.own | self.other


CLOSED = Rule(frozenset(), frozenset())


@cache
def matrix() -> Mapping[str, Rule]:
    """Endpoint → its row. Raises ValueError where the file names a role or a column that does not exist."""
    return {endpoint: _rule(endpoint, told) for endpoint, told in _file()["routes"].items()}


def rule_of(endpoint: str) -> Rule:
    """The row of a route; nobody's for one that has none."""
    return matrix().get(endpoint, CLOSED)


def held(given: Iterable[str]) -> frozenset[str]:
    """The roles of whoever was given these: what they include comes with them, and everybody is "public"."""
    roles = {"public", *(_RENAMED.get(role, role) for role in given)}
    included = _included()
    return frozenset(roles.union(*(included.get(role, ()) for role in roles)))


def role_named(word: str) -> str:
    """The role that a word of the command line means, an older word too."""
    return _RENAMED.get(word, word)


ROLE_WORDS = (*TOKEN_ROLES, *_RENAMED)


@cache
def _included() -> Mapping[str, frozenset[str]]:
    told: dict[str, list[str]] = _file()["roles"]
    _demand_known("roles", {*told, *(role for roles in told.values() for role in roles)})
    return {role: frozenset(roles) for role, roles in told.items()}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files("api").joinpath("data/permissions.toml").read_text("utf-8"))


def _rule(endpoint: str, told: Any) -> Rule:
    """A list is the same for own and other things; of a table, whoever may have to do with another's may with their own."""
    if isinstance(told, list):
        told = {"own": told, "other": told}
    if not told.keys() <= {"own", "other"}:
        raise ValueError(f"permissions.toml: unknown columns of {endpoint}: {sorted(told)}")
    own, other = (frozenset(map(str, told.get(column, ()))) for column in ("own", "other"))
    _demand_known(endpoint, own | other)
    return Rule(own | other, other)


def _demand_known(where: str, roles: Iterable[str]) -> None:
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"permissions.toml: unknown roles of {where}: {sorted(unknown)}")
