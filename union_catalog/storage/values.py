"""Sets of values in a condition, numbers from sequences, packed blobs: the same code on both databases."""

import json
import threading
from collections.abc import Collection
from typing import Any, Self, TypeVar

import msgspec
import zstandard
from sqlalchemy import Boolean, Column, ColumnElement, Connection, Dialect, FromClause, Text, TypeDecorator, bindparam, func, text
from sqlalchemy import column as named_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

Value = TypeVar("Value")


class _Values(TypeDecorator[Collection[Any]]):
    """A whole set as one parameter: an array where the database has them, else a list in JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.kind) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> object:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _IsAmong(FunctionElement[bool]):
    """One column and one parameter; written out in the words of the database only when a statement is compiled."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002  # it brings brackets of its own
        """Itself: compared with 1, as a function that is true or false is on SQLite, it would be found by no index."""
        return self


@compiles(_IsAmong)
def _in_json(element: _IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608  # a name of ours and a place for a parameter


@compiles(_IsAmong, "postgresql")
def _in_array(element: _IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} = ANY({values}))"


def one_of(column: Column[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """``column IN values`` with the whole set as one parameter: one statement text and one plan, however many there are."""
    return _IsAmong(column, bindparam(None, values, type_=_Values(column.type)))


def among(column: Column[Any], name: str) -> ColumnElement[bool]:
    """The same for a statement that is made once: the set is the parameter ``name`` of each execution."""
    return _IsAmong(column, bindparam(name, type_=_Values(column.type)))


def table_of(connection: Connection, values: Collection[Any], kind: TypeEngine[Any]) -> tuple[FromClause, ColumnElement[Any]]:
    """The whole set as one parameter that can be joined like a table, and its column."""
    if connection.dialect.name == "postgresql":
        rows = func.unnest(bindparam(None, list(values), type_=ARRAY(kind))).table_valued(named_column("value", kind)).render_derived()
    else:
        rows = func.json_each(json.dumps(list(values))).table_valued(named_column("value", kind))
    return rows, rows.c.value


def allocate(connection: Connection, sequence: str, count: int) -> range:
    """``count`` numbers that nobody else gets, greater than all handed out before; some may never be used.

    They are a contiguous range on SQLite and also on PostgreSQL, where the sequence is moved on by ``count`` under its own lock.
    """
    if count <= 0:
        return range(0)
    if connection.dialect.name == "postgresql":
        return _allocate_postgresql(connection, sequence, count)
    statement = text(
        "INSERT INTO counter (name, value) VALUES (:name, :count) ON CONFLICT (name) DO UPDATE SET value = value + :count RETURNING value"
    )
    last = connection.execute(statement, {"name": sequence, "count": count}).scalar_one()
    return range(last - count + 1, last + 1)


def _allocate_postgresql(connection: Connection, sequence: str, count: int) -> range:
    # nextval is atomic for one number only; the advisory lock makes the pair nextval, setval one step, and a sequence never rolls back.
    statement = text(
        "SELECT setval(:name, nextval(:name) + :more) FROM (SELECT pg_advisory_xact_lock(7466002)) AS locked"
        if count > 1
        else "SELECT nextval(:name) + :more"
    )
    last = connection.execute(statement, {"name": f"{sequence}_seq", "more": count - 1}).scalar_one()
    return range(last - count + 1, last + 1)


def compress(data: bytes) -> bytes:
    """Zstandard, level 1: about the size that zlib makes of a record, in a third of the time."""
    return _codec.compressor.compress(data)


def decompress(data: bytes) -> bytes:
    """The reverse of :func:`compress`."""
    return _codec.decompressor.decompress(data)


def pack(value: object) -> bytes:
    """MessagePack, compressed where that saves more than it costs."""
    packed = msgspec.msgpack.encode(value)
    return compress(packed) if len(packed) > _WORTH_COMPRESSING else packed


def unpack(blob: bytes, kind: type[Value]) -> Value:
    """The reverse of :func:`pack`: a map of MessagePack never begins as a Zstandard frame does."""
    packed = decompress(blob) if blob.startswith(zstandard.FRAME_HEADER) else blob
    return msgspec.msgpack.decode(packed, type=kind)


_WORTH_COMPRESSING = 1000


class _Codec(threading.local):
    """Compressors are dear to make and not to be shared between threads."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)
        self.decompressor = zstandard.ZstdDecompressor()


_codec = _Codec()
