"""RIS: one line a value, "TAG  - value", lines ended by CR and LF, the record by ER."""

from api.exports.citation import Citation, cite
from union_catalog.services.views import RecordDetail

_TYPES = {
    "e-book": "EBOOK",
    "audio": "SOUND",
    "video": "VIDEO",
    "music": "MUSIC",
    "score": "MUSIC",
    "map": "MAP",
    "periodical": "JFULL",
    "picture": "ART",
    "software": "COMP",
    "kit": "GEN",
    "other": "GEN",
}
_HELPER_TAGS = {"translator": "A4", "editor": "A2", "chief_editor": "A2"}


def write(detail: RecordDetail) -> bytes:
    """One reference."""
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in _lines(cite(detail))).encode()


def _lines(cited: Citation) -> list[tuple[str, str]]:
    title = f"{cited.title}: {cited.subtitle}" if cited.subtitle else cited.title
    helpers = [(_HELPER_TAGS.get(agent.roles[0], "A3"), agent.name) for agent in cited.helpers]
    filled = [
        ("ID", cited.union_id),
        ("TI", title),
        *(("AU", agent.name) for agent in cited.authors),
        *helpers,
        ("T2", cited.series),
        ("VL", cited.volume or cited.series_number),
        ("ET", cited.edition),
        ("CY", cited.place),
        ("PB", cited.publisher),
        ("PY", cited.year),
        ("SP", cited.extent),
        ("SN", cited.isbn or cited.issn),
        ("LA", cited.language),
        ("AB", cited.summary),
        *(("KW", subject) for subject in cited.subjects),
        ("UR", cited.url),
    ]
    return [
        ("TY", _TYPES.get(cited.format, "BOOK")),
        *((tag, value) for tag, value in filled if value),
        ("ER", ""),
    ]
