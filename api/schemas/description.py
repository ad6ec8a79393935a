"""A bibliographic record as JSON: every field stands there, and of each value in it what is not empty."""

from collections.abc import Mapping

import msgspec

from union_catalog.bibliographic.record import BibliographicRecord, Value

Json = str | int | bool | None | list["Json"] | Mapping[str, "Json"]


def description(record: BibliographicRecord) -> dict[str, Json]:
    """Unlike the stored form it tells defaults that say something (``kind``, ``valid``, ``format``)."""
    return {name: _told(getattr(record, name)) for name in record.__struct_fields__}


def _told(value: object) -> Json:
    if isinstance(value, Value):
        told = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return {name: _told(inner) for name, inner in told if inner or name == "valid"}
    if isinstance(value, tuple):
        return [_told(inner) for inner in value]
    return msgspec.convert(value, str | int | bool | None)
