"""What the search does in which order: a fixed plan of work, so that steps done repeat a run exactly."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Fit", "Stretch", "stretches", "until_enough"]

_CHUNKS = 40
_LARGEST_CHUNK = 20_000_000
_FIRST, _LATER, _MOST = 2_000, 8_000, 40_000
_LEAST, _LEAST_A_BLOCK = 8_000_000, 50_000
_FIT_MOVES, _FIT_ROUNDS = 500, 100
_DEFAULT_STRETCHES = 4
_DEFAULT_MOVES = 400_000_000
_LAST_STRETCH = 10


@dataclass(frozen=True, slots=True)
class Fit:
    """Short annealings with prices moved after each, until a plan keeps the rules.

    Parameters
    ----------
    warm
        Temperatures at the start, one after another.
    cold
        Temperature at the end of each.
    moves
        Moves that each chain proposes in one.
    rounds
        How many, at most.
    """

    warm: tuple[float, ...]
    cold: float
    moves: int
    rounds: int

    @classmethod
    def of(cls, blocks: int) -> "Fit":
        """Return the fit of a problem with that many blocks."""
        return cls((10.0, 6.0, 3.0), 0.1, _FIT_MOVES * blocks, _FIT_ROUNDS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One annealing from the best plan so far, and what follows it.

    Parameters
    ----------
    warm, cold
        Temperatures at the start and at the end.
    moves
        Moves that each chain proposes.
    proofs
        Steps that raise the bound afterwards.
    assembles
        Whether the best plan is put together from the pool afterwards.
    push
        Factor on what it costs to be over a limit, while no plan keeps the rules.
    """

    warm: float
    cold: float
    moves: int
    proofs: int = 12
    assembles: bool = True
    push: float = 1.0

    @property
    def pooled_below(self) -> float:
        """Temperature below which zones are worth keeping."""
        return float(self.cold**0.6 * self.warm**0.4)

    def chunks(self) -> Iterator[tuple[tuple[float, float], int]]:
        """Yield temperatures at both ends and moves of each chunk."""
        count = max(_CHUNKS, -(-self.moves // _LARGEST_CHUNK))
        ratio = self.cold / self.warm
        for number in range(count):
            ends = (self.warm * ratio ** (number / count), self.warm * ratio ** ((number + 1) / count))
            yield ends, max(self.moves // count, 1)


def stretches(blocks: int) -> Iterator[Stretch]:
    """Yield what is done one after another, without end: a quick start, then longer and longer cycles.

    A cycle anneals from hot, where the old plan is forgotten but for its best, then from warm and from tepid,
    where it is bettered.

    Parameters
    ----------
    blocks
        Number of blocks.
    """
    least = min(_LEAST, _LEAST_A_BLOCK * blocks)
    yield Stretch(1.0, 0.03, max(_FIRST * blocks, least // 8))
    moves, push = _LATER, 3.0
    for cycle in itertools.count():
        most = max(moves * blocks, least)
        yield Stretch(3.0, 0.03, most, push=push)
        yield Stretch(1.0, 0.03, most // 2, push=push)
        yield Stretch(0.3, 0.01, most // 2, push=push)
        moves = min(int(moves * 1.5), _MOST)
        push = 1.0 if cycle % 3 == 2 else push * 3.0


def until_enough(work: Iterator[Stretch], is_kept: Callable[[], bool]) -> Iterator[Stretch]:
    """Yield the stretches that are done when neither steps nor a time are asked for.

    The quick start and one cycle, fewer on large problems; two cycles more while no plan keeps the rules.

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
        if (enough and is_kept()) or number >= _LAST_STRETCH:
            return
        yield stretch
        moves += stretch.moves
