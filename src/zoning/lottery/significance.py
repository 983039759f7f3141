"""How likely a finding is by chance alone: the p-values of the audit, each with its source."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from zoning.lottery.findings import Spread

__all__ = [
    "adjusted",
    "binomial_ps",
    "multinomial_ps",
    "permutation_p",
    "skewed_ps",
    "spread_around",
    "spread_of",
    "subgroup_ps",
]

_BINS: Final = 28
_ROUNDING: Final = 1e-12
_WIDTH_SD: Final = 4.5
"""Standard deviations beside the chance that a histogram shows at least."""


def adjusted(p: float, tests: int) -> float:
    """Return the p-value of the most striking of several findings.

    Parameters
    ----------
    p
        Of that one finding alone.
    tests
        How many were looked at; none gives 1.

    References
    ----------
    Bonferroni's inequality: one of m findings is as striking by chance with a probability of m p at most,
    however they depend on each other.

    Examples
    --------
    >>> adjusted(0.002, 10), adjusted(0.5, 10), adjusted(0.5, 0)
    (0.02, 1.0, 1.0)
    """
    return min(1.0, p * tests) if tests else 1.0


def binomial_ps(
    counts: npt.NDArray[np.int64], draws: int, chances: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return two-sided p-values of counts over independent draws, float64 of the counts' shape.

    Parameters
    ----------
    counts
        In how many draws something happened.
    draws
        How many there were.
    chances
        Its probability in each.

    References
    ----------
    The exact binomial test (Clopper and Pearson, 1934), the smaller tail doubled. The mean of exchangeable
    items may stand for their chance: an item's difference from it never varies more than around the true
    one, because no correlation among n exchangeable items is below -1 / (n - 1).

    Examples
    --------
    >>> binomial_ps(np.array([5, 10]), 10, np.array([0.5, 0.5])).round(4).tolist()
    [1.0, 0.002]
    """
    from scipy.stats import binom  # noqa: PLC0415 - waits until an audit asks for it

    tails = np.minimum(binom.cdf(counts, draws, chances), binom.sf(counts - 1, draws, chances))
    return np.minimum(1.0, 2 * np.asarray(tails, dtype=np.float64))


