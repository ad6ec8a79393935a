"""The OpenAPI 3.1 document of the operations."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask_smorest import Api

from api.resources.operation import SCHEME
from api.schemas.components import components

ABOUT = """What the libraries of the region hold, in one search.

Every answer is UTF-8 JSON. Errors are RFC 9457 problems with a stable `code`. A parameter that is not
known, or known and
wrong, is answered by 422 and names itself. Give `lang=zh` or `lang=en` for labels and messages in that
language. Answers carry
`X-Request-ID`; a caller may send its own."""

TOKENS = "A token of staff or of a program, as the administrator gives it out (`union-catalog tokens add`)."


def install_operations(app: Flask, groups: Iterable[Any]) -> dict[str, Any]:
    """Routes the groups' operations and /api/openapi.json, and returns the document that is served there."""
    app.config.update(
        API_TITLE="Union catalogue",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
    )
    api = Api()
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # every operation names its problems itself
    api.init_app(app)
    api.spec.components.security_scheme(SCHEME, {"type": "http", "scheme": "bearer", "description": TOKENS})
    for name, schema in components().items():
        api.spec.components.schema(name, component=schema)
    for group in groups:
        api.register_blueprint(group)
    document: dict[str, Any] = api.spec.to_dict()
    return document
