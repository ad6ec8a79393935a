"""Parameters that say where the reader is, for every operation that tells distances."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from api.schemas.fields import Arguments, degrees, text
from union_catalog.services.searching.asked import Place

DECIMALS = 3  # 100 m: where a reader is nobody needs to know better


class PlaceArguments(Arguments):
    """``lat`` and ``lng``, or ``near``; ``place_of`` reads them."""

    lat = degrees(f"Latitude of the reader's place, WGS-84; rounded to {DECIMALS} decimals, never stored and never logged.", 90)
    lng = degrees("Its longitude. Both or neither.", 180)
    near = text("Code of a branch, to count distances from there instead.", None, 64)

    @validates_schema
    def one_place(self, data: Mapping[str, Any], **_: object) -> None:
        """Complains of the missing half of a place, and of two places."""
        lat, lng = data.get("lat"), data.get("lng")
        if (lat is None) != (lng is None):
            raise ValidationError("parameter.both_or_neither", "lng" if lng is None else "lat")
        if lat is not None and data.get("near"):
            raise ValidationError("parameter.one_place", "near")


def place_of(data: Mapping[str, Any]) -> Place | str | None:
    """The place that loaded arguments tell, the code of a branch, or None."""
    if data["lat"] is not None and data["lng"] is not None:
        return Place(round(data["lat"], DECIMALS), round(data["lng"], DECIMALS))
    near: str | None = data["near"]
    return near
