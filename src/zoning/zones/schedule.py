"""What the search does in which order: a plan of work that depends on the problem and on the results alone.

No clock is read, so the steps done repeat a run exactly. How dear a seat too many is while the search is
warm decides much: where seats are scarce it must be dear, or the search ends over them; where a zone has many
blocks it must be cheap, or nothing can move between schools that are all full. Several mixtures are tried in
turn, and those that did best go on.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["POOLED", "Ends", "Fit", "Heat", "Stretch", "heat_rows", "stretches", "until_enough"]

_CHUNKS = 40
_LARGEST_CHUNK = 20_000_000
_FIRST, _LATER, _MOST = 2_000, 16_000, 120_000
_LEAST, _LEAST_A_BLOCK = 8_000_000, 50_000
_FIT_MOVES, _FIT_ROUNDS, _FIT_LEAST, _SCATTERS = 500, 100, 12, 24
_DEFAULT_STRETCHES = 4
_DEFAULT_MOVES = 400_000_000
_LAST_STRETCH, _LAST_MOVES = 12, 3_000_000_000
_TEPID = (0.3, 0.5)

POOLED = 2_000
"""Blocks up to which zones are pooled."""


@dataclass(frozen=True, slots=True)
class Heat:
    """How lax a search is, in units of the median change when a block goes to its second cheapest school.

    Parameters
    ----------
    warmth
        Temperature.
    bend
        How fast the price of a seat falls when seats stay empty, and rises when they are overfull.
    strict
        Price of one mean block over a limit.
    """

    warmth: float
    bend: float
    strict: float

    def towards(self, other: "Heat", share: float) -> "Heat":
        """Return the heat a share (0-1) of the way to another, geometrically.

        Examples
        --------
        >>> Heat(1.0, 1.0, 1.0).towards(Heat(0.01, 1.0, 100.0), 0.5)
        Heat(warmth=0.1, bend=1.0, strict=10.0)
        """
        ends = np.array([self.numbers, other.numbers])
        return Heat(*(float(one) for one in ends[0] ** (1 - share) * ends[1] ** share))

    @property
    def numbers(self) -> tuple[float, float, float]:
        """The three numbers."""
        return self.warmth, self.bend, self.strict


Ends = tuple[Heat, Heat]

_MIXTURES: Final[Mapping[str, Ends]] = {
    "soft": (Heat(0.5, 0.1, 0.03), Heat(0.01, 1.0, 30.0)),
    "even": (Heat(1.0, 1.0, 1.0), Heat(0.01, 10.0, 300.0)),
    "firm": (Heat(3.0, 1.0, 20.0), Heat(0.03, 20.0, 1000.0)),
}
_START: Final[Ends] = (Heat(1.0, 1.0, 20.0), Heat(0.03, 20.0, 1000.0))
_FITS: Final = tuple((Heat(warm, bend, strict), Heat(0.1, 13.0, 400.0)) for warm, bend, strict in (
    (10.0, 0.5, 7.5), (6.0, 0.65, 11.0), (3.0, 1.0, 20.0),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """Short annealings with prices moved after each, until a plan keeps the rules.

    Parameters
    ----------
    moves
        Moves that each chain proposes in one.
    rounds
        How many, at most.
    """

    moves: int
    rounds: int

    @classmethod
    def of(cls, blocks: int) -> "Fit":
        """Return the fit of a problem with that many blocks."""
        moves = min(_FIT_MOVES * blocks, _LARGEST_CHUNK)
        return cls(moves, min(_FIT_ROUNDS, max(_FIT_LEAST, _DEFAULT_MOVES // max(moves, 1))))

    @classmethod
    def scattering(cls, blocks: int) -> "Fit":
        """Return the same in few rounds, to see other zones."""
        return cls(min(_FIT_MOVES * blocks, _LARGEST_CHUNK), _SCATTERS)

    def heats(self, number: int) -> Ends:
        """Return the heat at the start and the end of a round."""
        return _FITS[number % len(_FITS)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One annealing from the best plan so far, and what follows it.

    Parameters
    ----------
    name
        Name of the mixture, empty for one that begins less warm.
    ends
        Heat at the start and at the end.
    moves
        Moves that each chain proposes.
    proofs
        Steps that raise the bound afterwards.
    assembles
        Whether the best plan is put together from the pool afterwards, even where zones have many blocks.
    """

    name: str
    ends: Ends
    moves: int
    proofs: int = 12
    assembles: bool = False

    def chunks(self) -> Iterator[tuple[Ends, int, float]]:
        """Yield heat at both ends, moves, and the share of the way (0-1) that is behind, chunk by chunk."""
        count = max(_CHUNKS, -(-self.moves // _LARGEST_CHUNK))
        for number in range(count):
            first = self.ends[0].towards(self.ends[1], number / count)
            last = self.ends[0].towards(self.ends[1], (number + 1) / count)
            yield (first, last), max(self.moves // count, 1), number / count

    def from_share(self, share: float) -> "Stretch":
        """Return the same from a share (0-1) of the way, where the best plan is bettered rather than left."""
        start = self.ends[0].towards(self.ends[1], share)
        last = share == _TEPID[-1]
        return replace(self, name="", ends=(start, self.ends[1]), moves=self.moves // 2, assembles=last)


def stretches(blocks: int, reached: Mapping[str, float]) -> Iterator[Stretch]:
    """Yield what is done one after another, without end: a quick start, then longer and longer cycles.

    Parameters
    ----------
    blocks
        Number of blocks.
    reached
        Cost that each mixture reached last, pupil-seconds; filled in by the caller between the stretches.
    """
    least = min(_LEAST, _LEAST_A_BLOCK * blocks)
    yield Stretch("start", _START, max(_FIRST * blocks, least // 8))
    moves = _LATER
    order = list(_MIXTURES)
    for cycle in itertools.count():
        most = max(moves * blocks, least)
        every = [Stretch(name, _MIXTURES[name], most) for name in order]
        later = [every[0].from_share(share) for share in _TEPID]
        yield from every if cycle == 0 else (every[0], *later, every[1], *later)
        order.sort(key=lambda name: reached.get(name, math.inf))
        # Where plans are put together from a pool, many short stretches find more than few long ones.
        moves = min(int(moves * (1.1 if blocks <= POOLED else 1.5)), _MOST)


def until_enough(work: Iterator[Stretch], is_kept: Callable[[], bool]) -> Iterator[Stretch]:
    """Yield the stretches that are done when neither steps nor a time are asked for.

    The quick start and one cycle, fewer on large problems; more while no plan keeps the rules.

    Parameters
    ----------
    work
        The stretches.
    is_kept
        Whether a plan keeps the rules by now.
    """
    moves = 0
    for number, stretch in enumerate(work):
        enough = number >= _DEFAULT_STRETCHES or moves >= _DEFAULT_MOVES
        if (enough and is_kept()) or number >= _LAST_STRETCH or moves >= _LAST_MOVES:
            return
        yield stretch
        moves += stretch.moves


def heat_rows(ends: Ends, scale: float) -> npt.NDArray[np.float64]:
    """Return the heat at both ends in pupil-seconds, float64 [2, 3].

    Parameters
    ----------
    ends
        Heat at the start and at the end.
    scale
        The unit, pupil-seconds.
    """
    return np.array([end.numbers for end in ends]) * scale
