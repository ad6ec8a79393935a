"""Reads ``network.toml``. Every fault is told with the place where it stands; nothing of a faulty file is used."""

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from union_catalog.errors import ConfigurationError
from union_catalog.network.coordinates import gcj02_to_wgs84
from union_catalog.network.floating import is_rule
from union_catalog.network.hours import OpeningHours
from union_catalog.network.hours_file import read_hours
from union_catalog.network.model import BRANCH_KINDS, CIRCULATION, OFFERS, Branch, Library, Network, Region
from union_catalog.network.routes_file import ROUTE, read_route

_REGION = {"code": str, "name": str, "name_en": str}
_LIBRARY = _REGION | {"region": str, "circulation": str, "rank": int, "floating": str}
_BRANCH = _REGION | {
    "library": str,
    "kind": str,
    "lat": (int, float),
    "lng": (int, float),
    "datum": str,
    "address": str,
    "offers_pickup": bool,
    "local_codes": list,
    "telephone": str,
    "transport": str,
    "transport_en": str,
    "offers": list,
    "hours": dict,
    "exceptions": list,
}
_TABLES: dict[str, Mapping[str, Any]] = {"regions": _REGION, "libraries": _LIBRARY, "branches": _BRANCH, "routes": ROUTE}
_NEEDED = {
    "regions": ("code", "name"),
    "libraries": ("code", "name"),
    "branches": ("code", "name", "library"),
    "routes": ("code", "name", "weekdays", "stops"),
}
_DATUMS = ("wgs84", "gcj02")


def read_network(text: str, known_libraries: Collection[str] = (), known_branches: Collection[str] = ()) -> Network:
    """The network that the file describes, coordinates converted to WGS-84.

    ``known_libraries``, ``known_branches``: codes that branches and routes may name besides those in the file. Raises ConfigurationError
    with ``place`` such as "branches[3].lat" and a code: network_syntax, network_unknown_key, network_missing_key, network_bad_value,
    network_twice, network_unknown_code, network_no_hours, and those of hours_file.read_hours.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError("network_syntax", place=str(error)) from error
    _check_shape(data)
    regions = tuple(Region(**row) for row in data.get("regions", ()))
    libraries = tuple(Library(**row) for row in data.get("libraries", ()))
    branches = tuple(_branch(index, row) for index, row in enumerate(data.get("branches", ())))
    routes = tuple(read_route(f"routes[{index}]", row) for index, row in enumerate(data.get("routes", ())))
    network = Network(regions, libraries, branches, routes)
    _check_codes(network, set(known_libraries))
    _check_stops(network, set(known_branches))
    return network


def _check_shape(data: Mapping[str, Any]) -> None:
    for table, rows in data.items():
        if table not in _TABLES:
            raise ConfigurationError("network_unknown_key", place=table)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ConfigurationError("network_bad_value", place=table)
        for index, row in enumerate(rows):
            _check_row(f"{table}[{index}]", row, _TABLES[table], _NEEDED[table])


def _check_row(place: str, row: Mapping[str, Any], kinds: Mapping[str, Any], needed: Collection[str]) -> None:
    for name, value in row.items():
        if name not in kinds:
            raise ConfigurationError("network_unknown_key", place=f"{place}.{name}")
        if not isinstance(value, kinds[name]) or (isinstance(value, bool) and kinds[name] is not bool):
            raise ConfigurationError("network_bad_value", place=f"{place}.{name}")
    for name in needed:
        if not str(row.get(name, "")).strip():
            raise ConfigurationError("network_missing_key", place=f"{place}.{name}")


def _branch(index: int, row: dict[str, Any]) -> Branch:
    place = f"branches[{index}]"
    datum = row.pop("datum", "wgs84")
    local_codes = row.pop("local_codes", ())
    _check(datum in _DATUMS, f"{place}.datum")
    _check(all(isinstance(code, str) and code for code in local_codes), f"{place}.local_codes")
    offers = row.pop("offers", ())
    _check(all(offer in OFFERS for offer in offers) and len(set(offers)) == len(offers), f"{place}.offers")
    hours = _hours(row["code"], place, row.pop("hours", None), row.pop("exceptions", []))
    branch = Branch(**row, local_codes=tuple(local_codes), offers=tuple(offers), hours=hours)
    _check(branch.kind in BRANCH_KINDS, f"{place}.kind")
    if branch.lat is None or branch.lng is None:
        _check(branch.lat is None and branch.lng is None, f"{place}.lng" if branch.lng is None else f"{place}.lat")
        return branch
    _check(-90 <= branch.lat <= 90, f"{place}.lat")
    _check(-180 <= branch.lng <= 180, f"{place}.lng")
    lat, lng = gcj02_to_wgs84(branch.lat, branch.lng) if datum == "gcj02" else (branch.lat, branch.lng)
    return replace(branch, lat=lat, lng=lng)


def _hours(code: str, place: str, hours: Mapping[str, Any] | None, exceptions: list[Any]) -> OpeningHours | None:
    if hours is not None:
        return read_hours(code, place, hours, exceptions)
    if exceptions:
        raise ConfigurationError("network_no_hours", branch=code, place=f"{place}.exceptions")
    return None


def _check(holds: bool, place: str) -> None:
    if not holds:
        raise ConfigurationError("network_bad_value", place=place)


def _check_codes(network: Network, known_libraries: set[str]) -> None:
    for table in _TABLES:
        _check_once(table, [row.code for row in getattr(network, table)])
    regions = {region.code for region in network.regions}
    libraries = {library.code for library in network.libraries} | known_libraries
    for index, library in enumerate(network.libraries):
        _check(library.circulation in CIRCULATION, f"libraries[{index}].circulation")
        _check(is_rule(library.floating), f"libraries[{index}].floating")
        _check_known(library.region is None or library.region in regions, f"libraries[{index}].region", library.region)
    for index, branch in enumerate(network.branches):
        _check_known(branch.library in libraries, f"branches[{index}].library", branch.library)
    _check_once("branches.local_codes", [f"{branch.library}:{code}" for branch in network.branches for code in _codes_of(branch)])


def _check_stops(network: Network, known_branches: set[str]) -> None:
    branches = {branch.code for branch in network.branches} | known_branches
    for index, route in enumerate(network.routes):
        for number, stop in enumerate(route.stops):
            _check_known(stop.branch in branches, f"routes[{index}].stops[{number}].branch", stop.branch)


def _codes_of(branch: Branch) -> list[str]:
    """All by which the library may name it; that its code stands among the local ones too is no fault."""
    return [branch.code, *(code for code in branch.local_codes if code != branch.code)]


def _check_once(place: str, codes: list[str]) -> None:
    twice = next((code for code, count in Counter(codes).items() if count > 1), None)
    if twice is not None:
        raise ConfigurationError("network_twice", place=place, value=twice)


def _check_known(holds: bool, place: str, value: str | None) -> None:
    if not holds:
        raise ConfigurationError("network_unknown_code", place=place, value=value)
