"""The file into which a desk without a line, without a browser and without a database scans: sealed with a passphrase, only ever added to.

First a line of JSON (version, branch, device, salt, how hard the key is to guess), then a line for each scan: base64url of a nonce and of
AES-256-GCM over the scan, with the head and the number of the line sealed in, so that lines cannot be changed, moved or taken out of the
middle. The key is made of the passphrase by scrypt (RFC 7914). What was written is on the disk before the next scan is read; a last line
that a power cut has torn is left out.
"""

import base64
import binascii
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from union_catalog.errors import InvalidInput, SourceUnusable

VERSION = 1
SHORTEST_PASSPHRASE = 8
_NONCE, _SALT, _KEY = 12, 16, 32
_COST = 1 << 16  # scrypt's N: 64 MiB and a quarter of a second for each guess


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of the file."""

    version: int
    branch: str
    device: str
    salt: str
    cost: int


class Scan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One scan, in the words of the API."""

    id: str
    action: str
    barcode: str
    occurred_at: str
    library: str = ""
    card: str = ""


@dataclass
class OfflineFile:
    """An opened file; ``count`` lines are in it."""

    path: Path
    head: Head
    raw_head: bytes
    key: bytes
    count: int = 0

    def add(self, scan: Scan) -> None:
        """Returns when it is on the disk."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.key).encrypt(nonce, msgspec.json.encode(scan), self._about(self.count))
        with self.path.open("ab") as file:
            file.write(base64.urlsafe_b64encode(nonce + sealed) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.count += 1

    def scans(self) -> Iterator[Scan]:
        """All of them in their order. Raises SourceUnusable("offline_file_spoilt") for what was changed."""
        lines = self.path.read_bytes().split(b"\n")
        for number, line in enumerate(lines[1:-1]):  # after the last line break there is nothing, or a torn line
            yield self._read(number, line)

    def _read(self, number: int, line: bytes) -> Scan:
        try:
            raw = base64.urlsafe_b64decode(line)
            return msgspec.json.decode(AESGCM(self.key).decrypt(raw[:_NONCE], raw[_NONCE:], self._about(number)), type=Scan)
        except (binascii.Error, InvalidTag, ValueError, msgspec.MsgspecError) as error:
            raise SourceUnusable("offline_file_spoilt", path=str(self.path), line=number + 2) from error

    def _about(self, number: int) -> bytes:
        return self.raw_head + b"\n%d" % number


def create(path: Path, branch: str, device: str, passphrase: str) -> OfflineFile:
    """A new file, readable by its owner alone. Raises InvalidInput("short_passphrase"), FileExistsError."""
    demand_long(passphrase)
    salt = base64.urlsafe_b64encode(os.urandom(_SALT)).decode()
    head = Head(version=VERSION, branch=branch, device=device, salt=salt, cost=_COST)
    raw = msgspec.json.encode(head)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(raw + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return OfflineFile(path, head, raw, _key(head, passphrase))


def open_file(path: Path, passphrase: str) -> OfflineFile:
    """One that is there, every line of it checked, a torn last line cut off.

    Raises SourceUnusable: offline_file_unknown for another kind of file, offline_file_spoilt for a wrong passphrase or a changed line.
    """
    head, raw = read_head(path)
    opened = OfflineFile(path, head, raw, _key(head, passphrase))
    opened.count = sum(1 for _ in opened.scans())
    _mend(path)
    return opened


def read_head(path: Path) -> tuple[Head, bytes]:
    """What the file is of, which needs no passphrase. Raises SourceUnusable("offline_file_unknown")."""
    with path.open("rb") as file:
        raw = file.readline(4096).rstrip(b"\n")
    try:
        head = msgspec.json.decode(raw, type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SourceUnusable("offline_file_unknown", path=str(path)) from error
    if head.version != VERSION or not _COST <= head.cost <= 1 << 20:
        raise SourceUnusable("offline_file_unknown", path=str(path))
    return head, raw


def demand_long(passphrase: str) -> None:
    """Raises InvalidInput("short_passphrase")."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput("short_passphrase", name="passphrase", least=SHORTEST_PASSPHRASE)


def _mend(path: Path) -> None:
    whole = path.read_bytes().rfind(b"\n") + 1
    if whole < path.stat().st_size:
        os.truncate(path, whole)


def _key(head: Head, passphrase: str) -> bytes:
    salt = base64.urlsafe_b64decode(head.salt)
    return Scrypt(salt=salt, length=_KEY, n=head.cost, r=8, p=1).derive(passphrase.encode())
