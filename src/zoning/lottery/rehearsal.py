"""Rehearsals: the same draw with a round of the past and a clock that is told; every output is void."""

from dataclasses import replace
from typing import Final

from zoning import messages
from zoning.lottery.beacon import QUICKNET_CHAIN, QUICKNET_GENESIS, QUICKNET_KEY, QUICKNET_PERIOD
from zoning.lottery.manifest import Manifest
from zoning.lottery.seed import LEAST_DICE, Revealed
from zoning.lottery.sources import Dice, Drand

__all__ = ["RECORDED", "VOID", "rehearsed"]

_ROUND: Final = Drand(QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_GENESIS, QUICKNET_PERIOD, 1000)
RECORDED: Final = (
    Revealed("70931846205577192034"),
    Revealed(
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
    ),
)
"""Twenty dice of an example, and the signature of round 1000 of quicknet (2023)."""
VOID: Final = "REHEARSAL - VOID 演练无效"


def rehearsed(terms: Manifest) -> Manifest:
    """Return the terms of a rehearsal: recorded sources, and void in both languages wherever text stands.

    Parameters
    ----------
    terms
        The terms of the draw that is rehearsed.

    Examples
    --------
    >>> rehearsed(Manifest(kind="split", draw="2026", published=0, sources=())).draw
    '2026 REHEARSAL - VOID 演练无效'
    """
    void = messages.text("draw.void")
    return replace(
        terms,
        mode="rehearsal",
        draw=f"{terms.draw} {VOID}",
        purpose=f"{terms.purpose} {VOID}".strip(),
        published=_ROUND.at - 4 * 86_400,
        sources=((Dice(LEAST_DICE, _ROUND.at - 600),), (_ROUND,)),
        rules=replace(terms.rules, void=f"{void.en} {void.zh}"),
    )
