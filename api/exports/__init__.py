"""A union record as a file for another program: MARC in two dialects and two carriers, JSON, and three
citation styles.

Knows the other formats' rules. Must not know where a record came from or who asks for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.exports import bibtex, carriers, cnmarc, gb7714, marc21, native, ris
from union_catalog.services.views import RecordDetail


@dataclass(frozen=True, slots=True)
class Export:
    """One form: how it is written, its content type, its file name's ending and what it is."""

    write: Callable[[RecordDetail], bytes]
    content_type: str
    suffix: str
    about: str


EXPORTS: Mapping[str, Export] = {
    "marc21": Export(
        lambda detail: carriers.iso2709(marc21.record(detail), coding="a"),
        "application/marc", "mrc", "MARC 21 in ISO 2709, UTF-8",
    ),
    "marcxml": Export(
        lambda detail: carriers.marcxml(marc21.record(detail), "Bibliographic"),
        "application/marcxml+xml", "xml", "MARC 21 in MARCXML",
    ),
    "cnmarc": Export(
        lambda detail: carriers.iso2709(cnmarc.record(detail), coding=" "),
        "application/x-cnmarc", "iso", "CNMARC in ISO 2709, UTF-8",
    ),
    "cnmarcxml": Export(
        lambda detail: carriers.marcxml(cnmarc.record(detail), ""),
        "application/x-cnmarc+xml", "xml", "CNMARC in the elements of MARCXML",
    ),
    "json": Export(native.write, "application/json", "json", "The merged record by this API's names"),
    "ris": Export(ris.write, "application/x-research-info-systems", "ris", "RIS, for reference managers"),
    "bibtex": Export(bibtex.write, "application/x-bibtex; charset=utf-8", "bib", "BibTeX"),
    "gb7714": Export(gb7714.write, "text/plain; charset=utf-8", "txt", "A reference by GB/T 7714-2015"),
}  # fmt: skip


def export(detail: RecordDetail, name: str) -> bytes:
    """``detail`` in the form ``name``, one of EXPORTS."""
    return EXPORTS[name].write(detail)
