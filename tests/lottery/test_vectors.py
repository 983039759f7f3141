"""Published vectors of the standards used, and the worked vectors of the specification page."""

import hashlib
import hmac

import pytest
from py_arkworks_bls12381 import G1Point
from tests.lottery.cases import OTHER_ROUND, OTHER_SIGNATURE, ROUND, SIGNATURE
from tests.lottery.vectors import on_page, worked

from zoning.errors import DrawError
from zoning.lottery import Tickets
from zoning.lottery.beacon import QUICKNET_KEY, is_signed
from zoning.lottery.canonical import decode, encode
from zoning.lottery.merkle import inclusion_proof, proof_root, tree_root

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first 1 to 8 leaves: the test data of the reference implementation of RFC 6962."""


def test_the_page_shows_what_the_code_computes() -> None:
    """Whoever writes a verifier from the page gets vectors that are true today."""
    assert on_page() == worked()


def test_the_beacons_own_rounds_are_accepted() -> None:
    """Two rounds of quicknet, as public repositories record them, verify under its key."""
    key = bytes.fromhex(QUICKNET_KEY)
    assert is_signed(ROUND, bytes.fromhex(SIGNATURE), key)
    assert is_signed(OTHER_ROUND, bytes.fromhex(OTHER_SIGNATURE), key)
    recorded = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
    assert hashlib.sha256(bytes.fromhex(SIGNATURE)).hexdigest() == recorded


def test_no_other_signature_is_accepted() -> None:
    """A signature of another round, of another chain, negated, at infinity or too short is none."""
    key = bytes.fromhex(QUICKNET_KEY)
    fastnet = (
        "b09eacd45767c4d58306b98901ad0d6086e2663766f3a4ec71d00cf26f0f49eaf248abc7151c60cf419c4e8b37e80412"
    )
    negated = f"{int(SIGNATURE[:2], 16) ^ 0x20:02x}{SIGNATURE[2:]}"
    for text in (OTHER_SIGNATURE, fastnet, negated, "c0" + "0" * 94, SIGNATURE[:94], SIGNATURE + "00", ""):
        assert not is_signed(ROUND, bytes.fromhex(text), key), text
    assert not is_signed(ROUND, bytes.fromhex("c0" + "0" * 94), bytes.fromhex("c0" + "0" * 190))
    assert not is_signed(ROUND + 1, bytes.fromhex(SIGNATURE), key)


def test_points_outside_the_group_are_no_signatures() -> None:
    """A point of the curve that is not in the subgroup of prime order never reaches the pairing."""
    found = 0
    for x in range(1, 20):
        data = bytes([0x80]) + bytes(46) + bytes([x])
        try:
            point = G1Point.from_compressed_bytes_unchecked(data)
        except ValueError:
            continue  # not on the curve
        found += not point.is_in_subgroup()
        assert not is_signed(ROUND, data, bytes.fromhex(QUICKNET_KEY))
    assert found


@pytest.mark.parametrize("count", range(1, 9))
def test_roots_are_those_of_the_standard(count: int) -> None:
    """Any tool for RFC 6962 trees finds our root."""
    assert tree_root(LEAVES[:count]).hex() == ROOTS[count - 1]


@pytest.mark.parametrize("count", range(1, 20))
def test_every_record_has_a_proof_and_no_other_has_it(count: int) -> None:
    """A proof leads to the root for its own record at its own place only."""
    records = [b"%d" % n for n in range(count)]
    root = tree_root(records)
    for at, record in enumerate(records):
        proof = inclusion_proof(records, at)
        assert proof_root(record, at, count, proof) == root
        assert proof_root(b"x", at, count, proof) != root
        with pytest.raises(ValueError, match="too long"):
            proof_root(record, at, count, (*proof, b""))
        if proof:
            with pytest.raises(ValueError, match="too short"):
                proof_root(record, at, count, proof[:-1])


def test_there_is_no_proof_of_a_place_beyond_the_list() -> None:
    """Nobody is shown a proof of a record number that does not exist."""
    with pytest.raises(ValueError, match="no such record"):
        proof_root(b"", 3, 3, ())


def test_the_mac_is_the_standards() -> None:
    """The function behind every ticket gives the values of RFC 4231 and, as extractor, of RFC 5869."""
    first = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert hmac.digest(b"\x0b" * 20, b"Hi There", "sha256").hex() == first
    extracted = "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    assert hmac.digest(bytes(range(13)), b"\x0b" * 22, "sha256").hex() == extracted
    message = b"\0\0\0\x01a\0\0\0\x0212"
    inner = hashlib.sha256(b"\x36" * 64 + message).digest()
    assert Tickets(b"").of("a", 12) == hashlib.sha256(b"\x5c" * 64 + inner).digest()


def test_canonical_bytes_are_the_standards() -> None:
    """Strings of RFC 8785, section 3.2.4, have its bytes where they are allowed here at all."""
    assert encode("€$").hex() == "22e282ac2422"
    assert encode('A\'B"\\\\"/').hex() == "224127425c225c5c5c5c5c222f22"
    assert encode({"b": [1, -2], "a": {}}) == b'{"a":{},"b":[1,-2]}'
    assert decode(encode({"name": "甲", "n": 2**53 - 1}), name="x") == {"name": "甲", "n": 2**53 - 1}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "whole number"),
        (None, "whole number"),
        (True, "whole number"),
        (2**53, "whole number"),
        ({"Key": 1}, "lower-case ASCII"),
        ({"钥": 1}, "lower-case ASCII"),
        ("\x0f", "invisible"),
        ("a\n", "invisible"),
        ("\ufeffa", "invisible"),
        ("a\u200b", "invisible"),
        ("\ue000", "private-use"),
        ("\ud800", "invisible"),
        ("e\u0301", "normal form C"),
        ([{"a": "e\u0301"}], r"value\[1\]\.a is not in Unicode normal form C"),
    ],
)
def test_what_has_two_spellings_is_refused(value: object, reason: str) -> None:
    """No two programs can disagree about the bytes of a value that is accepted."""
    with pytest.raises(DrawError, match=reason):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":1}\n',
        b'"\\u0041"',
        b'"\\/"',
        b"\xff",
        b"NaN",
        b"",
        b"[" * 100000,
        b'\xef\xbb\xbf{"a":1}',
    ],
)
def test_files_in_another_form_are_refused(data: bytes) -> None:
    """A file that was opened and saved by another program is told from the published one."""
    with pytest.raises(DrawError, match="not in its canonical form"):
        decode(data, name="roster")
