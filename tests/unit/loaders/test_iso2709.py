"""Cutting ISO 2709: whatever lies between records, and however wrong one of them is, its neighbours come out whole."""

import hashlib
import io
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.formats.iso2709 import BLOCK, KEPT_OF_OVERSIZED, frames
from loaders.formats.model import RawRecord
from tests.unit.loaders.building import cnmarc_record, iso_record

A, B, C = (cnmarc_record(name, title) for name, title in (("A", "甲" * 9), ("B", "乙" * 19), ("C", "丙" * 29)))


def cut(data: bytes, limit: int = 5_000_000) -> list[RawRecord]:
    return list(frames(io.BytesIO(data), limit))


def whole(raws: list[RawRecord]) -> list[bytes]:
    return [raw.data for raw in raws if not raw.fault]


def with_length(record: bytes, length: int) -> bytes:
    return f"{length:05d}".encode() + record[5:]


def test_records_come_with_position_and_offset() -> None:
    raws = cut(A + B + C)
    assert [(raw.position, raw.offset, raw.data) for raw in raws] == [(0, 0, A), (1, len(A), B), (2, len(A + B), C)]


@pytest.mark.parametrize("padding", [b"\r\n", b"\n\n", b"   ", b"\x00\x00", b"\x1a", b"\r\n\x1a", b"\x1d"])
def test_padding_is_passed_over(padding: bytes) -> None:
    raws = cut(padding + A + padding + B + padding)
    assert [raw.data for raw in raws] == [A, B]
    assert raws[1].offset == len(padding + A + padding)


def test_a_byte_order_mark_is_no_record() -> None:
    assert [raw.data for raw in cut(b"\xef\xbb\xbf" + A)] == [A]


@pytest.mark.parametrize("length", [0, 24, 99, len(B) - 1, len(B) + 1, len(B) + len(C), 99999])
def test_a_wrong_length_costs_nothing(length: int) -> None:
    wrong = with_length(B, length)
    assert whole(cut(A + wrong + C)) == [A, wrong, C]


def test_a_length_that_is_no_number() -> None:
    wrong = b"abcde" + B[5:]
    assert [raw.data for raw in cut(A + wrong + C)] == [A, wrong, C]


def test_a_record_terminator_inside_a_field() -> None:
    odd = iso_record(("001", "odd"), ("200", "1 $ab\x1dc"))
    assert whole(cut(A + odd + C)) == [A, odd, C]


def test_a_missing_terminator_does_not_join_two_records() -> None:
    assert [raw.data for raw in cut(A[:-1] + B + C)] == [A[:-1], B, C]


def test_a_record_cut_short_does_not_swallow_the_next() -> None:
    assert [raw.data for raw in cut(A + B[:70] + C)] == [A, B[:70], C]


def test_the_last_record_cut_short_comes_as_it_is() -> None:
    assert [raw.data for raw in cut(A + B[:-30])] == [A, B[:-30]]


def test_junk_between_records_is_told_apart() -> None:
    raws = cut(A + b"-- exported 2024 --" + B)
    assert [(raw.position, raw.data, raw.fault) for raw in raws] == [
        (0, A, ""),
        (1, b"-- exported 2024 --", "no_leader"),
        (2, B, ""),
    ]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\x00" * 100])
def test_nothing_is_no_record(data: bytes) -> None:
    assert cut(data) == []


def test_text_is_one_piece_of_junk() -> None:
    assert [raw.fault for raw in cut("不是 MARC 的文件\n第二行\n".encode() * 50)] == ["no_leader"]


class Endless(io.RawIOBase):
    """A file that is longer than memory should be: a head, then filler made as it is read, then a tail."""

    def __init__(self, head: bytes, filler: int, tail: bytes) -> None:
        self.head, self.left, self.tail, self.largest = io.BytesIO(head), filler, io.BytesIO(tail), 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size)
        if data := self.head.read(size):
            return data
        if self.left:
            taken = min(self.left, size)
            self.left -= taken
            return b"x" * taken
        return self.tail.read(size)


def test_a_record_of_a_hundred_megabytes_is_told_apart_and_its_neighbours_are_kept() -> None:
    head, filler = B[:60], 100_000_000
    stream: BinaryIO = Endless(A + head, filler, b"y\x1d" + C)  # type: ignore[assignment]  # read is all that is asked of it
    raws = list(frames(stream))
    assert [raw.fault for raw in raws] == ["", "oversized", ""]
    assert (raws[0].data, raws[2].data) == (A, C)
    assert raws[1].size == len(head) + filler + 2
    assert len(raws[1].data) == KEPT_OF_OVERSIZED
    digest = hashlib.sha256(head)
    for _ in range(100):
        digest.update(b"x" * (filler // 100))
    digest.update(b"y\x1d")
    assert raws[1].sha256 == digest.hexdigest()
    assert raws[2].offset == len(A) + raws[1].size


def test_an_overlong_record_without_terminator_ends_at_the_next_leader() -> None:
    raws = cut(A + B[:60] + b"z" * (3 * BLOCK) + C, limit=BLOCK)
    assert [(raw.fault, raw.size) for raw in raws] == [("", len(A)), ("oversized", 60 + 3 * BLOCK), ("", len(C))]


def test_a_record_just_over_the_limit_is_told_apart() -> None:
    raws = cut(A + C + B, limit=len(C) - 1)
    assert [(raw.fault, raw.size) for raw in raws] == [("", len(A)), ("oversized", len(C)), ("", len(B))]
    assert raws[1].sha256 == hashlib.sha256(C).hexdigest()


def test_records_longer_than_a_block_are_whole() -> None:
    long = iso_record(("001", "long"), *[("330", "  $a" + "长" * 3000)] * 150)
    assert len(long) > BLOCK
    assert [raw.data for raw in cut(A + long + B)] == [A, long, B]


# Garbage that holds neither a terminator nor the look of a leader: an intact record next to it must come out whole.
_noise = st.binary(max_size=60).map(lambda data: data.replace(b"\x1d", b"").replace(b"22", b"2x"))
_records = st.sampled_from([A, B, C])
_wrong_lengths = st.builds(with_length, _records, st.integers(0, 99999))


@given(st.lists(st.one_of(st.tuples(st.just("ok"), _records), st.tuples(st.just("noise"), _noise)), max_size=12))
def test_intact_records_survive_any_noise(parts: list[tuple[str, bytes]]) -> None:
    expected = [data for kind, data in parts if kind == "ok"]
    raws = cut(b"".join(data for _, data in parts))
    assert [raw.data for raw in raws if not raw.fault and raw.data in (A, B, C)] == expected


@given(st.lists(st.one_of(_records, _wrong_lengths), max_size=10))
def test_wrong_lengths_never_cost_a_record(records: list[bytes]) -> None:
    assert whole(cut(b"".join(records))) == records


@given(st.binary(max_size=400))
def test_any_bytes_are_cut_without_a_crash_and_nothing_but_padding_is_lost(data: bytes) -> None:
    raws = cut(data)
    assert [raw.position for raw in raws] == list(range(len(raws)))
    ends = [0, *(raw.offset + raw.size for raw in raws)]
    starts = [*(raw.offset for raw in raws), len(data)]
    between = b"".join(data[end:start] for end, start in zip(ends, starts, strict=True))
    assert not between.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n\t \x00\x1a\x1d")


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_within_a_small_limit(data: bytes, limit: int) -> None:
    assert all(raw.size <= limit or raw.fault == "oversized" for raw in cut(data, limit))
