"""Every request has an id: the caller's own if it is a plain word, in the answer, in every line that the request writes, and as the id of
the command that it is.

A line of a request names its route ("/api/v1/records/<union_id>"), never its path or query string or the caller's address.
"""

import re
import time

import structlog
from flask import Flask, Response, g, request

from union_catalog.ids import new_id

REQUEST_ID_HEADER = "X-Request-ID"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")  # no longer than the id of a command, which it becomes
_log = structlog.stdlib.get_logger("api.access")


def plain_id(offered: str) -> str:
    """What a caller calls something, if it is a plain word that can stand in the journal, else ""."""
    return offered if _ACCEPTABLE_ID.fullmatch(offered) else ""


def current_request_id() -> str:
    """The id of the request being answered: the caller's own if it is a plain word, else one made here."""
    if "request_id" not in g:
        g.request_id = plain_id(request.headers.get(REQUEST_ID_HEADER, "")) or new_id()
    request_id: str = g.request_id
    return request_id


def log_requests(app: Flask) -> None:
    """Gives every request its id, in the log lines and in the answer, and writes one line when it is
    answered."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=current_request_id())

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers[REQUEST_ID_HEADER] = current_request_id()
        _log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
        )
        return response
