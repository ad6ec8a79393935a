"""The supervisor: keeps the web server, the relay and the scheduler running, as child processes, until told
to stop.

It binds the port itself and hands the open socket to the web server, so that a taken port is known at once
and a web server that is started again loses no connection. Children run in process groups of their own:
Ctrl-C reaches the supervisor only, which then stops them in order; on Linux the kernel stops them if the
supervisor is killed.
"""

import ctypes
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

import structlog

from union_catalog.errors import Busy, ConfigurationError, StorageUnavailable
from union_catalog.settings import Settings

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY_SECONDS = 10.0  # a child that lived so long begins again with the shortest pause
_GRACE_SECONDS = 20.0
_READY_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_log = structlog.stdlib.get_logger("serve")


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs. ``inherits``: file descriptors that it gets."""

    name: str
    command: tuple[str, ...]
    inherits: tuple[int, ...] = ()


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=_FIRST_PAUSE)
    due: float = 0.0


def _die_with_the_parent() -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(program: Program) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        program.command,
        pass_fds=program.inherits,
        process_group=0,
        preexec_fn=_die_with_the_parent,  # noqa: PLW1509 - the supervisor has one thread, so nothing can deadlock
    )


class Supervisor:
    """Starts programs, starts again what ends, stops all. ``tick`` is for the loop of :func:`supervise` and
    tests."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._children = [_Child(program) for program in programs]

    def tick(self) -> None:
        """Starts what is due and notices what has ended."""
        now = time.monotonic()
        for child in self._children:
            if child.process is None:
                if now >= child.due:
                    child.process, child.started = _start(child.program), now
                    _log.info("started", child=child.program.name, pid=child.process.pid)
            elif (status := child.process.poll()) is not None:
                self._note_end(child, status, now)

    def _note_end(self, child: _Child, status: int, now: float) -> None:
        pause = _FIRST_PAUSE if now - child.started >= _STEADY_SECONDS else child.pause
        _kill_group(child.process)
        child.process, child.due, child.pause = None, now + pause, min(pause * 2, _LONGEST_PAUSE)
        _log.error("ended unasked", child=child.program.name, status=status, again_in=pause)

    def is_running(self, name: str) -> bool:
        """Whether the child of that name has been started and not seen to end."""
        return any(child.process is not None for child in self._children if child.program.name == name)

    def stop(self, hurry: Event) -> None:
        """Asks every child to stop, and kills what has not after a while, or once ``hurry`` is set."""
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + _GRACE_SECONDS
        while any(process.poll() is None for process in running) and time.monotonic() < until:
            if hurry.wait(0.05):
                break
        for process in running:
            _kill_group(process)
            process.wait()


def _kill_group(process: subprocess.Popen[bytes] | None) -> None:
    """Also ends what a child left behind, such as workers of a web server that was killed."""
    if process is not None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def listen(host: str, port: int) -> socket.socket:
    """The socket to serve from. Raises Busy("port_taken") or ConfigurationError("address_unusable")."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Busy("port_taken", host=host, port=port) from error
        raise ConfigurationError("address_unusable", host=host, port=port) from error
    listener.set_inheritable(True)
    return listener


def web_server(settings: Settings, listener: socket.socket, application: str = "api.app:create_app()") -> Program:
    """gunicorn as measured to be best on two cores: threads in a few processes that share the preloaded
    application."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--preload"]
    command += ["--worker-class", "gthread", "--workers", str(settings.web_workers)]
    command += ["--threads", str(settings.web_threads), "--graceful-timeout", "10", "--no-control-socket"]
    command += ["--config", "python:api.gunicorn_settings", "--log-level", "warning", application]
    return Program("web", tuple(command), (listener.fileno(),))


def own_command(name: str) -> Program:
    """A child that is another command of ours: "relay" or "scheduler"."""
    return Program(name, (sys.executable, "-m", "api.cli", name))


def url_of(listener: socket.socket) -> str:
    """An address under which a browser on this machine reaches it."""
    host, port = _reachable(listener)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _reachable(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
    return everywhere.get(host, host), port


def supervise(programs: Sequence[Program], listener: socket.socket | None, announce: Callable[[str], None]) -> None:
    """Runs the programs until SIGTERM or SIGINT; a second one ends the waiting for children.

    ``listener`` is the web server's, None without one; ``announce`` is called with the address once somebody
    answers there. Raises StorageUnavailable("web_failed") if that does not happen within a minute or the web
    server's process ends before.
    """
    stop, hurry = Event(), Event()

    def on_signal(*_: object) -> None:
        (hurry if stop.is_set() else stop).set()

    previous = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    supervisor = Supervisor(programs)
    try:
        supervisor.tick()
        if listener is not None and _web_answers(supervisor, listener, stop):
            announce(url_of(listener))
        while not stop.wait(0.2):
            supervisor.tick()
    finally:
        supervisor.stop(hurry)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _web_answers(supervisor: Supervisor, listener: socket.socket, stop: Event) -> bool:
    """Waits for it; False if told to stop. One question waits in the port's queue for the first worker."""
    until = time.monotonic() + _READY_SECONDS
    with socket.create_connection(_reachable(listener), timeout=_READY_SECONDS) as question:
        question.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        while not stop.is_set():
            if select.select([question], [], [], 0.1)[0] and question.recv(5) == b"HTTP/":
                return True
            supervisor.tick()
            if not supervisor.is_running("web") or time.monotonic() > until:
                raise StorageUnavailable("web_failed", url=url_of(listener))
    return False
