"""What is asked of and answered by /sessions and /staff."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Regexp
from msgspec import Meta

from api.schemas.fields import CODE, Body
from union_catalog.services.staff import ROLES

LONGEST = 200
_PAIRS = ({"card", "pin"}, {"username", "password"})


def _secret(description: str) -> fields.String:
    return fields.String(
        validate=Length(min=1, max=LONGEST, error="parameter.too_long"),
        metadata={"description": description},
    )


def _code(description: str) -> fields.String:
    check = Regexp(rf"(?:{CODE})\Z", error="parameter.not_a_code")
    return fields.String(validate=check, metadata={"description": description})


class SignInBody(Body):
    """A reader's card and PIN, or the name and password of a member of staff."""

    card = _secret("The number of a reader's card; blanks and hyphens are overlooked.")
    pin = _secret("The reader's PIN, six digits.")
    issuer = _code("The library that issued the card, where two have issued the same number.")
    username = _secret("The name of a member of staff.")
    password = _secret("Their password.")
    branch = _code("The branch at which they work now; else their only one.")

    @validates_schema
    def demand_one_pair(self, told: Mapping[str, Any], **_: object) -> None:
        """Raises ValidationError for what is missing of the pair that was begun, and for both."""
        given = [pair for pair in _PAIRS if pair & told.keys()]
        if len(given) > 1:
            raise ValidationError({name: ["parameter.not_with_others"] for name in sorted(given[1] & told.keys())})
        missing = (given[0] if given else _PAIRS[0]) - told.keys()
        if missing:
            raise ValidationError({name: ["parameter.required"] for name in sorted(missing)})


class SessionAnswer(msgspec.Struct, frozen=True):
    """Somebody has signed in."""

    token: Annotated[str, Meta(description="Show it as `Authorization: Bearer …`.")]
    expires_at: Annotated[str, Meta(description="UTC, ISO 8601 with microseconds.")]


class SignedOutAnswer(msgspec.Struct, frozen=True):
    """A session has ended."""

    signed_out: Annotated[bool, Meta(description="false where what was shown was the token of no session; such a token goes on.")]


def _codes(description: str, check: Regexp | OneOf) -> fields.List[str]:
    return fields.List(fields.String(validate=check), metadata={"description": description})


class StaffChangeBody(Body):
    """What is to become of a member of staff; what is left out stays."""

    library = fields.String(
        allow_none=True,
        validate=Regexp(rf"(?:{CODE})\Z", error="parameter.not_a_code"),
        metadata={"description": "Where they work; null: the whole network, for its administrators alone."},
    )
    branches = _codes("At which of its branches; none: at all of them.", Regexp(rf"(?:{CODE})\Z", error="parameter.not_a_code"))
    roles = _codes(f"All that they have from now on, of {', '.join(ROLES)}.", OneOf(ROLES, error="parameter.not_among"))


class StaffAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff."""

    username: str
    name: str
    library: Annotated[str | None, Meta(description="null: the whole network.")]
    branches: Annotated[tuple[str, ...], Meta(description="None: all of the library.")]
    roles: tuple[str, ...]
    has_password: bool
    locked_until: Annotated[str | None, Meta(description="UTC; after too many wrong passwords, until then no other is tried.")]
    disabled_at: Annotated[str | None, Meta(description="UTC; since when they are shut out.")]


class StaffListAnswer(msgspec.Struct, frozen=True):
    """The staff of a library, or of the whole network."""

    items: tuple[StaffAnswer, ...]
