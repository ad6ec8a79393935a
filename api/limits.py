"""How often an address may search. Anonymous readers only, and none of this machine's own.

Whole reading rooms share an address: a network that the settings name has a larger limit of its own, counted together. A version 6
network of 64 bits is one home or one phone, so it is one address. Counting must never stop a search: where the store of counts is gone,
each process counts for itself until it is back.
"""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_network
from typing import Literal, TypeVar, cast

from flask import Flask
from flask.typing import RouteCallable
from flask_limiter import Limiter
from limits.errors import ConfigurationError as StorageFault

from api.addresses import Address, caller, network_of
from api.auth import ANYBODY, current_principal
from union_catalog.errors import ConfigurationError
from union_catalog.settings import Settings

Scope = Literal["searches", "suggestions"]
View = TypeVar("View", bound=Callable[..., object])

PER_MINUTE = 300  # what "auto" is with a search server: a search every fifth of a second, all day
SUGGESTIONS_A_SEARCH = 4  # asked for while somebody types
_HOME_BITS = 64
_MARK = "limit_scope"


def limit_searches(app: Flask, settings: Settings) -> None:
    """Bounds the routes that are ``counted``; more than that is answered with 429 and Retry-After.

    Raises ConfigurationError for a store of counts that cannot be used.
    """
    limit = _limit(settings)
    if not limit:
        return
    rule = _Rule(settings, limit)
    limiter = _limiter(app, settings, rule.key)
    limits = {"searches": rule.searches, "suggestions": rule.suggestions}
    for endpoint, view in app.view_functions.items():
        scope = scope_of(view)
        if scope is not None:
            limited = limiter.shared_limit(limits[scope], scope, exempt_when=rule.is_exempt)(view)
            app.view_functions[endpoint] = cast(RouteCallable, limited)


def counted(scope: Scope) -> Callable[[View], View]:
    """Marks the view of a route that asks the search engine; its calls are counted with all others of ``scope``.

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


def _limit(settings: Settings) -> str:
    """The limit of an address; "" for none."""
    if settings.search_limit == "auto":
        return "" if settings.search_engine == "embedded" else f"{PER_MINUTE}/minute"
    return "" if settings.search_limit == "off" else settings.search_limit


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


class _Rule:
    """Whose searches are counted together, and how many there may be."""

    def __init__(self, settings: Settings, limit: str) -> None:
        self._settings, self._limit = settings, limit

    def _address(self) -> Address | None:
        return caller(self._settings.trusted_proxies)

    def is_exempt(self) -> bool:
        """This machine itself; who has shown a token; and everybody behind a web server that the settings do not know: they all share
        its address."""
        address = self._address()
        return address is None or address.is_loopback or current_principal() is not ANYBODY

    def key(self) -> str:
        """The network or the address that is counted."""
        address = self._address()
        if address is None:
            return ""
        room = network_of(address, self._settings.search_limit_networks)
        if room is not None:
            return str(room)
        return str(ip_network((address, _HOME_BITS), strict=False)) if isinstance(address, IPv6Address) else str(address)

    def searches(self) -> str:
        """The limit of searches for whoever asks now."""
        address = self._address()
        if address is not None and network_of(address, self._settings.search_limit_networks) is not None:
            return self._settings.search_limit_network
        return self._limit

    def suggestions(self) -> str:
        """The limit of suggestions for whoever asks now."""
        number, _, time = self.searches().partition("/")
        return f"{int(number) * SUGGESTIONS_A_SEARCH}/{time}"
