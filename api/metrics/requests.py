"""Requests, counted by the route's pattern, never by the address asked for. Durations in seconds."""

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from api.metrics.engines import QUICK

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("union_catalog_requests", "Requests answered.", ("method", "route", "status"))
REQUEST_SECONDS = Histogram("union_catalog_request_seconds", "Time to answer a request.", ("route",), buckets=QUICK)


def count_requests(app: Flask) -> None:
    """Counts every answer of ``app``."""

    @app.before_request
    def begin() -> None:
        g.counted_from = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        if "counted_from" in g:  # not set where a handler before ours has answered
            REQUEST_SECONDS.labels(route).observe(time.perf_counter() - g.counted_from)
        return response
