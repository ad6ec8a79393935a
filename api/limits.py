"""How often an address may search, try to sign in, and enrol. Nobody on this machine is counted.

Whole reading rooms share an address: a network that the settings name has larger limits of its own, counted together. A version 6
network of 64 bits is one home or one phone, so it is one address. Counting must never stop anybody: where the store of counts is gone,
each process counts for itself until it is back.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from ipaddress import IPv6Address, ip_network
from typing import Literal, TypeVar, cast

from flask import Flask, Response
from flask.typing import RouteCallable
from flask_limiter import Limiter
from limits.errors import ConfigurationError as StorageFault

from api.addresses import Address, caller, network_of
from api.auth import ANYBODY, Principal, current_principal
from union_catalog.errors import ConfigurationError
from union_catalog.settings import Network, Settings

Scope = Literal["searches", "suggestions", "sign_ins", "enrolments"]
View = TypeVar("View", bound=Callable[..., object])

# What "auto" is with a search server.
SEARCHES = "300/minute"  # a search every fifth of a second, all day
SIGN_INS = "30/minute"  # a card or a name has its own limit of tries, in the whole network: this is for who tries many of them
ENROLMENTS = "10/hour"  # a family, and a mistake or two
SUGGESTIONS_A_SEARCH = 4  # asked for while somebody types
TOO_MANY: Mapping[Scope, str] = {  # the code of what is answered
    "searches": "too_many_requests",
    "suggestions": "too_many_requests",
    "sign_ins": "too_many_sign_ins",
    "enrolments": "too_many_enrolments",
}
_DEDUCTED: Mapping[Scope, Callable[[Response], bool]] = {  # which answers count, where not all do
    "enrolments": lambda answer: answer.status_code != HTTPStatus.UNPROCESSABLE_ENTITY,  # a form filled in wrong is not one
}
_HOME_BITS = 64
_MARK = "limit_scope"


def limit_addresses(app: Flask, settings: Settings) -> None:
    """Bounds the routes that are ``counted``; more than that is answered with 429 and Retry-After.

    Raises ConfigurationError for a store of counts that cannot be used.
    """
    callers = _Callers(settings)
    rules = _rules(settings, callers)
    if not rules:
        return
    limiter = _limiter(app, settings, callers.key)
    for endpoint, view in app.view_functions.items():
        scope = scope_of(view)
        if scope is not None and scope in rules:
            rule = rules[scope]
            limit = limiter.shared_limit(
                rule.limit, scope, exempt_when=rule.is_exempt, deduct_when=_DEDUCTED.get(scope), error_message=TOO_MANY[scope]
            )
            app.view_functions[endpoint] = cast(RouteCallable, limit(view))


def counted(scope: Scope) -> Callable[[View], View]:
    """Marks the view of a route; its calls are counted with all others of ``scope``.

    The mark stands nearest to the function: what is put around a view keeps it.
    """

    def mark(view: View) -> View:
        setattr(view, _MARK, scope)
        return view

    return mark


def scope_of(view: Callable[..., object]) -> Scope | None:
    """With which others a view's calls are counted; None for one that is not marked."""
    scope: Scope | None = getattr(view, _MARK, None)
    return scope


class _Callers:
    """Who is counted together."""

    def __init__(self, settings: Settings) -> None:
        self._proxies, self._networks = settings.trusted_proxies, settings.search_limit_networks

    def address(self) -> Address | None:
        """None where everybody behind a web server that the settings do not know shares it."""
        return caller(self._proxies)

    def room(self) -> Network | None:
        """The network of theirs that the settings name."""
        address = self.address()
        return network_of(address, self._networks) if address is not None else None

    def key(self) -> str:
        """The network or the address that is counted."""
        address, room = self.address(), self.room()
        if address is None or room is not None:
            return str(room or "")
        return str(ip_network((address, _HOME_BITS), strict=False)) if isinstance(address, IPv6Address) else str(address)


class _Rule:
    """How many there may be of something, of an address and of a network; ``spares`` says of whom nothing is counted."""

    def __init__(self, callers: _Callers, limit: str, of_network: str, spares: Callable[[Principal], bool]) -> None:
        self._callers, self._limit, self._of_network, self._spares = callers, limit, of_network, spares

    def is_exempt(self) -> bool:
        """This machine itself; who is spared; and everybody behind a web server that the settings do not know, who share its address."""
        address = self._callers.address()
        return address is None or address.is_loopback or self._spares(current_principal())

    def limit(self) -> str:
        """The limit for whoever asks now."""
        return self._of_network if self._callers.room() is not None else self._limit


def _rules(settings: Settings, callers: _Callers) -> dict[Scope, _Rule]:
    """Those in force. A session spares nobody's tries at another's secret, and only staff enrols many."""

    def is_known(principal: Principal) -> bool:
        return principal is not ANYBODY

    def is_nobody(_: Principal) -> bool:
        return False

    def is_staff(principal: Principal) -> bool:
        return principal.actor.kind == "staff"

    search = _limit(settings, settings.search_limit, SEARCHES)
    of_network = settings.search_limit_network
    told: dict[Scope, tuple[str, str, Callable[[Principal], bool]]] = {
        "searches": (search, of_network, is_known),
        "suggestions": (_suggestions(search), _suggestions(of_network), is_known),
        "sign_ins": (_limit(settings, settings.sign_in_limit, SIGN_INS), settings.sign_in_limit_network, is_nobody),
        "enrolments": (_limit(settings, settings.enrol_limit, ENROLMENTS), settings.enrol_limit_network, is_staff),
    }
    return {scope: _Rule(callers, *bounds) for scope, bounds in told.items() if bounds[0]}


def _limit(settings: Settings, told: str, usual: str) -> str:
    """The limit of an address; "" for none."""
    if told == "auto":
        return "" if settings.search_engine == "embedded" else usual
    return "" if told == "off" else told


def _suggestions(searches: str) -> str:
    number, _, time = searches.partition("/")
    return f"{int(number) * SUGGESTIONS_A_SEARCH}/{time}" if searches else ""


def _limiter(app: Flask, settings: Settings, key: Callable[[], str]) -> Limiter:
    try:
        return Limiter(
            key,
            app=app,
            storage_uri=settings.search_limit_storage,
            strategy="sliding-window-counter",
            headers_enabled=True,
            in_memory_fallback_enabled=not settings.search_limit_storage.startswith("memory:"),
        )
    except (StorageFault, ValueError, ImportError) as error:
        name, value = "UNION_CATALOG_SEARCH_LIMIT_STORAGE", settings.search_limit_storage.partition("@")[2] or settings.search_limit_storage
        raise ConfigurationError("bad_setting", name=name, value=value) from error
