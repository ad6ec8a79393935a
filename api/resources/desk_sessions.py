"""/desk-sessions: a reader shows a code or a card, and the desk works for them for a while."""

from collections.abc import Mapping
from typing import Any

from api.idempotency import Acting, Done, command
from api.resources.operation import blueprint, office
from api.schemas.patrons import ClosedSessionAnswer, DeskSessionAnswer, DeskSessionBody
from union_catalog.clock import instant_text
from union_catalog.services.patrons import codes

group = blueprint("desk_sessions", "Readers at desks")


@command(group, "POST", "/desk-sessions", body=DeskSessionBody, answer=DeskSessionAnswer, status=201, problems=(404,))
def open_session(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Use up the code on a reader's phone, or read a card

    The session is this desk's, for a quarter of an hour. A code that was used before, at whichever desk, is answered by 409 `qr_used`.
    """
    opened = codes.open_session(acting.connection, office(), acting.context, told["card"], told["branch"], told["issuer"])
    return Done(DeskSessionAnswer(opened.id, opened.patron, instant_text(opened.expires_at)), opened.patron)


@command(group, "DELETE", "/desk-sessions/<session_id>", answer=ClosedSessionAnswer, problems=(404,))
def close_session(acting: Acting, _: object, session_id: str) -> Done:
    """Let go of the reader"""
    codes.close_session(acting.connection, acting.context, session_id)
    return Done(ClosedSessionAnswer(session_id))
