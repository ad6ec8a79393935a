"""An OpenAPI document read as forms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Control = Literal["text", "number", "choice", "choices"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a form. ``choices`` are those of a list to choose from; ``repeatable``: several values
    are alternatives."""

    name: str
    place: str
    required: bool
    repeatable: bool
    control: Control
    about: str
    default: str
    choices: tuple[str, ...]
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status that an operation may answer, and the schema's name where it has one."""

    status: str
    about: str
    schema: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[Parameter, ...]
    outcomes: tuple[Outcome, ...]
    closed: bool
    """Whether it takes a token."""


def operations(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Every operation, in the order of the document."""
    return tuple(
        Operation(
            id=f"{method}{path}".strip("/").replace("/", "-").replace("{", "").replace("}", ""),
            method=method.upper(),
            path=path,
            summary=described.get("summary", ""),
            about=described.get("description", ""),
            parameters=(*_parameters(described, methods.get("parameters", ())), *_body(described, document)),
            outcomes=tuple(_outcome(status, answer) for status, answer in sorted(described["responses"].items())),
            closed="security" in described,
        )
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if method != "parameters"
    )


def _parameters(described: Mapping[str, Any], shared: Any) -> Iterator[Parameter]:
    """Those of the path first, the language last."""
    every = [*shared, *described.get("parameters", ())]
    for parameter in sorted(every, key=lambda told: (told["in"] != "path", told["name"] == "lang")):
        schema = parameter.get("schema", {})
        about = parameter.get("description", schema.get("description", ""))
        yield _parameter(parameter["name"], parameter["in"], parameter.get("required", False), schema, about)


def _body(described: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Parameter]:
    """The fields of the JSON object that is sent."""
    content = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    schema = document["components"]["schemas"].get(name, {})
    for field, told in schema.get("properties", {}).items():
        yield _parameter(field, "body", field in schema.get("required", ()), told, told.get("description", ""))


def _parameter(name: str, place: str, required: bool, schema: Mapping[str, Any], about: str) -> Parameter:
    value = schema.get("items", schema)
    choices = ("true", "false") if value.get("type") == "boolean" else tuple(map(str, value.get("enum", ())))
    return Parameter(
        name=name,
        place=place,
        required=required,
        repeatable="items" in schema,
        control=_control("items" in schema, choices, value.get("type")),
        about=about,
        default=_told(schema.get("default")),
        choices=choices,
        least=value.get("minimum"),
        most=value.get("maximum"),
    )


def _control(repeatable: bool, choices: tuple[str, ...], kind: Any) -> Control:
    if choices:
        return "choices" if repeatable else "choice"
    return "number" if kind == "integer" or "integer" in (kind if isinstance(kind, list) else ()) else "text"


def _told(default: object) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return "" if default is None or isinstance(default, list | tuple) else str(default)


def _outcome(status: str, answer: Mapping[str, Any]) -> Outcome:
    reference = next((content.get("schema", {}).get("$ref", "") for content in answer.get("content", {}).values()), "")
    return Outcome(str(status), answer.get("description", ""), reference.rpartition("/")[2])
