"""GET /records/{union_id}, its items and its exports."""

from flask import Response
from marshmallow import fields
from marshmallow.validate import OneOf

from api.etags import tagged
from api.exports import EXPORTS, export
from api.labels import label
from api.language import current_language
from api.resources.editions import edition, named
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.answers import Edition, ItemAnswer, ItemsAnswer, OtherEditionAnswer, RecordAnswer, SourceRecordAnswer
from api.schemas.description import description
from api.schemas.fields import Arguments
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.services.views import ItemView, OtherEdition, RecordDetail, SourceView

group = blueprint("records", "Editions, their items and exports")
FAILURES = (308, 404, 410)


class ExportArguments(Arguments):
    """Which form is wanted."""

    format = fields.String(
        required=True,
        validate=OneOf(tuple(EXPORTS), error="parameter.not_among"),
        metadata={"description": "Form of the export."},
    )


@get(group, "/records/<union_id>", arguments=Arguments, answer=RecordAnswer, problems=FAILURES)
def record(_: object, union_id: str) -> Response:
    """One edition, merged from the records of its libraries

    Carries an ETag; with If-None-Match an unchanged record is answered by 304. An id that was merged
    into another one is
    answered by 308 with the address of the survivor, a deleted one by 410.
    """
    detail = catalogue().record(union_id)
    return tagged(json_response(record_answer(detail, current_language())), detail.revision)


@get(group, "/records/<union_id>/items", arguments=Arguments, answer=ItemsAnswer, problems=FAILURES)
def items(_: object, union_id: str) -> Response:
    """Its items in all libraries, with what each one's state is now"""
    language = current_language()
    return json_response(ItemsAnswer(tuple([_item(item, language) for item in catalogue().items(union_id)])))


@get(
    group, "/records/<union_id>/export", arguments=ExportArguments,
    media={form.content_type: form.about for form in EXPORTS.values()}, problems=FAILURES,
)  # fmt: skip
def export_record(asked: dict[str, str], union_id: str) -> Response:
    """Its description as a file for another program"""
    detail = catalogue().record(union_id)
    form = EXPORTS[asked["format"]]
    response = Response(export(detail, asked["format"]), content_type=form.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{union_id}.{form.suffix}"'
    return tagged(response, detail.revision)


def record_answer(detail: RecordDetail, language: Language) -> RecordAnswer:
    """A union record with all that stands behind it."""
    listed = edition(detail.summary, language)
    return RecordAnswer(
        **{name: getattr(listed, name) for name in Edition.__struct_fields__},
        revision=detail.revision,
        updated_at=instant_text(detail.updated_at),
        record=description(detail.record),
        provenance=dict(detail.provenance),
        corrected=dict(detail.corrected),
        source_records=tuple([_source(source) for source in detail.sources]),
        other_editions=tuple([_other(other, language) for other in detail.other_editions]),
    )


def _other(other: OtherEdition, language: Language) -> OtherEditionAnswer:
    listed = edition(other.summary, language)
    return OtherEditionAnswer(
        **{name: getattr(listed, name) for name in Edition.__struct_fields__},
        relation=other.relation,
        relation_label=label("relation", other.relation, language),
    )


def _source(source: SourceView) -> SourceRecordAnswer:
    return SourceRecordAnswer(source.key, source.library, source.record_id, source.version, instant_text(source.received_at))


def _item(item: ItemView, language: Language) -> ItemAnswer:
    return ItemAnswer(
        id=item.id,
        library=item.library,
        library_name=named(item.library_name, item.library_name_en, language),
        barcode=item.barcode,
        branch=item.branch,
        branch_name=named(item.branch_name, item.branch_name_en, language),
        call_number=item.call_number,
        volume=item.volume,
        status=item.status,
        status_label=label("status", item.status, language),
        lending=item.lending,
        item_type=item.item_type,
        reported_at=instant_text(item.reported_at) if item.reported_at else None,
        due_date=item.due_date.isoformat() if item.due_date else None,
        url=item.url,
    )
