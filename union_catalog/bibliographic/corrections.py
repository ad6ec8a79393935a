"""Corrections: what a cataloguer wrote over a field of one source record, kept apart from the record and laid over it when it is used.

A correction names either a part that is typed as a text ("title", "date", "isbn"; see ``correctable.py``) or a field of
BibliographicRecord, whose whole value it gives as JSON ("subjects", "titles"). It is applied to the record as the library sends it
now, so that whatever it does not speak of follows the library.
"""

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, cast, get_type_hints

import msgspec

from union_catalog.bibliographic.correctable import CORRECTABLE, SOURCE, TextField
from union_catalog.bibliographic.record import BibliographicRecord, Identifier, Title, Value
from union_catalog.errors import InvalidInput
from union_catalog.identifiers import isbn13
from union_catalog.text import squeeze, tidy

LONGEST = 20_000  # bytes of a value as JSON
_DEEPEST = 4  # a list of values whose fields may be lists
_HINTS = get_type_hints(BibliographicRecord)
WHOLE_FIELDS = MappingProxyType(
    {name: _HINTS[name] for name in BibliographicRecord.__struct_fields__ if str(_HINTS[name]).startswith("tuple")}
)
FIELDS = tuple(dict.fromkeys((*CORRECTABLE, *WHOLE_FIELDS)))
# Whole fields are laid on first, then the texts in the order of their table, so that the result does not depend on when each was made.
_ORDER = {name: place for place, name in enumerate(FIELDS)}


class Correction(msgspec.Struct, frozen=True):
    """``value`` is the text of a part, or the JSON of a whole field."""

    field: str
    value: Any

    @property
    def writes(self) -> tuple[str, ...]:
        """The fields of the record that it bears on."""
        return CORRECTABLE[cast(TextField, self.field)].fields if isinstance(self.value, str) else (self.field,)


def correction(field: str, value: object, record: BibliographicRecord) -> Correction:
    """A correction of ``record`` that makes sense. ``value`` as a reader typed or a client sent it.

    Raises InvalidInput with ``name``: correction_unknown_field, correction_not_text, correction_not_json, correction_value (with
    ``detail``, where in the value what is wrong), correction_too_long, correction_empty, correction_not_date, correction_not_isbn,
    correction_not_language, correction_not_class, correction_not_coded.
    """
    if field not in _ORDER:
        raise InvalidInput("correction_unknown_field", name=field, known=FIELDS)
    if isinstance(value, str) and field not in CORRECTABLE:
        value = _read_json(field, value)
    value = _clean(field, value)
    if not isinstance(value, str) and field not in WHOLE_FIELDS:
        raise InvalidInput("correction_not_text", name=field)
    if len(msgspec.json.encode(value)) > LONGEST:
        raise InvalidInput("correction_too_long", name=field, limit=LONGEST)
    if not isinstance(value, str):
        value = msgspec.to_builtins(_checked(field, value))
    made = Correction(field, value)
    _changes(made, record)
    return made


def _clean(field: str, value: object, depth: int = 0) -> Any:
    """Texts as the loaders clean them, at any depth; half of a surrogate pair, which nothing could store, becomes a question mark."""
    if depth > _DEEPEST:
        raise InvalidInput("correction_value", name=field, detail="too deep")
    match value:
        case str():
            return squeeze(tidy(value.encode("utf-8", "replace").decode()))
        case dict():
            return {_clean(field, str(name)): _clean(field, one, depth + 1) for name, one in value.items()}
        case list() | tuple():
            return [_clean(field, one, depth + 1) for one in value]
        case _:
            return value


def _read_json(field: str, text: str) -> Any:
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("correction_not_json", name=field, detail=str(error)) from error


def _checked(field: str, value: object) -> tuple[Any, ...]:
    """The value as the field's type, each of its parts marked as corrected."""
    try:
        parts: tuple[Any, ...] = msgspec.convert(value, WHOLE_FIELDS[field])
    except msgspec.ValidationError as error:
        raise InvalidInput("correction_value", name=field, detail=str(error)) from error
    for part in parts:
        if isinstance(part, Identifier) and part.scheme == "isbn" and part.valid and isbn13(part.value) != part.value:
            raise InvalidInput("correction_not_isbn", name=field, value=part.value)
    if field == "titles" and not any(isinstance(part, Title) and part.kind == "proper" and part.text for part in parts):
        raise InvalidInput("correction_empty", name=field, value="")
    return tuple(msgspec.structs.replace(part, source=SOURCE) if isinstance(part, Value) else part for part in parts)


def _changes(made: Correction, record: BibliographicRecord) -> dict[str, Any]:
    if isinstance(made.value, str):
        return CORRECTABLE[cast(TextField, made.field)].write(record, made.value)
    return {made.field: msgspec.convert(made.value, WHOLE_FIELDS[made.field])}


def _place(made: Correction) -> tuple[bool, int]:
    return isinstance(made.value, str), _ORDER[made.field]


def corrected(record: BibliographicRecord, corrections: Sequence[Correction]) -> BibliographicRecord:
    """The record with all of them laid over it; the same for every order of them."""
    for made in sorted(corrections, key=_place):
        record = msgspec.structs.replace(record, **_changes(made, record))
    return record


def fields_written(corrections: Iterable[Correction]) -> frozenset[str]:
    """The fields of the record that any of them bears on."""
    return frozenset(field for made in corrections for field in made.writes)


def as_sent(record: BibliographicRecord, field: str) -> str:
    """What the record says in a field, as a text that could be typed; of a field without a text form its JSON."""
    if field in CORRECTABLE:
        return CORRECTABLE[field].read(record)
    return msgspec.json.encode(getattr(record, field)).decode()
