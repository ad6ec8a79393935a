"""When not to ask the server: while it lets questions hang, and while as many wait for an answer as may.

A question that hangs holds a thread of the web server for as long as the timeout; without a bound a server that hangs would take every
page with it. What writes is not asked about here: it has a patience of its own, and no reader waits for it.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


class Shut(Exception):
    """The server did not answer a moment ago; the argument says how it failed."""


class Full(Exception):
    """As many questions wait as may, and none has been answered for a while; the argument is how many."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``at_once``: questions that may wait at the same time. The rest are seconds: for which nothing is asked after one that hung, doubled
    from ``first_pause`` to ``longest_pause`` each time it hangs again, and for which a question waits for its turn while none is answered.
    """

    at_once: int
    first_pause: float = 1.0
    longest_pause: float = 30.0
    silence: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """One that may be asked: since when, and whether it is the one that finds out if the server answers again."""

    begun: float
    probe: bool = False


class Breaker:
    """Shared by the threads of a process. Every question that was let in has to be ended by ``answered`` or ``hung``."""

    def __init__(self, patience: Patience, now: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._now = now
        self._changed = threading.Condition()
        self._waiting = 0
        self._waiting_since = self._last_answer = now()
        self._pause = 0.0  # 0: everything may be asked
        self._until = 0.0
        self._probing = False
        self._reason = ""

    def enter(self) -> Question:
        """Lets a question in, after a short wait where many are at it. Raises Shut or Full."""
        with self._changed:
            while True:
                now = self._now()
                probe = self._is_for_a_probe(now)
                if self._waiting < self._patience.at_once:
                    break
                left = max(self._waiting_since, self._last_answer) + self._patience.silence - now
                if left <= 0:
                    raise Full(self._waiting)
                self._changed.wait(left)
            self._probing = self._probing or probe
            self._waiting_since = self._waiting_since if self._waiting else now
            self._waiting += 1
            return Question(now, probe)

    def answered(self, question: Question) -> None:
        """Whatever the answer: the server gives one, so everything may be asked again."""
        with self._changed:
            self._leave(question)
            self._last_answer = self._now()
            self._pause = 0.0

    def hung(self, question: Question, reason: str) -> None:
        """No answer in time. One slow question among others that are answered says nothing of the server."""
        with self._changed:
            self._leave(question)
            if self._last_answer > question.begun or (self._pause and not question.probe):
                return
            patience = self._patience
            self._pause = min(self._pause * 2, patience.longest_pause) if self._pause else patience.first_pause
            self._until, self._reason = self._now() + self._pause, reason

    def _is_for_a_probe(self, now: float) -> bool:
        if not self._pause:
            return False
        if self._probing or now < self._until:
            raise Shut(self._reason)
        return True

    def _leave(self, question: Question) -> None:
        self._waiting -= 1
        self._probing = self._probing and not question.probe
        self._changed.notify_all()
