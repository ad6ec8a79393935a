"""What every citation style needs to know of a record, read once."""

from dataclasses import dataclass

from api.exports.roles import responsible
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Publication
from union_catalog.identifiers import format_isbn
from union_catalog.services.views import RecordDetail


@dataclass(frozen=True, slots=True)
class Citation:
    """``title`` and ``subtitle`` apart; ``authors`` without those in ``helpers`` (translators,
    illustrators …); "" for what is not known."""

    union_id: str
    format: str
    title: str
    subtitle: str
    volume: str
    authors: tuple[Agent, ...]
    helpers: tuple[Agent, ...]
    place: str
    publisher: str
    year: str
    edition: str
    series: str
    series_number: str
    language: str
    isbn: str
    issn: str
    extent: str
    url: str
    summary: str
    subjects: tuple[str, ...]


def cite(detail: RecordDetail) -> Citation:
    """The citation of an edition; a record without a title proper is cited by its summary's title."""
    record = detail.record
    proper = record.title_proper
    issue = _issue(record)
    series = record.series[0] if record.series else None
    authors = responsible(record.agents)
    return Citation(
        union_id=detail.summary.union_id,
        format=record.format,
        title=proper.text if proper else detail.summary.title,
        subtitle=proper.remainder if proper else "",
        volume=" ".join(part for part in (proper.volume_number, proper.volume_title) if part) if proper else "",
        authors=authors,
        helpers=tuple(agent for agent in record.agents if agent not in authors),
        place=issue.places[0] if issue.places else "",
        publisher=issue.publishers[0] if issue.publishers else "",
        year=str(record.year or ""),
        edition=record.editions[0].text if record.editions else "",
        series=series.title if series else "",
        series_number=series.number if series else "",
        language=record.languages[0] if record.languages else "",
        isbn=next(
            (format_isbn(number.value) for number in record.identifiers if number.scheme == "isbn" and number.valid),
            "",
        ),
        issn=next((number.value for number in record.identifiers if number.scheme == "issn" and number.valid), ""),
        extent=record.extents[0].text if record.extents else "",
        url=record.links[0].url if record.links else "",
        summary=record.summaries[0].text if record.summaries else "",
        subjects=tuple("--".join((subject.heading, *subject.subdivisions)) for subject in record.subjects),
    )


def _issue(record: BibliographicRecord) -> Publication:
    """The imprint to cite: the first publication, else whatever there is."""
    published = (issue for issue in record.publications if issue.kind == "publication")
    return next(published, record.publications[0] if record.publications else Publication())
