"""The long-running commands: ``serve``, and the two processes it keeps beside the web server."""

import os
import signal
import socket
from collections.abc import Callable
from threading import Event

import click
import structlog

from api.commands.runtime import Runtime
from api.jobs.process import Scheduler
from api.jobs.process import run as run_scheduler
from api.jobs.schedules import schedules
from api.logging import configure_logging
from api.metrics.engines import measured
from api.metrics.folders import counting_folder
from api.serve import Program, listen, own_command, supervise, web_server
from indexers import relay as index_relay
from union_catalog.clock import SystemClock, instant_text
from union_catalog.errors import SearchUnavailable
from union_catalog.settings import PREFIX, Settings

CLOCK_VARIABLE = f"{PREFIX}CLOCK"
PARTS = ("web", "relay", "scheduler")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Run this part alone; may be repeated.")
def serve(host: str, port: int, only: tuple[str, ...]) -> None:
    """Serve the catalogue: web server, relay and scheduler, until Ctrl-C."""
    runtime = _runtime()
    _keep_the_clock()
    parts = only or PARTS
    listener = listen(host, port) if "web" in parts else None
    with counting_folder(runtime.settings):
        supervise(_programs(runtime.settings, parts, listener), listener, _announcing(runtime.settings))


def _keep_the_clock() -> None:
    """A clock that was set goes on from here in every process that is started, also in one that is started again later."""
    told = os.environ.get(CLOCK_VARIABLE, "")
    if told and "@" not in told:
        os.environ[CLOCK_VARIABLE] = f"{told}@{instant_text(SystemClock().now())}"


def _announcing(settings: Settings) -> Callable[[str], None]:
    """Where the settings ask for JSON nobody sits at a terminal: the address is a line of the log, and no other line stands among those."""
    if settings.log_format == "json":
        return lambda url: structlog.stdlib.get_logger("serve").info("serving", url=url)
    return lambda url: click.echo(f"{url}  (Ctrl-C stops / 按 Ctrl-C 停止)")


def _programs(settings: Settings, parts: tuple[str, ...], listener: socket.socket | None) -> list[Program]:
    beside = [own_command(part) for part in PARTS if part in parts and part != "web"]
    return beside + ([web_server(settings, listener)] if listener else [])


def _runtime() -> Runtime:
    runtime = Runtime.from_environment()
    configure_logging(runtime.settings)
    runtime.database.close()  # looked at once: a schema of another version is said before anything runs
    _look_at_the_engine(runtime)
    return runtime


def _look_at_the_engine(runtime: Runtime) -> None:
    """Says before anything runs what waiting cannot mend; an index that is missing or a server that is away may come."""
    try:
        runtime.engine.status()
    except SearchUnavailable as error:
        if error.code in {"search_server_version", "search_server_refused"}:
            raise
    finally:
        runtime.engine.close()


def _stop_event() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@click.command()
def relay() -> None:
    """Keep the index true; started by serve. A second one stands by."""
    runtime, stop = _runtime(), _stop_event()
    index_relay.run(runtime.feed, measured(runtime.engine, runtime.settings.search_engine), stop, runtime.settings.relay_interval_ms / 1000)


@click.command()
def scheduler() -> None:
    """Work off background jobs and, for one of them, say what is due; started by serve."""
    runtime, stop = _runtime(), _stop_event()
    table = schedules(runtime.settings, runtime.database, runtime.feed, runtime.engine)
    run_scheduler(Scheduler(runtime.settings, runtime.database, runtime.clock, table), stop)
