"""Who asks, and who may call which route: the permission matrix (route × role), as data, closed to
whatever it does not name.

The matrix is ``api/data/permissions.toml``. A test compares it with the routes of the application, both
ways. A caller of the API shows a token (``Authorization: Bearer …``); pages know nobody yet. Whoever asks from a network that the settings
trust is a monitor without one: figures must be had when the database, which knows the tokens, is gone.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal, get_args

from flask import Flask, g, request

from api.addresses import caller, network_of
from api.language import current_language
from api.request_ids import current_request_id
from union_catalog.clock import Clock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.errors import NotAllowed, NotAuthenticated
from union_catalog.settings import Settings
from union_catalog.storage.access import StoredToken

Role = Literal["public", "cataloguer", "monitor"]
ROLES: tuple[str, ...] = get_args(Role)
CLOSED_ROLES = ROLES[1:]  # those that a token may have; everybody is "public"
API = "/api/v1/"
METRICS = "/metrics"

TokenHolder = Callable[[str], StoredToken | None]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an actor, the roles it has, and the library it is bound to ("" for the whole
    network). Readers and sessions will be further ones of this kind."""

    actor: Actor = field(default_factory=lambda: Actor(kind="public"))
    roles: frozenset[str] = frozenset({"public"})
    library: str = ""

    def has(self, role: Role) -> bool:
        """Whether what ``role`` may see is shown."""
        return role in self.roles


ANYBODY = Principal()
MONITOR = Principal(Actor(kind="system", id="monitor"), frozenset({"public", "monitor"}))


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
    """Raises NotAuthenticated where anybody known might be let in and nobody is, NotAllowed where one
    of the known roles is missing."""
    allowed = matrix().get(endpoint, frozenset())
    if principal.roles & allowed:
        return
    if allowed and principal is ANYBODY:
        raise NotAuthenticated
    raise NotAllowed("not_allowed", right=", ".join(sorted(allowed)) or endpoint)


def guard_routes(app: Flask, holder: TokenHolder, settings: Settings) -> None:
    """Asks the matrix before every request that has a route. ``holder`` tells whose token a text is."""
    matrix()  # a mistake in the file must stop the start, not the first reader

    @app.before_request
    def check() -> None:
        g.principal = MONITOR if request.path == METRICS and _is_trusted(settings) else _principal(holder)
        if request.endpoint is not None:
            demand_permission(g.principal, request.endpoint)


def _is_trusted(settings: Settings) -> bool:
    address = caller(settings.trusted_proxies)
    return address is not None and network_of(address, settings.metrics_networks) is not None


def _principal(holder: TokenHolder) -> Principal:
    """Another scheme than Bearer is not ours: a web server before us may ask for one of its own."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.path.startswith((API, METRICS)):
        return ANYBODY
    token = holder(secret.strip())
    if token is None:
        raise NotAuthenticated("token_not_valid")
    roles = frozenset({"public", *token.roles})
    return Principal(Actor(kind="staff", id=token.id), roles, token.library)


def current_principal() -> Principal:
    """Who sent the request being answered."""
    principal: Principal = g.principal
    return principal


def current_context(clock: Clock, command_id: CommandId | None = None) -> Context:
    """The context of a use case on behalf of whoever sent the request, bound to their library. Without an id of a command it is that of
    the request."""
    principal = current_principal()
    return Context(
        actor=principal.actor,
        occurred_at=clock.now(),
        command_id=command_id or CommandId(current_request_id()),
        library=principal.library,
        language=current_language(),
    )
