"""CNMARC: UNIMARC with the fields that Chinese libraries add."""

from loaders.formats.book_numbers import tell_by_book_numbers
from loaders.formats.dialect import Coded, Dialect, no_pairs
from loaders.formats.fields import classes
from loaders.formats.items import CNMARC_905, items
from loaders.formats.marc import MarcRecord
from loaders.formats.rules import Draft, Rule, table
from loaders.formats.unimarc import UNIMARC_RULES, complete_unimarc

CNMARC_RULES = (
    Rule("classifications", "690", classes("clc")),
    Rule("classifications", "692", classes("las")),
    Rule("classifications", "694", classes("other")),
    Rule("classifications", "696", classes("other")),
    Rule("items", "905", items(CNMARC_905)),
)


def complete_cnmarc(record: MarcRecord, draft: Draft) -> Coded:
    """As UNIMARC, and what the book numbers of the holdings tell."""
    coded = complete_unimarc(record, draft)
    tell_by_book_numbers(draft)
    return coded


CNMARC = Dialect("cnmarc", table(*UNIMARC_RULES, *CNMARC_RULES), "isbd", complete_cnmarc, no_pairs)
