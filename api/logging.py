"""Log lines: structured, one an event, carrying the request's id; no personal data and nothing a reader
typed.

Every process of ours writes through this, whether it serves, relays or loads.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog

from union_catalog.context import Context
from union_catalog.errors import UnionCatalogError
from union_catalog.settings import Settings

Tell = Callable[..., object]


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
        cache_logger_on_first_use=False,  # what is cached never hears of a second configuration, nor of one who listens
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(as_text)],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for library in ("alembic", "huey"):
        logging.getLogger(library).setLevel(logging.WARNING)  # they tell of their every start


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


@contextmanager
def logged_command(settings: Settings, command: str, context: Context) -> Iterator[Tell]:
    """The log of a command that somebody gives: its lines carry the command's id, which the relay then tells as the cause of its work.

    Only where the settings ask for JSON: at a terminal the command itself says what it does. Yields what writes a further line, of an
    event and its facts. How the command ended is told, whatever happens.
    """
    if settings.log_format != "json":
        yield lambda event, **facts: None
        return
    configure_logging(settings)
    log = structlog.stdlib.get_logger(command).bind(request_id=context.command_id)
    log.info("begun")
    begun, code = time.perf_counter(), "interrupted"
    try:
        yield log.info
        code = ""
    except UnionCatalogError as error:
        code = error.code
        raise
    finally:
        log.info("ended", code=code, seconds=round(time.perf_counter() - begun, 3))
