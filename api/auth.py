"""Who may call which route: the permission matrix (route × role), as data, closed to whatever it does
not name.

The matrix is ``api/data/permissions.toml``. A test compares it with the routes of the application, both ways.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal, get_args

from flask import Flask, g, request

from union_catalog.context import Actor
from union_catalog.errors import NotAllowed

Role = Literal["public"]
ROLES: tuple[str, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an actor and the roles it has. Staff, readers and keys of members will be further
    ones of this kind."""

    actor: Actor = field(default_factory=lambda: Actor(kind="public"))
    roles: frozenset[str] = frozenset({"public"})


ANYBODY = Principal()


@cache
def matrix() -> Mapping[str, frozenset[str]]:
    """Endpoint → the roles that may call it. Raises ValueError where the file names a role that does
    not exist."""
    text = resources.files("api").joinpath("data/permissions.toml").read_text("utf-8")
    rows = {endpoint: frozenset(roles) for endpoint, roles in tomllib.loads(text)["routes"].items()}
    unknown = frozenset().union(*rows.values()) - set(ROLES)
    if unknown:
        raise ValueError(f"permissions.toml: unknown roles {sorted(unknown)}")
    return rows


def demand_permission(principal: Principal, endpoint: str) -> None:
    """Raises NotAllowed unless one of the principal's roles may call ``endpoint``."""
    if not principal.roles & matrix().get(endpoint, frozenset()):
        raise NotAllowed("not_allowed", right=endpoint)


def guard_routes(app: Flask) -> None:
    """Asks the matrix before every request that has a route."""
    matrix()  # a mistake in the file must stop the start, not the first reader

    @app.before_request
    def check() -> None:
        g.principal = ANYBODY
        if request.endpoint is not None:
            demand_permission(g.principal, request.endpoint)
