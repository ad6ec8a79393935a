"""MARC 21 field 880: the same field in the other script, tied to its partner by $6 ("880-02" in 245, "245-02/$1" in 880)."""

import re
from collections.abc import Mapping

from loaders.formats.marc import Field, MarcRecord
from union_catalog.text import has_cjk

_LINK = re.compile(r"^([0-9]{3})-([0-9]{2})")
_NOTHING: Mapping[int, Field] = {}


def paired_fields(record: MarcRecord) -> Mapping[int, Field]:
    """For each place in the record that 880 touches, the field to read there.

    The form in the original script stands in the place of its romanisation, which is its ``pair``; the 880 itself is then read nowhere (tag
    ""). An 880 without a partner is read as the field that it names.
    """
    if not any(tag == "880" for tag, _ in record.fields):
        return _NOTHING
    made: dict[int, Field] = {}
    partners = _partners(record)
    for place, (tag, text) in enumerate(record.fields):
        if tag != "880":
            continue
        field = Field(tag, text)
        link = _LINK.match(field.raw("6"))
        if not link:
            continue
        field.tag = link.group(1)
        partner = partners.get((link.group(1), link.group(2))) if link.group(2) != "00" else None
        if partner is None or partner in made:
            made[place] = field
        else:
            made[place] = Field("", "")
            made[partner] = _in_original_script(field, Field(*record.fields[partner]))
    return made


def _partners(record: MarcRecord) -> dict[tuple[str, str], int]:
    """The places of the fields that point to an 880, by tag and occurrence."""
    places = {}
    for place, (tag, text) in enumerate(record.fields):
        if tag != "880" and "\x1f6880-" in text:
            occurrence = text.partition("\x1f6880-")[2][:2]
            places[tag, occurrence] = place
    return places


def _in_original_script(vernacular: Field, romanised: Field) -> Field:
    """Usually 880 holds the original script; libraries in China keep it the other way round."""
    texts = [value for _, value in romanised.subfields]
    if any(has_cjk(text) for text in texts) and not any(has_cjk(value) for _, value in vernacular.subfields):
        vernacular, romanised = romanised, vernacular
    vernacular.pair = romanised
    return vernacular
