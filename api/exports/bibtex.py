"""BibTeX: one entry, its key the union id, values in braces with what is special to TeX escaped."""

from urllib.parse import quote

from api.exports.citation import Citation, cite
from union_catalog.services.views import RecordDetail

_TYPES = {
    "book": "book",
    "e-book": "book",
    "large-print": "book",
    "braille": "book",
    "periodical": "periodical",
}
_URL_CHARACTERS = "%/:?=&#+,;@!*()'~"
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "%": r"\%",
        "&": r"\&",
        "#": r"\#",
        "$": r"\$",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def write(detail: RecordDetail) -> bytes:
    """One entry, ended by a line feed."""
    cited = cite(detail)
    lines = [f"  {name} = {{{value}}}" for name, value in _fields(cited) if value]
    kind = _TYPES.get(cited.format, "misc")
    return (f"@{kind}{{{cited.union_id},\n" + ",\n".join(lines) + "\n}\n").encode()


def _fields(cited: Citation) -> list[tuple[str, str]]:
    title = f"{cited.title}: {cited.subtitle}" if cited.subtitle else cited.title
    return [
        ("title", _escaped(title)),
        ("author", " and ".join(_name(agent.name) for agent in cited.authors)),
        (
            "translator",
            " and ".join(_name(agent.name) for agent in cited.helpers if "translator" in agent.roles),
        ),
        ("volume", _escaped(cited.volume)),
        ("series", _escaped(cited.series)),
        ("edition", _escaped(cited.edition)),
        ("address", _escaped(cited.place)),
        ("publisher", _escaped(cited.publisher)),
        ("year", cited.year),
        ("isbn", cited.isbn),
        ("issn", cited.issn),
        ("language", cited.language),
        ("url", quote(cited.url, safe=_URL_CHARACTERS)),
    ]


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)


def _name(name: str) -> str:
    """A name that BibTeX must not take apart (an "and" in it, or no comma) stands in braces."""
    return _escaped(name) if "," in name and " and " not in name else f"{{{_escaped(name)}}}"
