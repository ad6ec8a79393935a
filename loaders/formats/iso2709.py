"""Cutting an ISO 2709 file into records, tolerantly: one bad record never costs its neighbours.

The record terminator 1D is trusted before the length in the leader, because the length is what exporting programs get
wrong; none of the encodings in use (UTF-8, GB18030, Big5, MARC-8) has 1D, 1E or 1F inside a character. The length is
believed only where it explains a 1D inside a record, and the look of a leader tells where a record begins whose
predecessor lost its terminator.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from loaders.formats.model import RawRecord

BLOCK = 1 << 20
DEFAULT_LIMIT = 5_000_000
KEPT_OF_OVERSIZED = 1 << 16

# Length, status and type, the indicator and subfield lengths 2 and 2, base address, entry map "45". Enough to tell a leader from text.
LEADER = re.compile(rb"[0-9]{5}[ -~]{5}22[0-9 ]{5}[ -~]{3}45[0 ][0 ]")
_LEADER_SPAN = 24
_PADDING = b"\r\n\t \x00\x1a\x1d"
_BOM = b"\xef\xbb\xbf"


def frames(stream: BinaryIO, limit: int = DEFAULT_LIMIT) -> Iterator[RawRecord]:
    """Every record of the stream in order, in memory bounded by ``limit`` bytes and one block.

    Padding between records (line ends, blanks, NUL, end-of-file marks) is skipped; anything else that is no record comes as one with fault
    "no_leader". A record over ``limit`` comes with fault "oversized", its first 64 KB, its size and its digest.
    """
    return _Cutter(stream, limit).run()


class _Cutter:
    """The buffer, where it begins in the file, and the ordinal of the next record."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.stream, self.limit = stream, limit
        self.buffer, self.base, self.at, self.position, self.ended = b"", 0, 0, 0, False

    def run(self) -> Iterator[RawRecord]:
        if self._fill() and self.buffer.startswith(_BOM):
            self.at = len(_BOM)
        while self._skip_padding():
            end = self.buffer.find(b"\x1d", self.at)
            if end >= 0:
                yield from self._chunk(end + 1)
            elif not self._fill():
                yield from self._pieces(self.at, len(self.buffer))
                return
            elif len(self.buffer) - self.at > self.limit:
                yield self._oversized()

    def _fill(self) -> bool:
        """One more block, what was consumed dropped; False at the end of the file."""
        block = self.stream.read(BLOCK)
        if not block:
            self.ended = True
            return False
        self.buffer, self.base, self.at = self.buffer[self.at :] + block, self.base + self.at, 0
        return True

    def _skip_padding(self) -> bool:
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in _PADDING:
                self.at += 1
            if self.at < len(self.buffer):
                return True
            if not self._fill():
                return False

    def _chunk(self, end: int) -> Iterator[RawRecord]:
        """The bytes up to the next terminator: nearly always one record of the length that its leader tells."""
        told = self.buffer[self.at : self.at + 5]
        length = int(told) if told.isdigit() else 0
        if length == end - self.at:
            yield self._frame(self.at, end)
        elif length > end - self.at and (whole := self._terminator_inside(length, end)):
            yield self._frame(self.at, whole)
            end = whole
        else:
            yield from self._pieces(self.at, end)
        self.at = end

    def _terminator_inside(self, length: int, end: int) -> int:
        """The end that the leader tells, if a 1D stands there and what follows the first 1D is no record of its own; else 0."""
        while len(self.buffer) < self.at + length + 1 and self._fill():
            pass
        stop = self.at + length
        follows = self.buffer[end : end + _LEADER_SPAN + 8].lstrip(_PADDING)
        if self.buffer[stop - 1 : stop] != b"\x1d" or not follows or LEADER.match(follows) or stop > len(self.buffer):
            return 0
        return 0 if LEADER.search(self.buffer, end, stop) else stop

    def _pieces(self, start: int, end: int) -> Iterator[RawRecord]:
        """A chunk whose length is wrong, cut before every leader found inside it."""
        cuts = [found.start() for found in LEADER.finditer(self.buffer, start, end)]
        if not cuts and not _looks_like_record(self.buffer[start:end]):
            yield from self._junk(start, end)
            return
        first = cuts[0] if cuts else start
        if first > start:
            yield from self._junk(start, first)
        starts = cuts or [start]
        for left, right in zip(starts, [*starts[1:], end], strict=True):
            yield self._frame(left, right)

    def _junk(self, start: int, end: int) -> Iterator[RawRecord]:
        if self.buffer[start:end].strip(_PADDING):
            yield self._frame(start, end, "no_leader")

    def _frame(self, start: int, end: int, fault: str = "") -> RawRecord:
        data = self.buffer[start:end]
        position, self.position = self.position, self.position + 1
        if len(data) <= self.limit:
            return RawRecord(position, self.base + start, data, fault, len(data))
        digest = hashlib.sha256(data).hexdigest()
        return RawRecord(position, self.base + start, data[:KEPT_OF_OVERSIZED], "oversized", len(data), digest)

    def _oversized(self) -> RawRecord:
        """Past the limit without a terminator: hashed and dropped block by block up to the next terminator or leader."""
        offset, kept, digest, size = (
            self.base + self.at,
            self.buffer[self.at : self.at + KEPT_OF_OVERSIZED],
            hashlib.sha256(),
            0,
        )
        searched = self.at + _LEADER_SPAN
        while (end := self._next_boundary(searched)) < 0:
            digest.update(self.buffer[self.at : -_LEADER_SPAN])
            size += len(self.buffer) - _LEADER_SPAN - self.at
            self.at = searched = len(self.buffer) - _LEADER_SPAN
            if not self._fill():
                end = len(self.buffer)
                break
            searched = 0
        digest.update(self.buffer[self.at : end])
        size += end - self.at
        self.at = end
        position, self.position = self.position, self.position + 1
        return RawRecord(position, offset, kept, "oversized", size, digest.hexdigest())

    def _next_boundary(self, start: int) -> int:
        """Where an overlong record ends in the buffer: after its terminator or before the next leader; -1 if not here."""
        end = self.buffer.find(b"\x1d", start)
        leader = LEADER.search(self.buffer, start, end if end >= 0 else len(self.buffer))
        return leader.start() if leader else end + 1 if end >= 0 else -1


def _looks_like_record(data: bytes) -> bool:
    """Without a good leader: still a record if a directory of digits stands before the first field terminator."""
    directory = data[24 : data.find(b"\x1e", 24)]
    return b"\x1e" in data[24:] and sum(48 <= byte <= 57 for byte in directory) * 2 >= len(directory)
