"""The transcript: what a draw said, in the bytes that are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.canonical import check_shape, decode, encode
from zoning.lottery.deal import Swap
from zoning.lottery.merkle import tree_root
from zoning.lottery.seed import Revealed

__all__ = ["Transcript"]

FORMAT: Final = "lot/transcript/1"
_SHAPE: Final = {
    "attempt": int,
    "commitment": str,
    "format": str,
    "key": str,
    "result": [{"id": str, "to": str}],
    "root": str,
    "seed": [{"rung": int, "value": str}],
    "stage": str,
    "swaps": [{"moved": str, "partner": str, "why": str}],
    "void": int,
}


@dataclass(frozen=True)
class Transcript:
    """Everything that a draw publishes beside the committed files; equal draws have equal bytes.

    Parameters
    ----------
    commitment
        Of the manifest, hex.
    stage, key
        Name of the stage, and its key, hex.
    void
        Whether it was a rehearsal.
    seed
        What the sources said, in order.
    attempt
        The attempt that counted; 0 where there are none.
    swaps
        Exchanges, in order.
    result
        Id and where it goes (class number, school or nothing), sorted by id.
    """

    commitment: str
    stage: str
    key: str
    void: bool
    seed: tuple[Revealed, ...]
    attempt: int
    swaps: tuple[Swap, ...]
    result: tuple[tuple[str, str], ...]

    @cached_property
    def root(self) -> str:
        """Root of the Merkle tree over the result, hex."""
        return tree_root([encode(item) for item in self._items()]).hex()

    def _items(self) -> list[dict[str, Any]]:
        return [{"id": name, "to": goal} for name, goal in self.result]

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the public file holds them."""
        return {
            "attempt": self.attempt,
            "commitment": self.commitment,
            "format": FORMAT,
            "key": self.key,
            "result": self._items(),
            "root": self.root,
            "seed": [{"rung": said.rung, "value": said.value} for said in self.seed],
            "stage": self.stage,
            "swaps": [{"moved": s.moved, "partner": s.partner, "why": s.why} for s in self.swaps],
            "void": int(self.void),
        }

    def octets(self) -> bytes:
        """Return the bytes of the public file."""
        return encode(self.as_json(), place="transcript")

    def polish(self) -> Sequence[Swap]:
        """Return the swaps of the score polish."""
        return [swap for swap in self.swaps if swap.why == "polish"]

    @classmethod
    def of(cls, data: bytes) -> "Transcript":
        """Return the transcript that a public file holds.

        Raises
        ------
        DrawError
            When the file is not canonical, has a field too few or too many, or its root is not its result's.
        """
        value = decode(data, name="transcript")
        check_shape(value, _SHAPE, "transcript")
        read = cls(
            value["commitment"],
            value["stage"],
            value["key"],
            bool(value["void"]),
            tuple(Revealed(said["value"], said["rung"]) for said in value["seed"]),
            value["attempt"],
            tuple(Swap(s["moved"], s["partner"], s["why"]) for s in value["swaps"]),
            tuple((item["id"], item["to"]) for item in value["result"]),
        )
        if read.octets() != data:
            raise DrawError(messages.text("draw.tampered", place="root"))
        return read
