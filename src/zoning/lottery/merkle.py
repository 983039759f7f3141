"""Merkle trees: one digest for a whole list, and a short proof that a record is in it."""

import hashlib
from collections.abc import Sequence

__all__ = ["inclusion_proof", "leaf_hash", "node_hash", "proof_root", "tree_root"]


def leaf_hash(data: bytes) -> bytes:
    """Return the digest of one record, 32 bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the digest of two digests, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _level(below: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(a, b) for a, b in zip(below[::2], below[1::2], strict=False)]
    return pairs + ([below[-1]] if len(below) % 2 else [])


def tree_root(records: Sequence[bytes]) -> bytes:
    """Return the root over records in the order given; a last odd digest goes up unchanged.

    References
    ----------
    RFC 6962, section 2.1 (the same tree, built level by level).

    Examples
    --------
    >>> tree_root([]).hex()[:8], tree_root([b""]).hex()[:8]
    ('e3b0c442', '6e340b9c')
    """
    if not records:
        return hashlib.sha256(b"").digest()
    level = [leaf_hash(record) for record in records]
    while len(level) > 1:
        level = _level(level)
    return level[0]


def inclusion_proof(records: Sequence[bytes], at: int) -> tuple[bytes, ...]:
    """Return the digests beside the way from a record to the root, the lowest first.

    Parameters
    ----------
    records
        All records, in order.
    at
        Position of the record, from 0.

    References
    ----------
    RFC 6962, section 2.1.1.

    Examples
    --------
    >>> len(inclusion_proof([b"a", b"b", b"c"], 2))
    1
    """
    level = [leaf_hash(record) for record in records]
    proof = []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            proof.append(level[beside])
        level, at = _level(level), at // 2
    return tuple(proof)


def proof_root(record: bytes, at: int, count: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that a proof leads to; the record is in the list where this is the list's root.

    Parameters
    ----------
    record
        Bytes of the record.
    at, count
        Its position, from 0, and the number of records.
    proof
        Digests as :func:`inclusion_proof` returns them.

    Raises
    ------
    ValueError
        When the proof has too few or too many digests, or there is no such position.

    Examples
    --------
    >>> some = [b"a", b"b", b"c"]
    >>> proof_root(b"c", 2, 3, inclusion_proof(some, 2)) == tree_root(some)
    True
    """
    if not 0 <= at < count:
        raise ValueError("no such record")
    found, rest = leaf_hash(record), list(proof)
    while count > 1:
        if (at ^ 1) < count:
            if not rest:
                raise ValueError("the proof is too short")
            beside = rest.pop(0)
            found = node_hash(beside, found) if at % 2 else node_hash(found, beside)
        at, count = at // 2, (count + 1) // 2
    if rest:
        raise ValueError("the proof is too long")
    return found
