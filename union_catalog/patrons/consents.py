"""What a reader agreed to: the version of which text, for which purpose, on which day.

A card needs the consent to keep what a card needs (个人信息保护法, articles 13 and 14); of a child under 14, a guardian's (article 31).
Passing a reader's data on to another library needs a consent of its own for each of them (article 23).
"""

from dataclasses import dataclass
from datetime import date, datetime

from union_catalog.ids import LibraryCode, PatronId

CARD, SHARING = "card", "sharing"
PURPOSES = (CARD, SHARING)
LONGEST_NOTICE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """``notice`` is the version of the text agreed to. ``library``: to whom data may be passed on, None for the purpose "card".

    ``guardian`` agreed in place of a child. It is in force while ``withdrawn_at`` is None.
    """

    id: str
    patron: PatronId
    purpose: str
    notice: str
    library: LibraryCode | None
    guardian: PatronId | None
    given_on: date
    recorded_at: datetime
    actor: str
    withdrawn_at: datetime | None = None


def fault_of(purpose: str, notice: str, library: str | None, given_on: date, latest: date) -> str:
    """The name of the field that makes no consent: "purpose", "notice", "library" or "given_on"; "" where all is well."""
    if purpose not in PURPOSES:
        return "purpose"
    if not notice or notice != notice.strip() or not notice.isprintable() or len(notice) > LONGEST_NOTICE:
        return "notice"
    if (library is not None) != (purpose == SHARING):
        return "library"
    return "given_on" if given_on > latest else ""
