"""Records of children: the private one, and the public one that shows only a digest of it."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.canonical import check_shape, decode, encode
from zoning.lottery.merkle import tree_root
from zoning.roster import SID, Applicant

__all__ = [
    "Choice",
    "PrivateRecord",
    "PublicRecord",
    "PublicRoster",
    "code_of",
    "new_sid",
    "secret_of",
    "wall_code",
]

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LEAF: Final = b"lot/leaf/1"
_WALL: Final = b"lot/wall/1"
_RECORD: Final = {
    "choices": [{"school": str, "tier": int}],
    "family": str,
    "h": str,
    "path": [str],
    "sid": str,
}
_ROSTER: Final = {"format": str, "records": [_RECORD]}
FORMAT: Final = "lot/roster/1"


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


def code_of(octets: bytes) -> str:
    """Return 16 bytes as 26 characters of Crockford's base 32, the highest digit first.

    Examples
    --------
    >>> code_of(bytes(15) + b"!")
    '00000000000000000000000011'
    """
    number = int.from_bytes(octets, "big")
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def secret_of(code: str) -> bytes:
    """Return the 16 bytes of a receipt code.

    Raises
    ------
    DrawError
        When the code is not 26 characters of Crockford's base 32.

    Examples
    --------
    >>> secret_of("00000000000000000000000011").hex()
    '00000000000000000000000000000021'
    """
    if not SID.fullmatch(code):
        raise _refuse("bad_code")
    number = 0
    for digit in code:
        number = number * 32 + _DIGITS.index(digit)
    return number.to_bytes(16, "big")


def wall_code(code: str) -> str:
    """Return what stands beside a child on a wall list: known to its family, and leading nowhere else.

    The end of the registration number would lead to the child's wishes in the public files.

    Parameters
    ----------
    code
        The child's receipt code.

    Raises
    ------
    DrawError
        When it is no receipt code.

    Examples
    --------
    >>> wall_code("00000000000000000000000011")
    'QN3C'
    """
    digest = hashlib.sha256(_WALL + secret_of(code)).digest()
    return code_of(digest[:16])[1:5]


def new_sid() -> str:
    """Return a new registration number or receipt code, from the system's randomness."""
    return code_of(secrets.token_bytes(16))


def record_digest(octets: bytes, secret: bytes) -> str:
    """Return the digest of a private record's canonical bytes under the child's 16 secret bytes, hex."""
    return hashlib.sha256(_LEAF + secret + octets).hexdigest()


@dataclass(frozen=True, slots=True)
class PrivateRecord:
    """All that the office knows of a child; stays in the private bundle and with the parents.

    Parameters
    ----------
    applicant
        The child as registered.
    """

    applicant: Applicant = field(repr=False)

    def octets(self, place: str = "record") -> bytes:
        """Return the canonical bytes.

        Parameters
        ----------
        place
            What the record is called in a refusal, such as "row 12".
        """
        child = self.applicant
        value = {
            "address": child.address,
            "birth_date": child.birth_date,
            "choices": list(child.choices),
            "format": "lot/private/1",
            "gender": child.gender or "",
            "kindergarten": child.kindergarten,
            "name": child.name,
            "need": child.need,
            "registered_at": child.registered_at,
            "scores": [{"subject": subject, "tenths": tenths} for subject, tenths in child.scores],
            "sid": child.sid,
            "tier": child.tier,
            "together": int(child.together),
            "twin_group": child.twin_group,
        }
        return encode(value, place=place)

    def digest(self, secret: bytes, place: str = "record") -> str:
        """Return what the public record shows: the digest under the child's secret, hex.

        Parameters
        ----------
        secret
            The child's 16 secret bytes.
        place
            What the record is called in a refusal.
        """
        return record_digest(self.octets(place), secret)


@dataclass(frozen=True, slots=True)
class Choice:
    """One school that a family asks for.

    Parameters
    ----------
    school
        Public id of the school.
    tier
        The child's priority tier there, 1 first.
    """

    school: str
    tier: int


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What everybody may see of a child.

    Parameters
    ----------
    sid
        Registration number.
    h
        Digest of the private record, hex.
    path
        Opaque labels of the strata from below the root to the leaf.
    choices
        Schools in the family's order; empty in a class split.
    family
        Lowest ``sid`` of the children who share a ticket in a seat draw; the child's own without twins,
        empty in a class split.
    """

    sid: str
    h: str
    path: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    family: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the roster file holds them."""
        return {
            "choices": [{"school": c.school, "tier": c.tier} for c in self.choices],
            "family": self.family,
            "h": self.h,
            "path": list(self.path),
            "sid": self.sid,
        }


def _record(data: dict[str, Any]) -> PublicRecord:
    choices = tuple(Choice(c["school"], c["tier"]) for c in data["choices"])
    return PublicRecord(data["sid"], data["h"], tuple(data["path"]), choices, data["family"])


@dataclass(frozen=True)
class PublicRoster:
    """The public records of one draw, sorted by ``sid``; equal for equal children, whatever the row order.

    Parameters
    ----------
    records
        One a child.
    """

    records: tuple[PublicRecord, ...]

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.records, key=lambda record: record.sid))
        object.__setattr__(self, "records", ordered)
        for before, after in pairwise(ordered):
            if before.sid == after.sid:
                raise _refuse("same_sid", sid=after.sid)
        for record in ordered:
            if not SID.fullmatch(record.sid):
                raise _refuse("bad_sid", sid=record.sid)
            if not re.fullmatch(r"[0-9a-f]{64}", record.h):
                raise _refuse("wrong_shape", place=f"records.{record.sid}.h")

    def __len__(self) -> int:
        return len(self.records)

    @cached_property
    def sids(self) -> tuple[str, ...]:
        """Registration numbers, sorted."""
        return tuple(record.sid for record in self.records)

    @cached_property
    def root(self) -> str:
        """Root of the Merkle tree over the records, hex."""
        return tree_root([encode(record.as_json()) for record in self.records]).hex()

    def octets(self) -> bytes:
        """Return the bytes of the public file."""
        return encode({"format": FORMAT, "records": [record.as_json() for record in self.records]})

    @classmethod
    def of(cls, data: bytes) -> "PublicRoster":
        """Return the roster that a public file holds.

        Raises
        ------
        DrawError
            When the file is not canonical, has a field that does not belong or is not sorted.
        """
        value = decode(data, name="roster")
        check_shape(value, _ROSTER, "roster")
        roster = cls(tuple(_record(record) for record in value["records"]))
        if value["format"] != FORMAT or [r["sid"] for r in value["records"]] != list(roster.sids):
            raise _refuse("not_canonical", place="roster")
        return roster


def sorted_pairs(pairs: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Return groups of registration numbers, each sorted, the list sorted and without repeats."""
    return tuple(sorted({tuple(sorted(pair)) for pair in pairs}))
