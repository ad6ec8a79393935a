"""Notices as use cases: put on their way."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.ids import LoanId, PatronId, new_id
from union_catalog.notices.model import KINDS, Notice, Value
from union_catalog.storage import notices as rows


def enqueue(
    connection: Connection,
    clock: Clock,
    patron_id: PatronId,
    kind: str,
    about: str,
    data: Mapping[str, Value],
    not_before: datetime | None = None,
    loan: LoanId | None = None,
) -> bool:
    """Puts one on its way, in the transaction of its cause. False where the same was put there before: ``kind`` and ``about`` say which.

    ``data`` fills the words of the kind (api/templates/notices) and holds ids, codes, numbers and ISO dates, never what tells who or
    which book; ``loan`` names the loan that it is of, whose title is read when it is sent. Raises ValueError for a kind without words.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    now = clock.now()
    made = Notice(id=new_id(), patron=patron_id, kind=kind, about=about, created_at=now, loan=loan, data=data)
    return rows.add(connection, [made], instant_text(not_before or now)) == 1
