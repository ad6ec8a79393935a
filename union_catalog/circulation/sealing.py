"""Lines that wait on a device, sealed so that only the server can read them: whoever takes the device away finds nothing to read.

ECIES over P-256, as every browser has it: an ephemeral key agrees with the server's (ECDH), HKDF-SHA-256 makes the key of AES-256-GCM of
it, and the ids of branch, device and line are sealed in, so that a line cannot be passed off as another. A sealed line is base64url of the
ephemeral public key (65 bytes, uncompressed), the nonce (12) and the ciphertext with its tag.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from union_catalog.errors import InvalidInput

_CURVE = ec.SECP256R1()
_INFO = b"union-catalog offline line 1"
_POINT, _NONCE, _PRIVATE = 65, 12, 32


def new_pair() -> tuple[bytes, bytes]:
    """The private half (32 bytes, big endian) and the public one (65 bytes, uncompressed point)."""
    made = ec.generate_private_key(_CURVE)
    private = made.private_numbers().private_value.to_bytes(_PRIVATE, "big")
    return private, made.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(public: bytes, plain: bytes, about: str) -> str:
    """What only :func:`unseal` opens, given the same ``about``."""
    ephemeral, nonce = ec.generate_private_key(_CURVE), os.urandom(_NONCE)
    shared = ephemeral.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public))
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    sealed = AESGCM(_key(shared)).encrypt(nonce, plain, about.encode())
    return base64.urlsafe_b64encode(point + nonce + sealed).decode().rstrip("=")


def unseal(private: bytes, sealed: str, about: str) -> bytes:
    """Raises InvalidInput("sealed_unreadable") for what was not sealed for this key and about this."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw[:_POINT])
        own = ec.derive_private_key(int.from_bytes(private, "big"), _CURVE)
        nonce, told = raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
        return AESGCM(_key(own.exchange(ec.ECDH(), point))).decrypt(nonce, told, about.encode())
    except (ValueError, binascii.Error, InvalidTag) as error:
        raise InvalidInput("sealed_unreadable", name="sealed") from error


def about_line(branch: str, device: str, line: str) -> str:
    """What is sealed in with a line."""
    return f"{branch}\n{device}\n{line}"


def _key(shared: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(shared)
