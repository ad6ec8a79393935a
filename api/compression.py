"""Answers made smaller on their way: text of more than a packet, by zstd or gzip, as the caller takes it.

An answer that holds a secret is sent as it is: who can see how long it is and has a say in what stands beside the secret could guess it
letter by letter (BREACH). So nothing is compressed that was asked for with a token, sets a cookie or must not be stored.
"""

import gzip
from collections.abc import Callable
from functools import lru_cache

import zstandard
from flask import Flask, Response, request

SMALLEST = 1000  # bytes; below it a packet is not filled either way
_TEXT = ("text/", "application/json", "application/problem+json", "application/javascript", "application/xml", "image/svg+xml")
_DATA = ("application/marcxml+xml", "application/x-research-info-systems", "application/x-bibtex", "application/manifest+json")
_QUICK = {"zstd": 3, "gzip": 4}
_THOROUGH = {"zstd": 19, "gzip": 9}


def compress_answers(app: Flask) -> None:
    """Compresses the answers of ``app``; a file of ours thoroughly and once, everything else quickly."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not _may_be(response):
            return response
        response.vary.add("Accept-Encoding")
        coding = request.accept_encodings.best_match(tuple(_QUICK))
        if response.status_code != 200 or coding not in _QUICK:
            return response
        is_file = response.direct_passthrough
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) >= SMALLEST:
            _replace(response, (_kept if is_file else _made)(body, coding), coding)
        return response


def _may_be(response: Response) -> bool:
    """Whether the answer is text without secrets; one without a body (304) goes by the same rule, so that both say what they vary by."""
    secret = "Authorization" in request.headers or "Set-Cookie" in response.headers or response.cache_control.no_store
    known = (response.mimetype or "").startswith(_TEXT + _DATA)
    return not secret and known and response.status_code in (200, 304) and "Content-Encoding" not in response.headers


def _replace(response: Response, body: bytes, coding: str) -> None:
    """The entity tag becomes a weak one: the bytes are others, what they say is the same (RFC 9110, 8.8.1)."""
    response.set_data(body)
    response.headers["Content-Encoding"] = coding
    response.headers.pop("Accept-Ranges", None)
    tag, weak = response.get_etag()
    if tag is not None and not weak:
        response.set_etag(tag, weak=True)


def _encoder(levels: dict[str, int]) -> Callable[[bytes, str], bytes]:
    def encode(body: bytes, coding: str) -> bytes:
        if coding == "zstd":
            return zstandard.ZstdCompressor(level=levels[coding]).compress(body)
        return gzip.compress(body, levels[coding], mtime=0)

    return encode


_made = _encoder(_QUICK)
_kept = lru_cache(maxsize=64)(_encoder(_THOROUGH))
