"""Counts of children that may be shown: small ones hidden, and never to be had by subtraction."""

from collections.abc import Sequence

__all__ = ["safe_counts"]


def safe_counts(counts: Sequence[int], *, least: int, total_shown: bool = True) -> list[int | None]:
    """Return counts with None for what may not be shown; 0 is shown.

    Where the total is shown too, further counts, the smallest first, are hidden until what all hidden ones
    add up to gives none of them away: at least two, and together at least the threshold.

    Parameters
    ----------
    counts
        Children, whole numbers.
    least
        Counts above 0 and below this are hidden.
    total_shown
        Whether the sum of the counts is shown beside them.

    Examples
    --------
    >>> safe_counts([3, 40, 12, 0], least=5)
    [None, 40, None, 0]
    >>> safe_counts([3, 40, 12, 0], least=5, total_shown=False)
    [None, 40, 12, 0]
    >>> safe_counts([30, 40], least=5)
    [30, 40]
    """
    hidden = {n for n, count in enumerate(counts) if 0 < count < least}
    if hidden and total_shown:
        rest = sorted((n for n, c in enumerate(counts) if c >= least), key=lambda n: (counts[n], n))
        while rest and (len(hidden) < 2 or sum(counts[n] for n in hidden) < least):
            hidden.add(rest.pop(0))
    return [None if n in hidden else count for n, count in enumerate(counts)]
