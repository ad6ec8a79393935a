"""The merged record as JSON, under the names of this API."""

import msgspec

from api.schemas.description import Json, description
from union_catalog.services.views import RecordDetail


class NativeRecord(msgspec.Struct, frozen=True):
    """A union record without its items: they change by the minute, a file is kept for years."""

    union_id: str
    work_id: str
    record: dict[str, Json]
    provenance: dict[str, tuple[str, ...]]


def write(detail: RecordDetail) -> bytes:
    """One JSON object, indented, ended by a line feed."""
    native = NativeRecord(detail.summary.union_id, detail.summary.work_id, description(detail.record), dict(detail.provenance))
    return msgspec.json.format(msgspec.json.encode(native), indent=2) + b"\n"
