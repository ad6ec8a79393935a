"""Where a reader is, or wants to count from: kept in a cookie of their own browser, never in an address, a log or the database."""

import re

from flask import Request, Response

from api.pages.shell import remember
from union_catalog.services.searching.asked import Place

COOKIE = "near"
_PLACE = re.compile(r"(-?\d{1,2}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)
_CODE = re.compile(r'[^\s,;"\\]{1,64}')
_DECIMALS = 3  # 100 m
_NORTHMOST, _EASTMOST = 90, 180


def read_near(told: str) -> Place | str | None:
    """A place ("31.374,121.250", rounded to 100 m) or the code of a branch ("JD-ZG"); None for anything else."""
    place = _PLACE.fullmatch(told)
    if place:
        lat, lng = (round(float(number), _DECIMALS) for number in place.groups())
        return Place(lat, lng) if abs(lat) <= _NORTHMOST and abs(lng) <= _EASTMOST else None
    return told if _CODE.fullmatch(told) else None


def near_of(asked: Request) -> Place | str | None:
    """From where the reader of this request wants distances, None where they did not say."""
    return read_near(asked.cookies.get(COOKIE, ""))


def keep_near(response: Response, near: Place | str, *, always: bool, secure: bool) -> None:
    """Keeps it until the browser is closed. Only a branch is kept for a year, and only if the reader wants (``always``)."""
    if always and isinstance(near, str):
        remember(response, COOKIE, near)
        return
    told = near if isinstance(near, str) else f"{near.lat:.{_DECIMALS}f},{near.lng:.{_DECIMALS}f}"
    response.set_cookie(COOKIE, told, httponly=True, samesite="Lax", secure=secure, path="/")


def forget_near(response: Response) -> None:
    """Takes it back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")
