"""CNMARC: UNIMARC with the fields that Chinese libraries add."""

from loaders.formats.dialect import Dialect, no_pairs
from loaders.formats.fields import classes
from loaders.formats.items import CNMARC_905, items
from loaders.formats.rules import Rule, table
from loaders.formats.unimarc import UNIMARC_RULES, complete_unimarc

CNMARC_RULES = (
    Rule("classifications", "690", classes("clc")),
    Rule("classifications", "692", classes("las")),
    Rule("classifications", "694", classes("other")),
    Rule("classifications", "696", classes("other")),
    Rule("items", "905", items(CNMARC_905)),
)

CNMARC = Dialect("cnmarc", table(*UNIMARC_RULES, *CNMARC_RULES), "isbd", complete_unimarc, no_pairs)
