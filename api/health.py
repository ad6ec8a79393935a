"""Two probes: /healthz says that the process answers, /readyz that the catalogue behind it does."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec
import structlog
from flask import Blueprint, Flask, Response

from api.resources.operation import JSON
from union_catalog.errors import UnionCatalogError
from union_catalog.services.catalogue import Catalogue

State = Literal["ready", "failed"]
_log = structlog.stdlib.get_logger("health")


class Check(msgspec.Struct, frozen=True):
    """One part of the catalogue; ``code`` says why it failed, "" when it is ready."""

    name: str
    state: State
    code: str


class Readiness(msgspec.Struct, frozen=True):
    """Ready when every part is."""

    state: State
    checks: tuple[Check, ...]


def install_probes(app: Flask, catalogue: Catalogue) -> None:
    """Adds both addresses to ``app``."""
    probes = Blueprint("health", __name__)
    parts: Mapping[str, Callable[[], object]] = {
        "database": lambda: catalogue.recent(1),
        "search": catalogue.engine.status,
    }

    @probes.get("/healthz")
    def healthz() -> Response:
        """200 as long as the process answers, whatever the state of the catalogue."""
        return Response(b'{"state":"ready"}', content_type=JSON)

    @probes.get("/readyz")
    def readyz() -> Response:
        """200 when database and index can be asked, else 503 with the reasons."""
        checks = tuple(_check(name, ask) for name, ask in parts.items())
        failed = {check.name: check.code for check in checks if check.state == "failed"}
        if failed:
            _log.warning("not ready", failed=failed)
        readiness = Readiness("failed" if failed else "ready", checks)
        return Response(msgspec.json.encode(readiness), status=503 if failed else 200, content_type=JSON)

    app.register_blueprint(probes)


def _check(name: str, ask: Callable[[], object]) -> Check:
    try:
        ask()
    except UnionCatalogError as error:
        return Check(name, "failed", error.code)
    return Check(name, "ready", "")