def multinomial_ps(
    counts: npt.NDArray[np.int64], chances: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the p-value of each row of counts, float64 [row].

    Parameters
    ----------
    counts
        Draws by row and outcome, int64 [row, outcome]; every row adds up to the number of draws.
    chances
        Probability of each outcome, float64 [outcome].

    References
    ----------
    Pearson's chi-square over independent draws; outcomes that cannot be are left out.

    Examples
    --------
    >>> multinomial_ps(np.array([[50, 50], [70, 30]]), np.array([0.5, 0.5])).round(6).tolist()
    [1.0, 6.3e-05]
    """
    from scipy.stats import chi2  # noqa: PLC0415 - as above

    kept = chances > 0
    expected = counts.sum(axis=1, keepdims=True) * chances[kept]
    statistic = ((counts[:, kept] - expected) ** 2 / expected).sum(axis=1)
    freedom = int(kept.sum()) - 1
    return np.asarray(chi2.sf(statistic, freedom) if freedom else np.ones(len(counts)), dtype=np.float64)


def skewed_ps(scores: npt.NDArray[np.float64], skews: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return two-sided p-values of sums over many draws, float64 of the scores' shape.

    Parameters
    ----------
    scores
        Difference of each sum from its mean, in standard deviations.
    skews
        Skewness of each sum; rare events are skewed, so that a normal tail would accuse fair draws.

    References
    ----------
    Pearson's type III (gamma) distribution with the mean, variance and skewness of the sum; the smaller tail
    doubled.

    Examples
    --------
    >>> skewed_ps(np.array([0.0, 1.96, 4.0]), np.array([0.0, 0.0, 0.3])).round(4).tolist()
    [1.0, 0.05, 0.0006]
    """
    from scipy.stats import pearson3  # noqa: PLC0415 - as above

    tails = np.minimum(pearson3.cdf(scores, skews), pearson3.sf(scores, skews))
    return np.minimum(1.0, 2 * np.asarray(tails, dtype=np.float64))


def subgroup_ps(
    counts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64], fair: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return how far subgroups are from their fair share of each class.

    Parameters
    ----------
    counts
        Children of each subgroup in each class in each draw, int64 [draw, group, class].
    sizes
        Children of each subgroup, int64 [group].
    fair
        Share of all children that each class takes, float64 [class].

    Returns
    -------
    Score in standard errors and p-value, both float64 [group, class].

    References
    ----------
    A binomial law with a dispersion estimated from the draws, pooled over the classes (McCullagh and Nelder,
    Generalized Linear Models, 4.5): strata make shares steadier than lots, and groups make them less steady.
    For equal classes the pooled variance is exact, because an honest split is the same for every numbering
    of the classes.
    """
    draws = len(counts)
    base = sizes[:, None] * fair * (1 - fair)
    off = counts - sizes[:, None] * fair
    ratio = np.divide((off**2).mean(axis=0), base, out=np.zeros_like(base), where=base > 0)
    spread = ratio.sum(axis=1, keepdims=True) / max(1, int((base[0] > 0).sum()))
    errors = np.sqrt(draws * spread * base)
    moved = errors > _ROUNDING * draws
    scores = np.divide(off.sum(axis=0), errors, out=np.zeros_like(base), where=moved)
    skews = np.divide((1 - 2 * fair) * spread, errors, out=np.zeros_like(base), where=moved)
    return np.abs(scores), skewed_ps(scores, skews)


def permutation_p(ours: float, simulated: npt.NDArray[np.float64]) -> float:
    """Return the share of draws at least as extreme as the one that counted.

    Parameters
    ----------
    ours
        A statistic of that draw; large ones are extreme.
    simulated
        The same of re-keyed draws, float64 [draw].

    References
    ----------
    Permutation test, (1 + as extreme) / (1 + draws), which is never too small (Phipson and Smyth, 2010).

    Examples
    --------
    >>> permutation_p(3.0, np.array([1.0, 2.0, 3.0]))
    0.5
    """
    return float((1 + (simulated >= ours - 1e-9).sum()) / (1 + len(simulated)))


def spread_of(counts: npt.NDArray[np.int64], draws: int, chances: npt.NDArray[np.float64]) -> Spread:
    """Return a histogram of counts beside the one that equal chances give.

    Parameters
    ----------
    counts
        In how many draws something happened, int64 [case].
    draws
        How many there were.
    chances
        Probability of each case, float64 [case].

    Examples
    --------
    >>> spread_of(np.array([0, 1, 1, 2]), 2, np.full(4, 0.5)).expected
    (1.0, 2.0, 1.0)
    """
    from scipy.stats import binom  # noqa: PLC0415 - as above

    values, cases = np.unique(chances.round(12), return_counts=True)
    wide = _WIDTH_SD * np.sqrt(draws * values * (1 - values))
    low, high = (np.clip(draws * values + side * wide, 0, draws) for side in (-1, 1))
    first, last = min(int(counts.min()), math.floor(low.min())), max(int(counts.max()), math.ceil(high.max()))
    width = -(-(last - first + 1) // _BINS)
    seen, edges = _bars(counts, first, width, -(-(last - first + 1) // width))
    whole = binom.cdf(edges[:, None] - 0.5, draws, values[None, :]) @ cases
    return Spread(width, first, seen, _steps(whole))


def spread_around(
    off: npt.NDArray[np.float64], errors: npt.NDArray[np.float64], skews: npt.NDArray[np.float64]
) -> Spread:
    """Return a histogram of differences from the mean, in whole draws, beside what equal chances give.

    Parameters
    ----------
    off
        Difference of each count from its mean, draws, float64 [case].
    errors, skews
        Its standard deviation and skewness, float64 [case].

    Examples
    --------
    >>> spread_around(np.array([-1.0, 0.0, 1.0]), np.ones(3), np.zeros(3)).observed
    (0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0)
    """
    from scipy.stats import pearson3  # noqa: PLC0415 - as above

    shown = np.rint(off).astype(np.int64)
    reach = max(int(np.abs(shown).max()), math.ceil(_WIDTH_SD * float(errors.max())))
    width = -(-(2 * reach + 1) // _BINS) // 2 * 2 + 1  # odd, so that nought is the middle of a bar
    side = -(-(reach - width // 2) // width)
    first = -side * width - width // 2
    seen, edges = _bars(shown, first, width, 2 * side + 1)
    laws, cases = np.unique(np.stack([errors, skews]).round(9), axis=1, return_counts=True)
    whole = pearson3.cdf((edges[:, None] - 0.5) / laws[0], laws[1]) @ cases
    return Spread(width, first, seen, _steps(whole))


def _bars(
    shown: npt.NDArray[np.int64], first: int, width: int, bars: int
) -> tuple[tuple[int, ...], npt.NDArray[np.int64]]:
    """Return the cases in each bar, and where each begins and the last one ends."""
    seen = np.bincount((shown - first) // width, minlength=bars)
    return tuple(int(x) for x in seen), first + width * np.arange(bars + 1)


def _steps(whole: npt.NDArray[np.floating]) -> tuple[float, ...]:
    return tuple(float(round(x, 3)) for x in np.diff(whole))
