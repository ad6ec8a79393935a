"""What a reader says against a block, an entry of the credit log or of the account, and what a person decides of it.

The library that set the block or asked the money decides, a manager of it; of the score, that of the reader's home. An objection that is
upheld takes back what it is about, in the same transaction.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import new_id
from union_catalog.patrons.credit import BALANCING, DEEDS
from union_catalog.patrons.model import Patron
from union_catalog.services import accounts, blocks, credit, notices
from union_catalog.services.patrons import office
from union_catalog.storage import accounts as account_rows
from union_catalog.storage import blocks as block_rows
from union_catalog.storage import credit as credit_rows
from union_catalog.storage import events
from union_catalog.storage import objections as rows
from union_catalog.storage.events import Event
from union_catalog.storage.objections import About, Objection


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was objected to. ``word`` is a code: of a block, a cause of credit or of a charge; ``fen`` was asked, ``points`` were taken."""

    word: str
    reason: str = ""
    points: int = 0
    fen: int = 0


def subject(connection: Connection, found: Objection) -> Subject:
    """For whoever has to decide."""
    if found.about == "block":
        block = block_rows.find(connection, found.about_id)
        return Subject(word=block.block.code, reason=block.block.reason) if block else Subject(word="")
    if found.about == "credit":
        entry = credit_rows.find(connection, found.about_id)
        return Subject(word=entry.cause, reason=entry.reason, points=entry.points) if entry else Subject(word="")
    charge = account_rows.find(connection, found.about_id)
    return Subject(word=charge.cause, reason=charge.reason, fen=charge.owed_fen) if charge else Subject(word="")


def make(connection: Connection, clock: Clock, context: Context, patron_id: str, about: About, about_id: str, text: str) -> Objection:
    """Raises InvalidInput("text_needed"), NotFound("unknown_objected") for what is not this reader's, Refused: objection_open where one
    about it waits already, objection_decided where one was decided, nothing_to_object where it holds no more; and as
    :func:`office.lock`.
    """
    if not text.strip():
        raise InvalidInput("text_needed", name="text")
    patron = office.lock(connection, patron_id)
    library = _decider(connection, patron, about, about_id)
    earlier = rows.about(connection, about_id)
    if earlier is not None:
        raise Refused("objection_open" if earlier.state == "open" else "objection_decided", id=earlier.id)
    made = Objection(id=new_id(), patron=patron.id, about=about, about_id=about_id, library=library, text=text.strip(), made_at=clock.now())
    rows.add(connection, made)
    _tell(connection, clock, context, "objection.made", made)
    return made


def _decider(connection: Connection, patron: Patron, about: About, about_id: str) -> str:
    """Whose manager decides. Raises NotFound and Refused as :func:`make`."""
    if about == "block":
        block = block_rows.find(connection, about_id)
        if block is not None and block.patron == patron.id:
            return block.block.library if block.ended_at is None else _nothing()
    elif about == "credit":
        entry = credit_rows.find(connection, about_id)
        if entry is not None and entry.patron == patron.id:
            judged = entry.points < 0 and entry.cause not in BALANCING
            return patron.library if judged and not credit_rows.is_reversed(connection, about_id) else _nothing()
    else:
        charge = account_rows.find(connection, about_id)
        if charge is not None and charge.patron == patron.id:
            undone = account_rows.reversed_among(connection, [about_id])
            return charge.library if charge.kind == "charge" and charge.owed_fen > 0 and not undone else _nothing()
    raise NotFound("unknown_objected", kind=about, id=about_id)


def _nothing() -> str:
    raise Refused("nothing_to_object")


def decide(connection: Connection, clock: Clock, context: Context, objection_id: str, answer: str, *, upheld: bool) -> Objection:
    """A person's decision, with the answer that the reader gets. Who set the block or made the entry does not decide of it.

    Raises InvalidInput("answer_needed"), NotFound("unknown_objection"), Refused("objection_decided"), NotAllowed: other_library,
    own_decision.
    """
    if not answer.strip():
        raise InvalidInput("answer_needed", name="answer")
    found = require(connection, objection_id)
    patron = office.lock(connection, found.patron)
    found = rows.lock(connection, objection_id) or found
    if found.state != "open":
        raise Refused("objection_decided", id=objection_id)
    if context.library not in ("", found.library):
        raise NotAllowed("other_library", right="objections", library=found.library)
    if _made_by(connection, found) == str(context.actor):
        raise NotAllowed("own_decision", right="objections")
    if upheld:
        _take_back(connection, clock, context, patron, found, answer.strip())
    decided = replace(found, state="upheld" if upheld else "rejected", answer=answer.strip())
    rows.decide(connection, objection_id, decided.state, decided.answer, str(context.actor), clock.now())
    _tell(connection, clock, context, "objection.decided", decided)
    notices.enqueue(connection, clock, patron.id, "objection_decided", objection_id, {"state": decided.state, "about": decided.about})
    return require(connection, objection_id)


def require(connection: Connection, objection_id: str) -> Objection:
    """Raises NotFound("unknown_objection")."""
    found = rows.find(connection, objection_id)
    if found is None:
        raise NotFound("unknown_objection", kind="objection", id=objection_id)
    return found


def _made_by(connection: Connection, found: Objection) -> str:
    """Who judged the reader; "" where a rule did, whoever stood at the desk."""
    if found.about == "block":
        block = block_rows.find(connection, found.about_id)
        return block.actor if block is not None and block.block.code == "staff_block" else ""
    entry = credit_rows.find(connection, found.about_id) if found.about == "credit" else None
    return entry.actor if entry is not None and entry.cause in DEEDS else ""


def _take_back(connection: Connection, clock: Clock, context: Context, patron: Patron, found: Objection, reason: str) -> None:
    """What was taken back meanwhile by somebody else is left as it is."""
    if found.about == "block":
        block = blocks.require(connection, patron.id, found.about_id)
        if block.ended_at is None:
            blocks.end(connection, clock, context, block, reason)
    elif found.about == "credit":
        entry = credit_rows.find(connection, found.about_id)
        if entry is not None and not credit_rows.is_reversed(connection, entry.id):
            credit.take_back(connection, clock, context, patron, entry, reason)
    else:
        accounts.annul(connection, clock, context, patron.id, found.about_id, reason)


def _tell(connection: Connection, clock: Clock, context: Context, kind: str, found: Objection) -> None:
    data: dict[str, object] = {"objection": found.id, "about": found.about, "about_id": found.about_id, "state": found.state}
    events.append(connection, context, [Event(kind, f"patron:{found.patron}", found.library, data)], instant_text(clock.now()))
