"""Where a request comes from: its address, which is used to decide and is never logged or kept."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from union_catalog.settings import Network

Address = IPv4Address | IPv6Address
_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def believe_proxies(app: Flask, count: int) -> None:
    """Takes address, scheme and host from what the last ``count`` web servers before this one wrote; with 0 nobody's word is taken."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's own way
    app.config["TRUSTED_PROXIES"] = count


def caller(trusted_proxies: int) -> Address | None:
    """The address of the request's sender; None where it came through a web server that the settings do not know, or cannot be read."""
    if not trusted_proxies and any(name in request.headers for name in _FORWARDED):
        return None
    try:
        found = ip_address((request.remote_addr or "").partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def network_of(address: Address, networks: Iterable[Network]) -> Network | None:
    """The narrowest of ``networks`` that holds the address."""
    holding = [network for network in networks if address in network]
    return max(holding, key=lambda network: network.prefixlen, default=None)
