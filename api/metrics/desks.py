"""What desks and readers do with items, by the case that it became, and who comes in. A label is a number or code that is documented."""

from collections.abc import Iterable
from typing import Literal

import msgspec
from prometheus_client import Counter

from union_catalog.errors import UnionCatalogError
from union_catalog.services.commands import Answered

ACTIONS = Counter("union_catalog_desk_actions", "What desks were asked to do, by the case it became.", ("action", "case", "outcome"))
SIGN_INS = Counter("union_catalog_sign_ins", "Tries to sign in, by what came of them.", ("who", "result"))

Outcome = Literal["done", "refused"]
_ACTIONS = {"CO": "check_out", "CI": "check_in", "RN": "renewal", "IT": "item", "UN": "undo"}


class _Told(msgspec.Struct):
    """What is looked for in an answer: its case; of several loans, theirs."""

    case: str | None = None
    case_event: str | None = None
    results: tuple["_Told", ...] = ()


def count_answer(answered: Answered) -> None:
    """Counts what the answer to a command of a desk says; nothing for one that is repeated, or that speaks of no case."""
    if answered.replayed or b'"case"' not in answered.body:
        return
    told = msgspec.json.decode(answered.body, type=_Told)
    if told.case:
        count_cases([told.case], "done" if answered.status < 400 else "refused")
    for one in told.results:
        count_cases([one.case or ""], "done" if one.case_event else "refused")


def count_cases(cases: Iterable[str], outcome: Outcome) -> None:
    """Counts actions by their cases; "" is none."""
    for case in filter(None, cases):
        ACTIONS.labels(_ACTIONS.get(case.partition("-")[0], "other"), str(case), outcome).inc()


def count_refusal(error: UnionCatalogError) -> None:
    """Counts the case that the error is of, where it is of one."""
    count_cases([str(error.data.get("case") or "")], "refused")


def count_sign_in(who: Literal["staff", "reader"], error: UnionCatalogError | None) -> None:
    """Counts a try; ``error`` is why it was in vain."""
    SIGN_INS.labels(who, error.code if error else "in").inc()
