"""Who does something, where and when: every use case takes one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

from union_catalog.clock import Clock
from union_catalog.ids import new_id

CommandId = NewType("CommandId", str)
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A principal by kind and opaque id, never a name: "system:relay", "cli:union-catalog", "public:"."""

    kind: Literal["public", "system", "cli", "staff", "patron", "library"]
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """``library`` and ``branches`` bound what the actor may write ("" and empty: the whole network, for the system's own work).

    ``command_id`` makes a repeated command the same command; ``occurred_at`` is when it happened, which may be before it is recorded.
    """

    actor: Actor
    occurred_at: datetime
    command_id: CommandId
    library: str = ""
    branches: tuple[str, ...] = ()
    language: Language = "zh"


def command_line(clock: Clock, library: str = "") -> Context:
    """The context of somebody at the command line, who may do everything."""
    return Context(
        actor=Actor(kind="cli", id="union-catalog"),
        occurred_at=clock.now(),
        command_id=CommandId(new_id()),
        library=library,
    )
