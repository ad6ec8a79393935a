"""An edition as one entry of a JSON list."""

from api.schemas.answers import Answerer, Edition, LibraryHolding
from union_catalog.context import Language
from union_catalog.services.views import LibraryCount, RecordSummary

UNION = (Answerer("union", "answered"),)


def named(name: str, name_en: str, language: Language) -> str:
    """The English name for English readers where there is one, else the Chinese name."""
    return name_en if language == "en" and name_en else name


def place_name(library: str, branch: str) -> str:
    """A branch with its library before it, or alone where its own name already begins so."""
    return branch if branch.startswith(library) else f"{library} {branch}".rstrip()


def holding(count: LibraryCount, language: Language) -> LibraryHolding:
    """One library's share of an edition."""
    return LibraryHolding(count.code, named(count.name, count.name_en, language), count.items, count.available)


def edition(summary: RecordSummary, language: Language) -> Edition:
    """One result."""
    return Edition(
        union_id=summary.union_id,
        work_id=summary.work_id,
        title=summary.title,
        remainder=summary.remainder,
        volume=summary.volume,
        responsibility=summary.responsibility,
        edition=summary.edition,
        publisher=summary.publisher,
        year=summary.year,
        extent=summary.extent,
        format=summary.format,
        language=summary.language,
        clc=summary.clc,
        isbn=summary.isbn,
        origin=UNION,
        libraries=tuple([holding(count, language) for count in summary.libraries]),
        online=summary.online,
    )
