"""Cutting MARCXML into records by their tags, before any XML parser sees it.

A parser stops at the first fault and what comes after is lost; cut first, a bad record costs only itself, the bytes stay
verbatim, memory is bounded by one record, and nothing can expand: a document type declaration, the only way to an entity
bomb, is refused. Works for every encoding in which ASCII is ASCII.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from loaders.formats.iso2709 import BLOCK, DEFAULT_LIMIT, KEPT_OF_OVERSIZED
from loaders.formats.model import RawRecord

_MARK = re.compile(rb"<(/?)(?:[A-Za-z_][\w.\-]*:)?record(?=[\s/>])[^<>]*>|<!--|<!\[CDATA\[")
_CONTENT = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?(?:leader|controlfield|datafield)\b")
_LONGEST_MARK = 1024


def frames(stream: BinaryIO, limit: int = DEFAULT_LIMIT) -> Iterator[RawRecord]:
    """Every ``record`` element in order. One whose end tag is missing comes with fault "xml_malformed", one over the limit "oversized"."""
    return _Cutter(stream, limit).run()


class _Cutter:
    """The buffer, where it begins in the file, where the open record begins in it (-1: none), and how far it was searched."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.stream, self.limit = stream, limit
        self.buffer, self.base, self.searched, self.begun, self.position = b"", 0, 0, -1, 0

    def run(self) -> Iterator[RawRecord]:
        while True:
            found = _MARK.search(self.buffer, self.searched)
            if found is None:
                if not self._fill():
                    break
                if self.begun >= 0 and len(self.buffer) - self.begun > self.limit:
                    yield self._oversized()
            elif found.group().startswith(b"<!"):
                if not self._skip(found, b"-->" if found.group() == b"<!--" else b"]]>"):
                    self.searched = found.end()
            elif found.group(1):
                yield from self._close(found.end())
            else:
                yield from self._open(found)
        if self.begun >= 0:
            yield self._frame(self.begun, len(self.buffer), "xml_malformed")

    def _fill(self) -> bool:
        """One more block; what no record needs any more is dropped. False at the end of the file."""
        block = self.stream.read(BLOCK)
        if not block:
            return False
        keep = self.begun if self.begun >= 0 else max(self.searched, len(self.buffer) - _LONGEST_MARK)
        resume = max(self.searched, len(self.buffer) - _LONGEST_MARK, keep)
        self.buffer, self.base = self.buffer[keep:] + block, self.base + keep
        self.searched, self.begun = resume - keep, 0 if self.begun >= 0 else -1
        return True

    def _skip(self, found: re.Match[bytes], end: bytes) -> bool:
        """Past a comment or character data; False if it does not end within a limit, and so is no such thing."""
        start = found.start()
        while (at := self.buffer.find(end, start)) < 0:
            before = self.base
            self.searched = min(self.searched, start) if self.begun < 0 else self.searched
            if len(self.buffer) - start > self.limit or not self._fill_from(start):
                return False
            start -= self.base - before
        self.searched = at + len(end)
        return True

    def _fill_from(self, start: int) -> bool:
        """One more block, keeping everything from ``start`` on."""
        block = self.stream.read(BLOCK)
        keep = min(start, self.begun) if self.begun >= 0 else start
        self.buffer, self.base = self.buffer[keep:] + block, self.base + keep
        self.searched = max(self.searched - keep, 0)
        self.begun = self.begun - keep if self.begun >= 0 else -1
        return bool(block)

    def _open(self, found: re.Match[bytes]) -> Iterator[RawRecord]:
        """A start tag. Inside an open record it means that the end tag of that one is missing, or that it was only a wrapper (OAI-PMH)."""
        if self.begun >= 0 and _CONTENT.search(self.buffer, self.begun, found.start()):
            yield self._frame(self.begun, found.start(), "xml_malformed")
        self.begun, self.searched = found.start(), found.end()
        if found.group().endswith(b"/>"):
            yield from self._close(found.end())

    def _close(self, end: int) -> Iterator[RawRecord]:
        self.searched = end
        if self.begun >= 0:
            yield self._frame(self.begun, end)
            self.begun = -1

    def _frame(self, start: int, end: int, fault: str = "") -> RawRecord:
        data = self.buffer[start:end]
        position, self.position = self.position, self.position + 1
        if len(data) <= self.limit:
            return RawRecord(position, self.base + start, data, fault, len(data))
        digest = hashlib.sha256(data).hexdigest()
        return RawRecord(position, self.base + start, data[:KEPT_OF_OVERSIZED], "oversized", len(data), digest)

    def _oversized(self) -> RawRecord:
        """Past the limit without an end tag: hashed and dropped block by block up to the next tag of a record."""
        offset, kept = self.base + self.begun, self.buffer[self.begun : self.begun + KEPT_OF_OVERSIZED]
        digest, size, at, search = hashlib.sha256(), 0, self.begun, self.searched
        while (found := _MARK.search(self.buffer, search)) is None or found.group().startswith(b"<!"):
            search = found.end() if found else max(at, len(self.buffer) - _LONGEST_MARK)
            if found:
                continue
            digest.update(self.buffer[at:search])
            size += search - at
            self.begun, self.searched = -1, search
            if not self._fill_from(search):
                break
            at = search = 0
        end = (found.end() if found.group(1) else found.start()) if found else len(self.buffer)
        digest.update(self.buffer[at:end])
        size += end - at
        self.begun, self.searched = -1, end
        position, self.position = self.position, self.position + 1
        return RawRecord(position, offset, kept, "oversized", size, digest.hexdigest())
