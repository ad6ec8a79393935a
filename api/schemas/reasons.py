"""Answers that say why records are or are not one edition."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.schemas.answers import Edition

Key = Annotated[str, Meta(description="LIBRARY:record_id of a source record.")]


class MemberAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A source record as its library wrote it."""

    key: Key
    library: str
    library_name: str
    record_id: str
    title: Annotated[str, Meta(description="With other title information and volume.")]
    responsibility: str
    edition: str
    publisher: str
    date: Annotated[str, Meta(description="Date of publication as written.")]
    isbn: tuple[str, ...]
    extent: str
    format: str
    differs: Annotated[tuple[str, ...], Meta(description="Fields of `evidence` in which most of the other members contradict it.")]


class EvidenceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one field says. `first` and `second` are what was compared there, with habits of writing taken away."""

    field: Annotated[str, Meta(description="See docs/matching-rules.md for the fields and their findings.")]
    field_label: str
    side: Literal["for", "against", "silent"]
    code: Annotated[str, Meta(description="The finding.")]
    label: str
    first: str
    second: str


class VerdictAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What staff said of two records. It holds until it is undone."""

    id: str
    first: Key
    second: Key
    verdict: Literal["same", "different"]
    label: str
    reason: str
    actor: Annotated[str, Meta(description='Opaque, never a name; "" for the public.')]
    decided_at: Annotated[str, Meta(description="UTC, ISO 8601 with microseconds.")]


class JudgedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Two records, and what the rules say of them."""

    first: Key
    second: Key
    verdict: Annotated[str, Meta(description="same, different or unsure.")]
    verdict_label: str
    rule: Annotated[str, Meta(description="The rule that decides; docs/matching-rules.md lists them.")]
    rule_label: str
    strength: Annotated[int, Meta(description="How strong a link it is; 0 for none.")]
    evidence: tuple[EvidenceAnswer, ...]


class PairKeys(msgspec.Struct, frozen=True):
    """Two records."""

    first: Key
    second: Key


class LinkAnswer(JudgedAnswer, frozen=True, kw_only=True):
    """A link that holds an edition together."""

    staff: Annotated[
        str | None, Meta(description="Id of the word of staff that makes this link whatever the rules say; null where the rules do.")
    ]


class NearAnswer(JudgedAnswer, frozen=True, kw_only=True):
    """An edition that stands near and is kept apart. `first` is a record of this edition, `second` one of the other."""

    edition: Edition
    by: Annotated[
        Literal["staff", "rule", "one_library", "unsure", "rival"],
        Meta(description="What keeps them apart."),
    ]
    label: str
    field: Annotated[str, Meta(description='The field that differs, where a rule forbids; else "".')]


class ReasonsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Why the records of an edition are one, and what was kept apart from it."""

    union_id: str
    total: Annotated[int, Meta(description="Records of this edition. `members` are the first 60 of them; links are among these.")]
    members: tuple[MemberAnswer, ...]
    links: Annotated[tuple[LinkAnswer, ...], Meta(description="The strongest that tie all together, as few as can be; strongest first.")]
    indirect: Annotated[tuple[PairKeys, ...], Meta(description="Pairs that only others tie together.")]
    untied: Annotated[tuple[Key, ...], Meta(description="Members that no link reaches from the first.")]
    outdated: Annotated[bool, Meta(description="The rules have changed since this was decided; a rebuild decides anew.")]
    verdicts: tuple[VerdictAnswer, ...]
    near: Annotated[tuple[NearAnswer, ...], Meta(description="At most five, the nearest first.")]


class PairAnswer(JudgedAnswer, frozen=True, kw_only=True):
    """What is decided on any two records."""

    members: Annotated[tuple[MemberAnswer, ...], Meta(description="The two, as their libraries wrote them.")]
    together: Annotated[bool, Meta(description="Whether they stand in one edition now.")]
    staff: Annotated[VerdictAnswer | None, Meta(description="What staff said of them; it comes before the rules.")]
