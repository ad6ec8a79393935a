"""Forms that were sent and not taken: they are shown again with what was typed and the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import request

from api.case_words import block_answers
from api.csrf import FIELD as TOKEN
from api.errors import STATUSES
from api.language import current_language
from api.messages import sentence
from api.pages.acting import FIELD as KEY
from union_catalog.errors import Blocked, Conflict, InvalidInput, NotFound, Refused, UnionCatalogError

# What is shown beside the form; anything else has a page of its own.
SHOWN_BESIDE = (InvalidInput, Refused, NotFound, Conflict)
_NEVER_AGAIN = (TOKEN, KEY)


@dataclass(frozen=True, slots=True)
class Sent:
    """``form`` is the form's name, "" for none. ``fault``: the name of the field that is wrong, "" where it is not one alone.

    ``error`` is a sentence, ``reasons`` are all that stand in the way where several do.
    """

    form: str = ""
    error: str = ""
    fault: str = ""
    reasons: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    status: int = 200

    def value(self, form: str, name: str, otherwise: object = "") -> str:
        """What a field of a form shows: what was typed, else ``otherwise``."""
        return self.typed.get(name, "") if form == self.form else str(otherwise if otherwise is not None else "")


NOTHING_SENT = Sent()


def refused(error: UnionCatalogError, form: str) -> Sent:
    """The present request's form, not taken for this reason. Amounts are typed in yuan, so ``amount_fen`` is the field ``amount``."""
    language = current_language()
    reasons = block_answers(error.blocks, language) if isinstance(error, Blocked) else ()
    return Sent(
        form=form,
        error=told(error),
        fault=str(error.data.get("name", "")).removesuffix("_fen") if isinstance(error, InvalidInput) else "",
        reasons=tuple([reason.message for reason in reasons]),
        typed=all_typed(),
        status=int(STATUSES[type(error)]),
    )


def told(error: UnionCatalogError) -> str:
    """The sentence of an error in the language of the page."""
    return sentence(error.code, error.data, current_language())


def all_typed(*never: str) -> Mapping[str, str]:
    """What was filled in, without what was hidden in the form, and without the fields that must not stand on a page again."""
    return {name: value for name, value in request.form.items() if name not in (*_NEVER_AGAIN, *never)}


def typed_in(name: str) -> str:
    """A field of the form, without blanks around it."""
    return request.form.get(name, "").strip()


def typed_day(name: str) -> date | None:
    """A field for a day; None where it was left out. Raises InvalidInput("day_form")."""
    said = typed_in(name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise InvalidInput("day_form", name=name) from None


def typed_whole(name: str) -> int:
    """A field for a whole number; 0 where it holds none."""
    said = typed_in(name)
    digits = said.removeprefix("-").removeprefix("+")
    return int(said) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
