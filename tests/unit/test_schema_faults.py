"""What the bodies and arguments of the interface complain of, whatever they are given: always a code that we have a sentence for."""

import importlib
import pkgutil
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from marshmallow import Schema, ValidationError

import api
import api.schemas
from api.schemas.fields import Arguments, Body

WORDS = ("", " ", "x", "-1", "0.5", "\x00", "2026-02-30", "9" * 500)
ANYTHING: tuple[object, ...] = (*WORDS, None, True, 5, 0.5, [], [None], [5], [[]], {}, {"x": 1})
SENTENCES = tomllib.loads((Path(api.__file__).parent / "data" / "messages.toml").read_text("utf-8"))

for module in pkgutil.iter_modules(api.schemas.__path__, "api.schemas."):
    importlib.import_module(module.name)


def schemas(base: type[Schema]) -> Iterator[type[Schema]]:
    for one in base.__subclasses__():
        yield one
        yield from schemas(one)


def codes(complaints: object) -> Iterator[str]:
    if isinstance(complaints, dict):
        for inner in complaints.values():
            yield from codes(inner)
    else:
        assert isinstance(complaints, list)
        yield from complaints


def unspoken(schema: type[Schema], given: Sequence[object]) -> dict[str, tuple[str, object]]:
    """What it complains of without words, each with a field and a value that make it so."""
    told: dict[str, tuple[str, object]] = {}
    for name in schema().fields:
        for value in given:
            try:
                schema().load({name: value})
            except ValidationError as error:
                told |= dict.fromkeys(codes(error.messages), (name, value))
    return {code: of for code, of in told.items() if code not in SENTENCES}


@pytest.mark.parametrize("schema", [*schemas(Body)], ids=lambda schema: schema.__name__)
def test_what_is_wrong_with_a_body_is_told_in_words(schema: type[Schema]) -> None:
    assert unspoken(schema, ANYTHING) == {}


@pytest.mark.parametrize("schema", [*schemas(Arguments)], ids=lambda schema: schema.__name__)
def test_what_is_wrong_with_arguments_is_told_in_words(schema: type[Schema]) -> None:
    assert unspoken(schema, WORDS) == {}
