"""The score polish: exchanges within a leaf that bring the classes' score sums closer to their shares."""

from collections.abc import Iterator, Mapping, Sequence

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.deal import Seating, Swap

__all__ = ["follow_polish", "polish_scores"]

Scores = Mapping[str, Sequence[int]]
"""Scores of every subject in tenths, by child."""


def _pairs(seating: Seating) -> Iterator[tuple[str, str]]:
    leaves = sorted({chain[-1] for chain in seating.chains.values()})
    for leaf in leaves:
        free = [sid for sid in seating.order[leaf] if sid not in seating.bound]
        for at, sid in enumerate(free):
            for other in free[at + 1 :]:
                if seating.placed[sid] != seating.placed[other]:
                    yield sid, other


def _excess(seating: Seating, scores: Scores, sizes: Sequence[int]) -> list[list[int]]:
    """Return n x sum of class - size x sum of all, by class and subject, tenths."""
    subjects = range(len(next(iter(scores.values()))))
    sums = [[0 for _ in subjects] for _ in sizes]
    for sid, c in seating.placed.items():
        for j in subjects:
            sums[c - 1][j] += scores[sid][j]
    every = [sum(row[j] for row in sums) for j in subjects]
    n = len(seating.placed)
    return [[n * row[j] - size * every[j] for j in subjects] for row, size in zip(sums, sizes, strict=True)]


def polish_scores(seating: Seating, scores: Scores, limit: int) -> None:
    """Exchange children of one leaf, the first helpful pair first, until none helps or the limit is reached.

    Parameters
    ----------
    seating
        An accepted seating; changed in place.
    scores
        Scores of every subject in tenths, by child.
    limit
        Most exchanges.
    """
    classes = max(seating.placed.values())
    sizes = [list(seating.placed.values()).count(c) for c in range(1, classes + 1)]
    excess, n = _excess(seating, scores, sizes), len(seating.placed)
    done, again = 0, True
    while again and done < limit:
        again = False
        for sid, other in _pairs(seating):
            here, there = excess[seating.placed[sid] - 1], excess[seating.placed[other] - 1]
            gains = [n * (b - a) for a, b in zip(scores[sid], scores[other], strict=True)]
            if sum(d * (h - t + d) for d, h, t in zip(gains, here, there, strict=True)) >= 0:
                continue
            for j, d in enumerate(gains):
                here[j] += d
                there[j] -= d
            seating.exchange(sid, other, "polish")
            done, again = done + 1, True
            if done == limit:
                return


def follow_polish(seating: Seating, swaps: Sequence[Swap], limit: int) -> None:
    """Make the swaps of a published polish, each checked as far as that is possible without scores.

    Parameters
    ----------
    seating
        The seating before the polish; changed in place.
    swaps
        The swaps as published, in order.
    limit
        Most exchanges.

    Raises
    ------
    DrawError
        When there are too many, or one leaves its leaf, moves a bound child or changes nothing.
    """
    if len(swaps) > limit:
        raise DrawError(messages.text("draw.polish_limit", limit=limit))
    for swap in swaps:
        pair = (swap.moved, swap.partner)
        known = all(sid in seating.placed and sid not in seating.bound for sid in pair)
        if (
            not known
            or seating.chains[pair[0]] != seating.chains[pair[1]]
            or seating.placed[pair[0]] == seating.placed[pair[1]]
        ):
            raise DrawError(messages.text("draw.polish_leaf", sid=swap.moved))
        seating.exchange(*pair, "polish")
