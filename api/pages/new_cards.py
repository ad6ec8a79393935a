"""A card that was just issued: what whoever makes it needs, shown to whoever issued it and to nobody else."""

from dataclasses import dataclass, field

from flask import request
from markupsafe import Markup
from sqlalchemy import Connection

from api.auth import current_context
from api.pages.bars import bars
from api.pages.my_words import spaced
from api.resources.operation import clock, office
from union_catalog.patrons.model import Patron
from union_catalog.services.patrons import cards

_ISSUED = ("card", "enrol", "confirm")  # what was just done, as the address of a reader's page has it


@dataclass(frozen=True, slots=True)
class NewCard:
    """``number`` as it is printed on the card, and the ``bars`` that scanners read."""

    number: str = field(repr=False)
    bars: Markup = field(repr=False)


def new_card(connection: Connection, patron: Patron) -> NewCard | None:
    """The card that the present request leads to after it was issued; None on any other page of the reader, and for anybody else."""
    if request.args.get("done") not in _ISSUED:
        return None
    number = cards.number_to_make(connection, office(), current_context(clock()), patron)
    return NewCard(spaced(number), bars(number)) if number else None
