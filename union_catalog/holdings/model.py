"""Items as a member library's export reports them, before they are stored."""

from typing import Literal

import msgspec

# How an item may be used, as data of the catalogue; whether it is free at this moment is circulation's to say.
Lending = Literal["loan", "library_use", "online"]

# The fixed list of reported states: docs/glossary.md names them, data/status_words.tsv maps the words of the exports to them.
ReportedStatus = Literal[
    "available", "on_loan", "in_transit", "on_hold_shelf", "in_process", "missing", "lost", "damaged", "withdrawn", "unknown"
]


class ReportedItem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One item in an export. ``branch_code`` is the library's own code; "" = not told. ``status_word`` and ``type_word`` as written.

    ``barcode`` "" for an item without one (an electronic resource). ``reported_at`` is when the library said so, ISO 8601, "" unknown.
    """

    barcode: str = ""
    branch_code: str = ""
    call_number: str = ""
    item_type: str = "book"
    type_word: str = ""
    lending: Lending = "loan"
    status: ReportedStatus = "available"
    status_word: str = ""
    price: str = ""
    volume: str = ""
    url: str = ""
    source: str = ""
