"""How long an answer may be kept, and how it is known again.

A file of ours is asked for with its digest in the address and kept for ever; pages are asked for again every time, and sent again only if
they have changed; a route may say otherwise of its own answers. What a shared cache may keep never depends on who asks.
"""

import zlib
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources

from flask import Flask, Response, request, url_for

FOR_EVER = "public, max-age=31536000, immutable"
_FOLDERS = {"static": "static", "explorer.static": "explorer/static"}


@cache
def _digest(endpoint: str, name: str) -> str:
    return sha256(resources.files("api").joinpath(_FOLDERS[endpoint], name).read_bytes()).hexdigest()[:10]


def asset(name: str, endpoint: str = "static") -> str:
    """The address of a file of ours, different whenever the file is."""
    return _asset(request.script_root, name, endpoint)


@lru_cache(maxsize=256)  # every page names the same few
def _asset(mounted: str, name: str, endpoint: str) -> str:  # noqa: ARG001  # an address begins with where the application is mounted
    return url_for(endpoint, filename=name, v=_digest(endpoint, name))


def keep_answers(app: Flask) -> None:
    """Puts Cache-Control and entity tags on the answers of ``app``."""

    @app.after_request
    def keep(response: Response) -> Response:
        if request.method not in ("GET", "HEAD") or response.status_code not in (200, 304):
            return response
        endpoint = request.endpoint or ""
        if endpoint in _FOLDERS and _names_its_digest(endpoint):
            response.headers["Cache-Control"] = FOR_EVER
        return _tagged(response) if _is_of_text(response) else response


def _names_its_digest(endpoint: str) -> bool:
    """An address with another digest is of another version of the file: it must not be kept for ever as that one."""
    name = (request.view_args or {}).get("filename", "")
    return request.args.get("v") == _digest(endpoint, name)


def _is_of_text(response: Response) -> bool:
    known = response.mimetype in ("text/html", "application/json", "image/svg+xml")
    untagged = "ETag" not in response.headers and "Set-Cookie" not in response.headers
    return response.status_code == 200 and known and untagged and not response.direct_passthrough


def _tagged(response: Response) -> Response:
    body = response.get_data()
    response.set_etag(f"{len(body):x}-{zlib.crc32(body):08x}")
    response.make_conditional(request)
    return response
