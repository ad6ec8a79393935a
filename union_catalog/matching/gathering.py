"""The fields whose values are gathered from all records of a cluster, and the form by which two values are one."""

from collections.abc import Callable, Hashable
from typing import Any

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import Classification, Identifier, Link, Relation, Subject, Text


def _identifier_form(identifier: Identifier) -> Hashable:
    return (
        identifier.scheme,
        identifier.value if identifier.valid else fold(identifier.raw or identifier.value),
        ("" if identifier.value else identifier.price),
    )


def _text_form(text: Text) -> Hashable:
    return fold(text.text)


def _subject_form(subject: Subject) -> Hashable:
    return fold(subject.heading), tuple(map(fold, subject.subdivisions))


def _class_form(value: Classification) -> Hashable:
    return value.scheme, value.number


def _link_form(link: Link) -> Hashable:
    return link.url


def _relation_form(relation: Relation) -> Hashable:
    return relation.kind, fold(relation.title), relation.identifier


GATHERED: tuple[tuple[str, Callable[[Any], Hashable]], ...] = (
    ("identifiers", _identifier_form),
    ("subjects", _subject_form),
    ("classifications", _class_form),
    ("notes", _text_form),
    ("summaries", _text_form),
    ("contents", _text_form),
    ("links", _link_form),
    ("relations", _relation_form),
)
