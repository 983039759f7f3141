"""Constraints: who must share a class, who must not, and which classes are closed to a late child."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError, PolicyError
from zoning.lottery.canonical import check_shape, decode, encode
from zoning.lottery.records import sorted_pairs

__all__ = ["Constraints"]

FORMAT: Final = "lot/constraints/1"
_SHAPE: Final = {
    "closed": [{"class": int, "sid": str}],
    "format": str,
    "separate": [[str]],
    "together": [[str]],
}


@dataclass(frozen=True)
class Constraints:
    """All wishes that bind a draw; equal for equal wishes, whatever their order.

    Parameters
    ----------
    together
        Groups of registration numbers that share a class.
    separate
        Pairs that do not.
    closed
        Child and class that the child may not join; for late batches only.
    """

    together: tuple[tuple[str, ...], ...] = ()
    separate: tuple[tuple[str, ...], ...] = ()
    closed: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "together", sorted_pairs(self.together))
        object.__setattr__(self, "separate", sorted_pairs(self.separate))
        object.__setattr__(self, "closed", tuple(sorted(set(self.closed))))

    @property
    def bound(self) -> frozenset[str]:
        """Children named in any group or pair: they are never moved to make room for others."""
        return frozenset(sid for group in (*self.together, *self.separate) for sid in group)

    @property
    def root(self) -> str:
        """Digest of the list, hex."""
        return hashlib.sha256(FORMAT.encode() + self.octets()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the public file holds them."""
        return {
            "closed": [{"class": number, "sid": sid} for sid, number in self.closed],
            "format": FORMAT,
            "separate": [list(pair) for pair in self.separate],
            "together": [list(group) for group in self.together],
        }

    def octets(self) -> bytes:
        """Return the bytes of the public file."""
        return encode(self.as_json())

    @classmethod
    def of(cls, data: bytes) -> "Constraints":
        """Return the constraints that a public file holds.

        Raises
        ------
        DrawError
            When the file is not canonical, not sorted or has a field that does not belong.
        """
        value = decode(data, name="constraints")
        check_shape(value, _SHAPE, "constraints")
        closed = tuple((item["sid"], item["class"]) for item in value["closed"])
        read = cls(
            tuple(tuple(group) for group in value["together"]),
            tuple(tuple(pair) for pair in value["separate"]),
            closed,
        )
        if read.octets() != data:
            raise DrawError(messages.text("draw.not_canonical", place="constraints"))
        return read

    def check(self, sids: Collection[str]) -> None:
        """Refuse constraints that name strangers or contradict each other.

        Parameters
        ----------
        sids
            The children of the roster.

        Raises
        ------
        DrawError
            When a group has one child, a pair not two, or a child is not on the roster.
        PolicyError
            When a child is in two groups, or must share a class with a child it must not meet.
        """
        known = frozenset(sids)
        for group in (*self.together, *self.separate):
            if len(set(group)) < 2 or len(set(group)) != len(group):
                raise DrawError(messages.text("draw.lone_constraint", sid=group[0] if group else ""))
        for sid in sorted(self.bound | {sid for sid, _ in self.closed}):
            if sid not in known:
                raise DrawError(messages.text("draw.stranger", sid=sid))
        home = {sid: group for group in self.together for sid in group}
        if len(home) != sum(map(len, self.together)):
            twice = next(s for g in self.together for s in g if home[s] != g)
            raise PolicyError(messages.text("draw.two_groups", sid=twice))
        for pair in self.separate:
            if len(pair) != 2:
                raise DrawError(messages.text("draw.lone_constraint", sid=pair[0]))
            if pair[0] in home and pair[1] in home[pair[0]]:
                raise PolicyError(messages.text("draw.contradiction", first=pair[0], second=pair[1]))
