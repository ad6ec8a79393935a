"""Bodies and answers of policies: the table in force, the check of a new one, why a loan has its terms."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length
from msgspec import Meta

from api.schemas.fields import Arguments, Body, needed, optional, part, whole

LONGEST_TEXT = 60_000
LONGEST_CODE = 40
LONGEST_NOTE = 500
MOST_VERSIONS = 1_000_000


class VersionArguments(Arguments):
    """Which version."""

    version = whole("That of an earlier one; without it the one in force.", None, 1, MOST_VERSIONS)


class CheckBody(Body):
    """A policy, as the text of a file or as a table; ``load`` keeps which."""

    text = fields.String(
        load_default=None,
        validate=Length(max=LONGEST_TEXT, error="parameter.too_long"),
        metadata={"description": "The policy file (TOML)."},
    )
    table = fields.Dict(
        keys=fields.String(),
        load_default=None,
        metadata={"description": "The same as JSON, in the shape of `table` of GET /policies."},
    )

    @validates_schema
    def one_of_both(self, data: Mapping[str, Any], **_: object) -> None:
        """Complains where neither or both are given."""
        if (data.get("text") is None) == (data.get("table") is None):
            raise ValidationError("policy_text_or_table", "text")


class PolicyBody(CheckBody):
    """A policy that is to be in force, and the version from which it was made."""

    based_on = fields.Integer(
        required=True,
        strict=True,
        metadata={"description": "`version` of the policy from which this one was made; another one in force by now is answered by 409."},
    )
    note = optional("What it changes and why, for whoever reads the list of versions.", LONGEST_NOTE, "")


class ItemBody(Body):
    """An item as it is scanned."""

    barcode = needed("Its barcode.", 80)
    library = optional("Code of its library; without it the only one that has the barcode.", LONGEST_CODE, "")


class ExplainBody(Body):
    """The circumstances of a loan that is made or thought of."""

    branch = needed("Code of the lending branch.", LONGEST_CODE)
    patron = optional("Id of the reader; or `category`.", 24, "")
    category = optional("Category of reader; or `patron`.", 20, "")
    item = part(ItemBody, "The item; or `item_library` and `item_type`.")
    item_library = optional("Code of the item's library; or `item`.", LONGEST_CODE, "")
    item_type = optional("Type of the item; or `item`.", LONGEST_CODE, "")
    version = whole("That of an earlier policy; without it the one in force.", None, 1, MOST_VERSIONS)

    @validates_schema
    def one_way(self, data: Mapping[str, Any], **_: object) -> None:
        """Complains where the reader or the item is told twice or not at all."""
        if bool(data.get("patron")) == bool(data.get("category")):
            raise ValidationError("parameter.required", "patron")
        told = bool(data.get("item_library")) and bool(data.get("item_type"))
        if bool(data.get("item")) == told:
            raise ValidationError("parameter.required", "item")


class VersionAnswer(msgspec.Struct, frozen=True):
    """A version that is or was in force."""

    version: int
    in_force_from: Annotated[str, Meta(description="UTC, ISO 8601; 1970 of the one that came with the program.")]
    actor: Annotated[str, Meta(description="Opaque, never a name.")]
    note: str


class RuleAnswer(msgspec.Struct, frozen=True):
    """A row in words; its values stand in `table`."""

    id: str
    criteria: Annotated[str, Meta(description="What it is for, in the language of the request.")]
    terms: tuple[str, ...]


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the policies: the file, the same as a table, and its rules in words."""

    version: VersionAnswer
    text: Annotated[str, Meta(description="The file as it was given.")]
    table: Annotated[dict[str, Any], Meta(description="Every value told; PUT takes it in this shape.")]
    rules: tuple[RuleAnswer, ...]
    versions: Annotated[tuple[VersionAnswer, ...], Meta(description="All there ever were, the newest first.")]


class FaultAnswer(msgspec.Struct, frozen=True):
    """What is wrong with a policy, and where."""

    code: str
    place: Annotated[str, Meta(description='As "rules[3].days", counted from 0.')]
    message: str


class DifferenceAnswer(msgspec.Struct, frozen=True):
    """One value that would change; null where it does not stand."""

    name: Annotated[str, Meta(description='As in the file: "days", "overdue.kind", "quota.child".')]
    label: str
    before: str | int | bool | None
    after: str | int | bool | None


class RuleChangeAnswer(msgspec.Struct, frozen=True):
    """A rule that would be added, changed or removed."""

    rule: str
    action: str
    action_label: str
    differences: tuple[DifferenceAnswer, ...]


class MovedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Open loans of one rule that would have other terms if they were made under the new policy."""

    version: Annotated[int, Meta(description="The policy under which they were made.")]
    before: Annotated[str, Meta(description="The rule by which they were made.")]
    after: Annotated[str, Meta(description="The rule by which they would be.")]
    loans: int
    differences: tuple[DifferenceAnswer, ...]


class EffectAnswer(msgspec.Struct, frozen=True):
    """How many open loans would get less or more of a term."""

    term: str
    direction: Annotated[str, Meta(description="less or more.")]
    loans: int
    message: str


class ChangesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy would change. No open loan is touched: each keeps the terms under which it was made."""

    rules: tuple[RuleChangeAnswer, ...]
    network: tuple[DifferenceAnswer, ...]
    groups: tuple[DifferenceAnswer, ...]
    open_loans: int
    affected: Annotated[int, Meta(description="Of them, those that would have other terms.")]
    effects: tuple[EffectAnswer, ...]
    by_rule: tuple[MovedAnswer, ...]
    readers_over_quota: Annotated[int, Meta(description="With more loans than their network quota, now.")]
    readers_over_new_quota: int
    summary: Annotated[tuple[str, ...], Meta(description="In sentences.")]


class CheckAnswer(msgspec.Struct, frozen=True):
    """The faults of a policy, or what it would change."""

    based_on: Annotated[int, Meta(description="The version in force, with which it was compared.")]
    faults: tuple[FaultAnswer, ...]
    changes: Annotated[ChangesAnswer | None, Meta(description="null where there are faults.")]


class PutAnswer(msgspec.Struct, frozen=True):
    """The version that is in force now, and what has changed with it."""

    version: int
    changed: Annotated[bool, Meta(description="false: the same file was in force already.")]
    changes: ChangesAnswer


class CriterionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One of the circumstances. In the order of precedence: a rule that names an earlier one comes first."""

    name: str
    label: str
    value: str
    value_label: str
    matched: Annotated[bool, Meta(description="Whether the rule that won names it.")]


class OtherRuleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that did not win: it fits and is less specific, or does not fit."""

    rule: str
    fits: bool
    criterion: Annotated[str, Meta(description="For which it was passed over.")]
    message: str


class TermsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule grants, and the two limits of the network."""

    days: int
    renewals: int
    renewal_days: int
    quota: int
    network_quota: int
    library_cap: int | None
    holdable: bool
    shelf_days: int
    overdue: Annotated[str, Meta(description="none, suspend or fine.")]
    lost_after: Annotated[int, Meta(description="Late for more open days than these, a loan counts as lost; 0: never.")]


class ExplanationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule won, why, and what it grants; and why every other one did not."""

    version: int
    rule: str
    because: Annotated[tuple[str, ...], Meta(description="In sentences.")]
    circumstances: tuple[CriterionAnswer, ...]
    terms: TermsAnswer
    others: Annotated[tuple[OtherRuleAnswer, ...], Meta(description="Those that fit first, the next best before the rest.")]
