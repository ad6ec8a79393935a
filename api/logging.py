"""Log lines: structured, one an event, carrying the request's id; no personal data and nothing a reader
typed.

A line of a request names its route ("/api/v1/records/<union_id>"), never its path or query string or
the caller's address.
"""

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request

from union_catalog.ids import new_id
from union_catalog.settings import Settings

REQUEST_ID_HEADER = "X-Request-ID"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")  # no longer than the id of a command, which it becomes
_log = structlog.stdlib.get_logger("api.access")


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Sends all logging, our own and the libraries', to ``stream`` (standard error) in the form the
    settings ask for."""
    stream = stream or sys.stderr
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and stream.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(as_text)],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)


def _rendering(as_text: bool) -> list[structlog.typing.Processor]:
    if as_text:
        return [structlog.dev.ConsoleRenderer()]
    return [
        structlog.processors.dict_tracebacks,
        _trace_as_frames,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _trace_as_frames(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes the values of local variables out of a trace: they may hold what a reader typed."""
    for trace in event.get("exception", []):
        for frame in trace.get("frames", []):
            frame.pop("locals", None)
    return event


def current_request_id() -> str:
    """The id of the request being answered: the caller's own if it is a plain word, else one made here."""
    if "request_id" not in g:
        offered = request.headers.get(REQUEST_ID_HEADER, "")
        g.request_id = offered if _ACCEPTABLE_ID.fullmatch(offered) else new_id()
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
