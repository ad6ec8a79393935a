"""The fields of the index, explicit and strict, and how a document fills them.

Text comes analysed; ``whitespace`` only cuts it at its blanks. Nothing is used that the core of the server does not have.
"""

from collections.abc import Mapping

import msgspec

from union_catalog.search import digests, order
from union_catalog.search.document import IndexDocument
from union_catalog.search.matches import FIELDS
from union_catalog.search.spellings import BEGINNINGS
from union_catalog.search.suggesting import beginnings, packed

SCHEMA_VERSION = 3

_TOKEN_FIELDS = (
    "title_words", "title_exact", "author_exact", "pinyin", "author_pinyin", "pinyin_exact", "initials", "author_initials",
    "identifiers", "call_numbers",
)  # fmt: skip
_TEXT_FIELDS = (*FIELDS, *_TOKEN_FIELDS)
_COUNTED_FIELDS = (
    "library", "available_library", "branch", "available_branch", "language", "format", "audience", "clc_tree",
    "author_name", "subject_name",
)  # fmt: skip
_CODE_FIELDS = ("clc",)
_NUMBER_FIELDS = ("year", "rank", "oldest_first", "newest_first")
_LONGEST_TOKEN = 1024  # whole titles are one token of up to 256 characters; the server's own limit of 255 would cut them in two


def settings(shards: int, replicas: int) -> dict[str, object]:
    """The settings of an index that is being filled: nothing is refreshed before it is switched to."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "analysis": {
            "tokenizer": {"tokens": {"type": "whitespace", "max_token_length": _LONGEST_TOKEN}},
            "analyzer": {"tokens": {"type": "custom", "tokenizer": "tokens"}},
        },
    }


LIVE_SETTINGS = {"refresh_interval": "5s"}  # every batch is refreshed when it is written; this is for one whose writer was killed before


def mapping(about: Mapping[str, object]) -> dict[str, object]:
    """The mapping of version SCHEMA_VERSION, with ``about`` as what the index says of itself.

    Whoever changes it raises the version: aliases carry it, so an index of another version is never asked, and rebuilt.
    """
    tokens = {"type": "text", "analyzer": "tokens", "norms": False, "index_options": "docs"}
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "_meta": dict(about),
        "properties": {
            "union_id": {"type": "keyword"},
            "work_id": {"type": "keyword"},
            "revision": {"type": "long", "index": False},
            "bucket": {"type": "integer"},
            "check": {"type": "long", "index": False},
            "live": {"type": "boolean"},
            **{name: tokens | {"index_options": "positions"} for name in FIELDS},
            **dict.fromkeys(_TOKEN_FIELDS, tokens),
            **{name: {"type": "keyword"} for name in _COUNTED_FIELDS},
            **{name: {"type": "keyword", "doc_values": False} for name in _CODE_FIELDS},
            "available": {"type": "boolean"},
            **{name: {"type": "long"} for name in _NUMBER_FIELDS},
            "title_key": {"type": "keyword"},
            BEGINNINGS: tokens,
            "names": {"type": "binary", "doc_values": True},
        },
    }


def to_source(document: IndexDocument) -> bytes:
    """A live document as JSON."""
    rank = order.rank(document.holdings_count, document.union_id)
    texts = ((name, getattr(document.analysed, name)) for name in _TEXT_FIELDS)
    return msgspec.json.encode(
        {name: text for name, text in texts if text}
        | {
            "union_id": document.union_id,
            "work_id": document.work_id,
            "revision": document.revision,
            "bucket": digests.bucket(document.union_id),
            "check": digests.check(document.union_id, document.revision),
            "live": True,
            "library": document.libraries,
            "available_library": document.available_libraries,
            "available": bool(document.available_libraries),
            "branch": [held.branch for held in document.availability],
            "available_branch": [held.branch for held in document.availability if held.available],
            "language": document.languages,
            "format": document.format,
            "audience": document.audience or None,
            "clc_tree": document.clc_tree,
            "clc": document.clc,
            "author_name": document.authors,
            "subject_name": document.subjects,
            "year": document.year,
            "rank": rank,
            "oldest_first": order.oldest_first(document.year, document.union_id),
            "newest_first": order.newest_first(document.year, document.union_id),
            "title_key": order.title_key(document.analysed.sort_title, document.union_id),
            BEGINNINGS: beginnings(document),
            "names": packed(document),
        }
    )


def to_tombstone(union_id: str, revision: int) -> bytes:
    """What stays of a deleted document, so that a late message does not bring it back.

    The server itself remembers the versions of deleted documents for a minute only.
    """
    return msgspec.json.encode({"union_id": union_id, "revision": revision})
