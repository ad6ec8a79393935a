"""Messages: what goes out together, to where, and the port to whatever carries it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from union_catalog.notices.model import LOAN_KINDS, Notice, Recipient, Value

Channel = Literal["email", "phone"]
MOST_ATTEMPTS = 6
_PAUSES = (1, 5, 15, 60, 240)  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice as it is told: its data, and the book that it is of ("" for none), as known at this moment."""

    notice: Notice
    title: str = ""
    volume: str = ""

    @property
    def data(self) -> Mapping[str, Value]:
        return self.notice.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``id`` stays the same however often it is tried. ``told`` are of one family: loans together, else of one kind."""

    id: str
    channel: Channel
    recipient: Recipient
    told: tuple[Told, ...]
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in words, ready to be carried. ``to`` is an e-mail address or a telephone number."""

    id: str
    to: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it went: handed over; not now, and surely not handed over, so that it may be tried again; refused for good; or nobody can
    know. ``why`` is for the log: a code or a status, never an address."""

    outcome: Literal["sent", "later", "refused", "unknown"]
    why: str = ""


class Notifier(Protocol):
    """Carries letters on one channel."""

    channel: Channel
    repeatable: bool
    """Whether a letter may be handed over again where nobody knows how it went: whoever takes it knows its id."""

    def send(self, letter: Letter) -> Delivery:
        """Hands one letter over; whatever goes wrong on the way is in the answer."""
        ...

    def close(self) -> None:
        """Lets go of what was kept open between letters."""
        ...


def family(kind: str) -> str:
    """Notices of one family go out as one message."""
    return "loans" if kind in LOAN_KINDS else kind


def channel_of(recipient: Recipient, available: Collection[Channel]) -> Channel | None:
    """How this reader is reached: by e-mail, else by telephone, of what there is; None: not at all."""
    if recipient.email and "email" in available:
        return "email"
    return "phone" if recipient.phone and "phone" in available else None


def address_of(message: Message) -> str:
    """Where it goes."""
    return message.recipient.email if message.channel == "email" else message.recipient.phone


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None: that was the last."""
    return None if attempts >= MOST_ATTEMPTS else timedelta(minutes=_PAUSES[attempts - 1])


def together(notices: Iterable[tuple[Notice, str | None]]) -> dict[str, list[Notice]]:
    """Message id → its notices. Those that were tried together before (they come with a message id) stay together and alone;
    the others join by reader and family, under the id of the first."""
    groups: dict[tuple[str, str] | str, list[Notice]] = {}
    for notice, message in notices:
        groups.setdefault(message or (notice.patron, family(notice.kind)), []).append(notice)
    return {key if isinstance(key, str) else min(notice.id for notice in group): group for key, group in groups.items()}
