"""What a desk's one field was given: a card, the code on a phone, or an item. Nothing is taken for two of them at once."""

from typing import Literal

from sqlalchemy import Connection

from union_catalog.errors import InvalidInput
from union_catalog.patrons.cards import is_ours, plain_number
from union_catalog.patrons.qr import is_code
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons.office import Office
from union_catalog.storage.circulation import resolving

Scanned = Literal["code", "card", "item", "either", "unknown"]


def recognise(connection: Connection, office: Office, text: str) -> Scanned:
    """What has this number. "either": somebody has it as a card and a library as a barcode, so the desk has to say which is meant.

    A number with the prefix and length of ours is always a card: misread ones are told by their check digit, and no item is lent in its
    place. What nobody has is "unknown". Raises InvalidInput("bad_barcode") for what no label says.
    """
    if is_code(text):
        return "code"
    if is_ours(plain_number(text)):
        return "card"
    barcode = ItemReference(text).plain()
    is_card = lookup.is_known(connection, office, text)
    is_item = bool(resolving.candidates(connection, barcode) or resolving.candidates_once(connection, barcode))
    return "either" if is_card and is_item else "card" if is_card else "item" if is_item else "unknown"


def new_label(connection: Connection, office: Office, text: str) -> str:
    """The barcode that an item is to get, as loads store it: one that no desk takes for a card.

    Raises InvalidInput: bad_barcode, and label_of_card for the form of a card of ours and for what somebody shows as a card.
    """
    barcode = ItemReference(text).plain()
    if is_code(text) or is_ours(plain_number(text)) or lookup.is_known(connection, office, text):
        raise InvalidInput("label_of_card", name="barcode")
    return barcode
