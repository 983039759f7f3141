"""The seed: sources that nobody controls alone, bound to the commitment, and one key a stage."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.canonical import lengthened
from zoning.lottery.sources import Balls, Dice, Source

__all__ = [
    "BALLS",
    "LEAST_BITS",
    "LEAST_DICE",
    "Ladder",
    "Revealed",
    "check_balls",
    "check_sources",
    "draw_key",
    "stage_key",
]

LEAST_BITS: Final = 128
LEAST_DICE: Final = 20
BALLS: Final = 3
"""Balls of the low-tech mode: they choose one of 1,000 splits."""
Ladder = tuple[Source, ...]
"""The source named, then those that stand in for it, in order."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """What one source said.

    Parameters
    ----------
    value
        Digits thrown, signature in hex, or numbers drawn.
    rung
        Which rung of the source's ladder said it; 0 is the source named.
    """

    value: str
    rung: int = 0


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


def check_sources(ladders: Sequence[Ladder]) -> None:
    """Refuse sources that are too few, too weak or in the wrong order, whatever rung is used.

    Parameters
    ----------
    ladders
        The sources in order: dice first, beacons or lotteries last.

    Raises
    ------
    DrawError
        When dice do not come first (also in time) or are too few, no beacon or lottery comes last, a stand-in
        speaks before what it stands in for, or all count for fewer than 128 bits.

    Examples
    --------
    >>> check_sources(((Dice(6, 0),),))
    Traceback (most recent call last):
    zoning.errors.DrawError: The sources must be dice first and a beacon or lottery last...
    """
    if len(ladders) < 2 or not all(ladders):
        raise _refuse("source_order")
    if any(isinstance(rung, Balls) for ladder in ladders for rung in ladder):
        raise _refuse("balls")
    if any(first.at >= later.at for ladder in ladders for first, later in pairwise(ladder)):
        raise _refuse("rung_order")
    kinds = [{isinstance(rung, Dice) for rung in ladder} for ladder in ladders]
    first = kinds.index({False}) if {False} in kinds else 0
    if not first or kinds != [{True}] * first + [{False}] * (len(kinds) - first):
        raise _refuse("source_order")
    thrown, rest = (
        [rung for ladder in part for rung in ladder] for part in (ladders[:first], ladders[first:])
    )
    if max(rung.at for rung in thrown) >= min(rung.at for rung in rest):
        raise _refuse("source_order")
    bits = sum(min(rung.bits for rung in ladder) for ladder in ladders)
    if bits < LEAST_BITS or any(isinstance(rung, Dice) and rung.count < LEAST_DICE for rung in thrown):
        raise _refuse("weak_seed", bits=bits, least=LEAST_BITS, dice=LEAST_DICE)


def check_balls(ladders: Sequence[Ladder]) -> None:
    """Refuse sources of the low-tech mode that are not three balls and nothing else.

    Parameters
    ----------
    ladders
        The sources.

    Raises
    ------
    DrawError
        When there are others, or other than three balls.

    Examples
    --------
    >>> check_balls(((Balls(3, 0),),))
    """
    if len(ladders) != 1 or len(ladders[0]) != 1:
        raise _refuse("balls")
    only = ladders[0][0]
    if not isinstance(only, Balls) or only.count != BALLS:
        raise _refuse("balls")


def _chosen(ladders: Sequence[Ladder], revealed: Sequence[Revealed]) -> list[Source]:
    if len(revealed) != len(ladders):
        raise _refuse("missing_source", given=len(revealed), named=len(ladders))
    for ladder, said in zip(ladders, revealed, strict=True):
        if not 0 <= said.rung < len(ladder):
            raise _refuse("other_source", rung=said.rung)
    return [ladder[said.rung] for ladder, said in zip(ladders, revealed, strict=True)]


def earliest(ladders: Sequence[Ladder], revealed: Sequence[Revealed]) -> int:
    """Return when the last of the sources used speaks, seconds since 1970 UTC.

    Raises
    ------
    DrawError
        When a source is missing or a rung does not exist.
    """
    return max(source.at for source in _chosen(ladders, revealed))


def draw_key(commitment: bytes, ladders: Sequence[Ladder], revealed: Sequence[Revealed]) -> bytes:
    """Return the key of a draw, 32 bytes.

    Parameters
    ----------
    commitment
        SHA-256 of the manifest, the salt.
    ladders
        The sources as the manifest names them.
    revealed
        What each of them said.

    Raises
    ------
    DrawError
        When a source is missing, empty, zero, not the one named or not signed by its beacon.

    References
    ----------
    RFC 5869, HKDF-Extract: HMAC-SHA-256(salt, input).
    """
    chosen = _chosen(ladders, revealed)
    octets = (source.octets(said.value) for source, said in zip(chosen, revealed, strict=True))
    return hmac.digest(commitment, b"".join(map(lengthened, octets)), "sha256")


def stage_key(key: bytes, stage: str) -> bytes:
    """Return the key of one stage, 32 bytes.

    Parameters
    ----------
    key
        Key of the draw.
    stage
        ``split``, ``seat``, ``teacher``, ``inspect`` or ``late:<batch>``.

    Examples
    --------
    >>> stage_key(bytes(32), "split").hex()[:16]
    '06a002da0017bd84'
    """
    return hmac.digest(key, b"lot/1/" + stage.encode(), "sha256")
