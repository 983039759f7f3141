"""The signature of a public beacon's round. The only importer of the pairing library."""

import hashlib
from typing import Final

from py_arkworks_bls12381 import GT, G1Point, G2Point

__all__ = ["QUICKNET_CHAIN", "QUICKNET_GENESIS", "QUICKNET_KEY", "QUICKNET_PERIOD", "is_signed"]

QUICKNET_CHAIN: Final = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET_KEY: Final = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
QUICKNET_GENESIS: Final = 1692803367
QUICKNET_PERIOD: Final = 3
_DOMAIN: Final = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def is_signed(round_number: int, signature: bytes, public_key: bytes) -> bool:
    """Tell whether a signature is the beacon's own of that round.

    Parameters
    ----------
    round_number
        Number of the round, from 1.
    signature
        Compressed point of G1, 48 bytes.
    public_key
        Compressed point of G2, 96 bytes.

    References
    ----------
    drand scheme ``bls-unchained-g1-rfc9380``; RFC 9380, suite BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_.

    Examples
    --------
    >>> is_signed(1, bytes(48), bytes.fromhex(QUICKNET_KEY))
    False
    """
    try:
        point, key = G1Point.from_compressed_bytes(signature), G2Point.from_compressed_bytes(public_key)
    except (TypeError, ValueError):
        return False
    if G1Point.identity() == point or G2Point.identity() == key:
        return False
    message = hashlib.sha256(round_number.to_bytes(8, "big")).digest()
    hashed = G1Point.hash_to_curve(message, _DOMAIN)
    return GT.pairing(point, G2Point()) == GT.pairing(hashed, key)
