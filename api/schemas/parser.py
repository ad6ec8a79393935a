"""Reads arguments and tells what is wrong with them, all parameters at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

import msgspec
from flask import Request, abort
from marshmallow import Schema, ValidationError, fields
from marshmallow.exceptions import SCHEMA
from marshmallow.validate import Length, OneOf, Range
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from union_catalog.errors import Datum


@dataclass(frozen=True, slots=True)
class ArgumentFault:
    """What is wrong with one argument, as a code with data; ``place`` is query, path, header or body."""

    place: str
    name: str
    code: str
    data: Mapping[str, Datum]


NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # what reading it raises
NO_OBJECT = "body_not_an_object"
_PLACES = {"json": "body"}  # where webargs reads → how a fault calls it


class BadArgumentsError(Exception):
    """A request whose arguments cannot be used, with all their faults."""

    def __init__(self, faults: tuple[ArgumentFault, ...]) -> None:
        self.faults = faults
        super().__init__(faults)


class StrictParser(FlaskParser):
    """An empty value is none given, as forms send them; one that may be given once and is given twice
    is a fault.

    Whether unknown names are faults is for the schema to say.
    """

    def __init__(self) -> None:
        super().__init__(unknown=None)

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The filled parameters; raises ValidationError for one that is given twice and is not a list."""
        pairs = [(name, value) for name, value in req.args.items(multi=True) if value != ""]
        given: MultiDict[str, str] = MultiDict(pairs)
        single = [name for name, field in schema.fields.items() if not isinstance(field, fields.List)]
        twice = {name: ["parameter.given_twice"] for name in single if len(given.getlist(name)) > 1}
        if twice:
            raise ValidationError(twice)
        return MultiDictProxy(given, schema)

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - webargs passes it
        """The body, a JSON object. Answers 415 for another kind of content and 400 for what is no JSON or no object."""
        if not req.is_json:
            abort(415)
        try:
            body = msgspec.json.decode(req.get_data())
        except NO_JSON:
            abort(400, NO_OBJECT)
        return body if isinstance(body, dict) else abort(400, NO_OBJECT)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,  # noqa: ARG002 - webargs passes it
        schema: Schema,
        *,
        error_status_code: int | None,  # noqa: ARG002 - webargs passes it
        error_headers: Mapping[str, str] | None,  # noqa: ARG002 - webargs passes it
    ) -> NoReturn:
        """Raises BadArgumentsError instead of an HTTP error: api.errors alone speaks HTTP."""
        messages: Any = error.messages
        raise BadArgumentsError(tuple(_faults(messages, schema))) from error


def _faults(messages: Mapping[str, Mapping[str, object]], schema: Schema) -> Iterator[ArgumentFault]:
    for location, by_name in messages.items():
        place = _PLACES.get(location, location)
        yield from _within(place, "", by_name, schema)


def _within(place: str, around: str, by_name: Mapping[str, object], schema: Schema) -> Iterator[ArgumentFault]:
    """Those about a part of a body are called by both names: override.reason."""
    for name, complaints in by_name.items():
        field = schema.fields.get(name)
        if isinstance(field, fields.Nested) and isinstance(complaints, Mapping) and SCHEMA not in complaints:
            yield from _within(place, f"{around}{name}.", complaints, field.schema)
            continue
        for code in sorted(set(_codes(complaints))):
            yield _fault(place, around, name, code, schema)


def _codes(complaints: object) -> Iterator[str]:
    """Those about a list's values come a level deeper, under their index."""
    if isinstance(complaints, Mapping):
        for inner in complaints.values():
            yield from _codes(inner)
    elif isinstance(complaints, list):
        yield from complaints


def _fault(place: str, around: str, name: str, code: str, schema: Schema) -> ArgumentFault:
    whole = around + name
    if code != "parameter.unknown":
        return ArgumentFault(place, whole, code, {"name": whole, **_limits(schema.fields[name])})
    near = get_close_matches(name, schema.fields, n=1)
    if near:
        return ArgumentFault(place, whole, "parameter.misspelt", {"name": whole, "near": around + near[0]})
    return ArgumentFault(place, whole, code, {"name": whole, "known": tuple(schema.fields)})


def _limits(field: fields.Field[Any]) -> dict[str, Datum]:
    """What the field would have taken, for the sentence that says so."""
    limits: dict[str, Datum] = {}
    for check in (field.inner if isinstance(field, fields.List) else field).validators:
        if isinstance(check, Range):
            limits |= {"least": check.min, "most": check.max}
        elif isinstance(check, Length):
            limits["most"] = check.max
        elif isinstance(check, OneOf):
            limits["choices"] = tuple(map(str, check.choices))
    return limits
