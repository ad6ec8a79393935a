"""The fields of the embedded index and how a document fills them."""

import tantivy

from indexers.embedded.numbers import NUMBERED, number
from union_catalog.search import digests, order, scoring
from union_catalog.search.document import AnalysedText, IndexDocument
from union_catalog.search.matches import FIELDS
from union_catalog.search.selection import AVAILABLE
from union_catalog.search.spellings import BEGINNINGS
from union_catalog.search.suggesting import beginnings, packed

SCHEMA_VERSION = 4

# Analysed text under the names of AnalysedText; only the fields that phrases are sought in (matches.FIELDS) keep positions.
_TOKEN_FIELDS = (
    "title_words", "title_exact", "author_exact", "pinyin", "author_pinyin", "pinyin_exact", "initials", "author_initials",
    "identifiers", "call_numbers",
)  # fmt: skip
_TEXT_FIELDS = (*FIELDS, *_TOKEN_FIELDS)
_CODE_FIELDS = ("library", "available_library", "branch", "available_branch", "language", "format", "audience", "clc_tree")
_PLAIN_CODE_FIELDS = ("clc", "available", "live", "author_name", "subject_name")
LIVE = "1"

# A score is a whole number times 1 … 1 + SPREAD; so two scores differ by more than the spread, and the whole number can be told again.
SPREAD = 1 / (scoring.HIGHEST + 8)


def build() -> tantivy.Schema:
    """The schema of version SCHEMA_VERSION. Whoever changes it raises the version: an older folder is then refused, and rebuilt."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("union_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("work_id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in NUMBERED.values():
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("revision", indexed=False, fast=True)
    builder.add_unsigned_field("bucket", indexed=True, fast=True)
    builder.add_unsigned_field("check", indexed=False, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in _TOKEN_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in _CODE_FIELDS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in _PLAIN_CODE_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("year", "rank", "oldest_first", "newest_first"):
        builder.add_integer_field(name, fast=True)
    builder.add_text_field(BEGINNINGS, tokenizer_name="whitespace", index_option="basic")
    builder.add_bytes_field("names", stored=True, indexed=False)
    builder.add_text_field("title_key", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("weight", fast=True)
    return builder.build()


def to_document(source: IndexDocument) -> tantivy.Document:
    """A live document. Only typed adders are used: a value of another type than the field's would kill the writer."""
    document = tantivy.Document()
    document.add_text("union_id", source.union_id)
    document.add_text("live", LIVE)
    document.add_unsigned("revision", source.revision)
    document.add_unsigned("bucket", digests.bucket(source.union_id))
    document.add_unsigned("check", digests.check(source.union_id, source.revision))
    if source.work_id:
        document.add_text("work_id", source.work_id)
        document.add_unsigned(NUMBERED["work_id"], number(source.work_id))
    _add_text(document, source.analysed)
    _add_codes(document, source)
    _add_order(document, source)
    document.add_text(BEGINNINGS, beginnings(source))
    document.add_bytes("names", packed(source))
    return document


def to_tombstone(union_id: str, revision: int) -> tantivy.Document:
    """What stays of a deleted document: its revision, so that a late message does not bring it back."""
    document = tantivy.Document()
    document.add_text("union_id", union_id)
    document.add_unsigned("revision", revision)
    document.add_integer("rank", 0)
    return document


def _add_text(document: tantivy.Document, analysed: AnalysedText) -> None:
    for name in _TEXT_FIELDS:
        text = getattr(analysed, name)
        if text:
            document.add_text(name, text)


def _add_codes(document: tantivy.Document, source: IndexDocument) -> None:
    document.add_text("format", source.format)
    if source.audience:
        document.add_text("audience", source.audience)
    for name, values in (
        ("library", source.libraries),
        ("available_library", source.available_libraries),
        ("language", source.languages),
        ("clc_tree", source.clc_tree),
        ("clc", source.clc),
        ("author_name", source.authors),
        ("subject_name", source.subjects),
    ):
        for value in values:
            document.add_text(name, value)
            if name in NUMBERED:
                document.add_unsigned(NUMBERED[name], number(value))
    for branch in source.availability:
        document.add_text("branch", branch.branch)
        if branch.available:
            document.add_text("available_branch", branch.branch)
    if source.available_libraries:
        document.add_text("available", AVAILABLE)


def _add_order(document: tantivy.Document, source: IndexDocument) -> None:
    if source.year is not None:
        document.add_integer("year", source.year)
    rank = order.rank(source.holdings_count, source.union_id)
    document.add_integer("rank", rank)
    document.add_integer("oldest_first", order.oldest_first(source.year, source.union_id))
    document.add_integer("newest_first", order.newest_first(source.year, source.union_id))
    document.add_text("title_key", order.title_key(source.analysed.sort_title, source.union_id))
    # tantivy multiplies a score by log2(2 + weight); this weight makes the factor 1 + SPREAD * nearness.
    document.add_float("weight", 2 * (2 ** (SPREAD * order.nearness(rank)) - 1))
