"""Who asks, and that the permission matrix lets them.

A caller of the API shows a token or the secret of a session (``Authorization: Bearer …``); a browser shows its session as a cookie.
Whoever asks from a network that the settings trust is a monitor without either: figures must be had when the database, which knows the
tokens, is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.addresses import caller, network_of
from api.errors import MACHINE_PATHS
from api.language import current_language
from api.permissions import Role, held, matrix, rule_of
from api.request_ids import current_request_id
from union_catalog.clock import Clock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.errors import NotAllowed, NotAuthenticated
from union_catalog.ids import PatronId
from union_catalog.services.access import Known
from union_catalog.settings import Settings

API = "/api/v1/"
METRICS = "/metrics"
SESSION_COOKIE = "session"
IN_PARTS = "X-Desk"  # a script of ours asks for the parts of a page alone, and is told so in the answer
# Answered without asking who it is.
_FOR_ANYBODY = ("static", "explorer.static", "health.healthz", "health.readyz", "pages.cover", "pages.favicon")

Knows = Callable[[str], Known | None]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an actor, the roles it has, and what it is bound to: a library ("" for the whole network) and branches (none named:
    all of the library).

    ``branch`` is the desk at which its session stands, ``session`` the sum of the session's secret; both "" where there is none.
    """

    actor: Actor = field(default_factory=lambda: Actor(kind="public"))
    roles: frozenset[str] = frozenset({"public"})
    library: str = ""
    branches: tuple[str, ...] = ()
    branch: str = ""
    session: str = ""
    by_cookie: bool = False

    def has(self, role: Role) -> bool:
        """Whether what ``role`` may see is shown."""
        return role in self.roles

    @property
    def patron(self) -> PatronId | None:
        """The reader who asks; None for staff, programs and strangers."""
        return PatronId(self.actor.id) if self.actor.kind == "patron" else None

    def works_for(self, library: str) -> bool:
        """Whether things of this library are this member of staff's or program's own."""
        return self.actor.kind == "staff" and self.library in ("", library)


ANYBODY = Principal()
MONITOR = Principal(Actor(kind="system", id="monitor"), frozenset({"public", "monitor"}))


def demand_permission(principal: Principal, endpoint: str) -> None:
    """Raises NotAuthenticated where anybody known might be let in and nobody is, NotAllowed where one
    of the known roles is missing."""
    allowed = rule_of(endpoint).anywhere
    if principal.roles & allowed:
        return
    if allowed and principal is ANYBODY:
        raise NotAuthenticated
    raise NotAllowed("not_allowed", right=tuple(sorted(allowed)) or endpoint)


def demand_library(library: str) -> None:
    """What is asked is about a thing of ``library``. Raises NotAllowed("other_library") where the matrix keeps it for that library."""
    principal, rule = current_principal(), rule_of(str(request.endpoint))
    if not principal.roles & (rule.own if principal.works_for(library) else rule.other):
        raise NotAllowed("other_library", right=str(request.endpoint), library=library)


def demand_branch(branch: str, library: str) -> None:
    """As :func:`demand_library`, of a desk: staff bound to branches act at these alone, unless they manage the library.

    Raises NotAllowed("other_desk") as well.
    """
    demand_library(library)
    principal = current_principal()
    if principal.branches and branch not in principal.branches and not principal.has("manager"):
        raise NotAllowed("other_desk", right=str(request.endpoint), library=library, branch=branch)


def demand_patron(patron_id: str, library: str) -> None:
    """What is asked is about a reader of ``library``: readers ask about themselves alone, staff as :func:`demand_library` says.

    Raises NotAllowed("other_reader") as well.
    """
    principal, rule = current_principal(), rule_of(str(request.endpoint))
    if principal.patron is None:
        demand_library(library)
    elif principal.patron != patron_id or "reader" not in rule.own:
        raise NotAllowed("other_reader", right=str(request.endpoint))


def guard_routes(app: Flask, knows: Knows, settings: Settings) -> None:
    """Asks the matrix before every request that has a route. ``knows`` tells whose a token or a session is."""
    matrix()  # a mistake in the file must stop the start, not the first reader

    @app.before_request
    def check() -> AnyResponse | None:
        g.principal = MONITOR if request.path == METRICS and _is_trusted(settings) else _principal(knows)
        if request.endpoint is None:
            return None
        try:
            demand_permission(g.principal, request.endpoint)
        except NotAuthenticated:
            if request.path.startswith(MACHINE_PATHS) or IN_PARTS in request.headers:
                raise
            unsent = None if request.method == "GET" else "1"  # what was filled in is not carried along, which is said
            return redirect(url_for("signing.sign_in", back=_way_back() or None, unsent=unsent), 303)
        return None

    @app.after_request
    def keep_private(response: Response) -> Response:
        principal = current_principal()
        if principal.by_cookie and "Cache-Control" not in response.headers:
            closed = "public" not in rule_of(request.endpoint or "").own
            response.headers["Cache-Control"] = "no-store" if closed else "private, no-cache"
        return response


def _way_back() -> str:
    """The page that was asked for; of a form that was sent, the page on which it stands. "" where that cannot be told."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came = urlsplit(request.referrer or "")
    if came.netloc == request.host and _is_page(came.path):
        return f"{came.path}?{came.query}" if came.query else came.path
    return request.path if _is_page(request.path) else ""


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, "GET")


def _is_trusted(settings: Settings) -> bool:
    address = caller(settings.trusted_proxies)
    return address is not None and network_of(address, settings.metrics_networks) is not None


def _principal(knows: Knows) -> Principal:
    """Another scheme than Bearer is not ours: a web server before us may ask for one of its own."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.path.startswith((API, METRICS)):
        known = knows(secret.strip())
        if known is None:
            raise NotAuthenticated("token_not_valid")
        return _of(known)
    cookie = "" if request.endpoint in _FOR_ANYBODY else request.cookies.get(SESSION_COOKIE, "")
    known = knows(cookie) if cookie else None
    return _of(known, by_cookie=True) if known is not None and known.session else ANYBODY


def _of(known: Known, *, by_cookie: bool = False) -> Principal:
    return Principal(
        actor=Actor(kind=known.kind, id=known.id),
        roles=held(known.roles),
        library=known.library if known.kind == "staff" else "",
        branches=known.branches,
        branch=known.branch,
        session=known.session,
        by_cookie=by_cookie,
    )


def current_principal() -> Principal:
    """Who sent the request being answered; anybody where it failed before that was asked."""
    principal: Principal = g.get("principal", ANYBODY)
    return principal


def current_context(clock: Clock, command_id: CommandId | None = None) -> Context:
    """The context of a use case on behalf of whoever sent the request, bound to their library and, unless they manage it, their branches.

    Without an id of a command it is that of the request.
    """
    principal = current_principal()
    return Context(
        actor=principal.actor,
        occurred_at=clock.now(),
        command_id=command_id or CommandId(current_request_id()),
        library=principal.library,
        branches=() if principal.has("manager") else principal.branches,
        language=current_language(),
    )
