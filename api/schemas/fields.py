"""Fields of arguments. What they complain of is a code, so that it can be said in the reader's language
(api/data/messages.toml)."""

import re
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing
from marshmallow.validate import Length, OneOf, Range, Regexp

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WRONG: dict[type[fields.Field[Any]], str] = {
    fields.AwareDateTime: "parameter.not_an_instant",
    fields.Date: "parameter.not_a_day",
    fields.Boolean: "parameter.not_yes_or_no",
    fields.Integer: "parameter.not_a_number",
    fields.Float: "parameter.not_a_decimal",
    fields.List: "parameter.not_a_list",
    fields.Mapping: "parameter.not_an_object",
    fields.Nested: "parameter.not_an_object",
}
CODE = r"[^\s\x00-\x1f\x7f]{1,64}"


def text(description: str, default: str | None, most: int | None = None) -> fields.String:
    """Free text, of at most ``most`` characters."""
    check = Length(max=most, error="parameter.too_long") if most else None
    return fields.String(load_default=default, validate=check, metadata={"description": description})


def _plain(told: str) -> None:
    """No control characters: no text of ours holds one, and PostgreSQL takes no NUL."""
    if _CONTROL.search(told):
        raise ValidationError("parameter.not_a_text")


def needed(description: str, most: int, choices: tuple[str, ...] = ()) -> fields.String:
    """Text that must be given and not be blank; one of ``choices`` where there are any."""
    check = OneOf(choices, error="parameter.not_among") if choices else Length(max=most, error="parameter.too_long")
    return fields.String(
        required=True,
        validate=(check, Regexp(r"(?s).*\S", error="parameter.required"), _plain),
        metadata={"description": description},
    )


def optional(description: str, most: int, default: str | None = None) -> fields.String:
    """Text of at most ``most`` characters, or none; without control characters."""
    return fields.String(
        load_default=default,
        validate=(Length(max=most, error="parameter.too_long"), _plain),
        metadata={"description": description},
    )


def day(description: str, *, required: bool = False) -> fields.Date:
    """A day as 2026-11-22."""
    return fields.Date(
        "iso",
        required=required,
        load_default=missing if required else None,
        metadata={"description": description},
    )


def instant(description: str) -> fields.AwareDateTime:
    """A moment as 2026-11-22T16:30:00+08:00, or none. One without its time zone is none."""
    return fields.AwareDateTime("iso", load_default=None, metadata={"description": description})


def word(description: str, choices: tuple[str, ...], default: str | None) -> fields.String:
    """One of a fixed list."""
    check = OneOf(choices, error="parameter.not_among")
    return fields.String(load_default=default, validate=check, metadata={"description": description})


def whole(description: str, default: int | None, least: int, most: int) -> fields.Integer:
    """A whole number between two others, both inclusive."""
    return fields.Integer(
        load_default=default,
        validate=Range(least, most, error="parameter.not_between"),
        metadata={"description": description},
    )


def degrees(description: str, most: int) -> fields.Float:
    """A decimal number of degrees between -most and most, both inclusive."""
    return fields.Float(
        load_default=None,
        validate=Range(-most, most, error="parameter.not_between"),
        metadata={"description": description},
    )


def number_among(description: str, choices: tuple[int, ...]) -> fields.Integer:
    """One of some whole numbers, or none."""
    return fields.Integer(
        load_default=None,
        validate=OneOf(choices, error="parameter.not_among"),
        error_messages={"invalid": "parameter.not_among", "too_large": "parameter.not_among"},
        metadata={"description": description},
    )


def yes_no(description: str, *, default: bool | None = False) -> fields.Boolean:
    """true or false in the usual spellings."""
    return fields.Boolean(load_default=default, metadata={"description": description})


def code_list(description: str, pattern: str = CODE) -> fields.List[str]:
    """A repeatable parameter (OR) whose every value matches ``pattern``."""
    value = fields.String(validate=Regexp(rf"(?:{pattern})\Z", error="parameter.not_a_code"))
    return fields.List(value, load_default=(), metadata={"description": description})


def word_list(description: str, choices: tuple[str, ...]) -> fields.List[str]:
    """A repeatable parameter (OR) of words of a fixed list."""
    value = fields.String(validate=OneOf(choices, error="parameter.not_among"))
    return fields.List(value, load_default=(), metadata={"description": description})


class _Spoken(Schema):
    """Says of every fault by a code, which has a sentence in each language, what marshmallow would say in English.

    A name that it does not know is a fault.
    """

    error_messages = {"unknown": "parameter.unknown", "type": "parameter.not_an_object"}  # noqa: RUF012 - marshmallow declares it per instance

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Only what the field itself does not say otherwise."""
        silent: dict[str, str] = {}
        for kind in reversed(type(field_obj).__mro__):
            silent |= getattr(kind, "default_error_messages", {})
        wrong = next((code for kind, code in _WRONG.items() if isinstance(field_obj, kind)), "parameter.not_a_text")
        for key, text in field_obj.error_messages.items():
            if text == silent.get(key):
                field_obj.error_messages[key] = "parameter.required" if key in ("required", "null") else wrong
        if isinstance(field_obj, fields.List):
            self.on_bind_field(field_name, field_obj.inner)


class Arguments(_Spoken):
    """What every operation takes. A misspelt filter must not pass as none."""

    lang = fields.String(
        validate=Regexp(r"(?:zh|en)(?:[-_][A-Za-z0-9_-]{1,30})?\Z", error="parameter.not_a_language"),
        metadata={"description": "Language of labels and messages, zh or en; else by cookie and Accept-Language."},
    )


class Body(_Spoken):
    """A JSON object."""


def part(schema: type[Body], description: str, *, required: bool = False) -> fields.Nested:
    """An object inside a body; none if not given, unless it must be."""
    default = missing if required else None
    return fields.Nested(schema, required=required, load_default=default, metadata={"description": description})
