"""Looking at processes: who descends from whom, who still lives."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it becomes true in time, be it for a moment."""
    until = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _state_and_parent(pid: int | str) -> tuple[str, int]:
    """("X", 0) for a process that is gone."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return "X", 0
    return state, int(parent)


def alive(pids: Iterable[int]) -> list[int]:
    """Those that run; the dead that nobody has asked after do not count."""
    return [pid for pid in pids if _state_and_parent(pid)[0] not in "ZX"]


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        state, parent = _state_and_parent(folder.name)
        if state not in "ZX":
            found.setdefault(parent, []).append(int(folder.name))
    return found


def children_of(pid: int) -> list[int]:
    """The living processes that it started itself."""
    return _children().get(pid, [])


def family_of(pid: int) -> list[int]:
    """Every living descendant."""
    children, found, waiting = _children(), [], [pid]
    while waiting:
        born = children.get(waiting.pop(), [])
        found += born
        waiting += born
    return found


def command_of(pid: int) -> str:
    """Its command line; "" for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
