"""A caller of the API: shows a token, and gives every command a key of its own."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from union_catalog.ids import new_id


class Caller:
    """``token`` "" shows none. ``key`` of a command is a new one unless it is given."""

    def __init__(self, client: FlaskClient, token: str = "") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers).get_json()

    def ask(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> TestResponse:
        headers = {**self.headers, "Idempotency-Key": key or new_id()}
        return self.client.open(path, method=method, json=body, headers=headers)

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> TestResponse:
        return self.send("POST", path, body, key)

    def put(self, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> TestResponse:
        return self.send("PUT", path, body, key)

    def patch(self, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> TestResponse:
        return self.send("PATCH", path, body, key)

    def delete(self, path: str, key: str = "") -> TestResponse:
        return self.send("DELETE", path, None, key)
