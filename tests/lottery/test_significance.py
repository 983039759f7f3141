"""The p-values of the audit: right where they can be computed otherwise, not too small in the long run."""

import numpy as np
import pytest
from scipy.stats import binomtest, hypergeom

from zoning.lottery.significance import (
    adjusted,
    binomial_ps,
    skewed_ps,
    spread_around,
    spread_of,
    subgroup_ps,
)


@pytest.mark.parametrize(("count", "chance"), [(0, 0.1), (5, 0.5), (12, 0.9), (40, 0.3), (3, 1e-3)])
def test_binomial_values_are_twice_the_smaller_tail(count: int, chance: float) -> None:
    """The two-sided value is twice what an independent test gives for the nearer side, at most 1."""
    sides = [binomtest(count, 40, chance, alternative=side).pvalue for side in ("less", "greater")]
    assert binomial_ps(np.array([count]), 40, np.array([chance]))[0] == pytest.approx(min(1, 2 * min(sides)))


def test_a_skewed_tail_is_that_of_rare_events() -> None:
    """Many times what is expected of a rare event is not as rare as a normal law would have it."""
    draws = hypergeom(40, 4, 3)
    mean, variance, skew = (float(x) for x in draws.stats("mvs"))
    total = 400
    rng = np.random.default_rng(3)
    sums = draws.rvs(size=(20_000, total), random_state=rng).sum(axis=1)
    scores = (sums - total * mean) / np.sqrt(total * variance)
    ps = skewed_ps(scores, np.full(len(scores), skew / np.sqrt(total)))
    for level in (0.1, 0.01, 0.001):
        assert (ps <= level).mean() <= 1.35 * level + 4 * np.sqrt(level / 20_000)


@pytest.mark.parametrize(("draws", "size"), [(60, 1), (300, 1), (300, 12)])
def test_fair_subgroups_are_rarely_accused(draws: int, size: int) -> None:
    """Of 300 fair simulations about three have a most striking subgroup with a p-value below 0.01."""
    rng = np.random.default_rng(draws + size)
    fair = np.full(12, 1 / 12)
    sizes = np.full(20, size)
    found = []
    for _ in range(300):
        counts = rng.multinomial(size, fair, size=(draws, 20))
        _, ps = subgroup_ps(counts, sizes, fair)
        found.append(adjusted(float(ps.min()), ps.size))
    assert sum(p < 0.01 for p in found) <= 11


def test_a_histogram_loses_no_case() -> None:
    """Every case stands in a bar, what is expected adds up to all, and both agree where chances are fair."""
    rng = np.random.default_rng(5)
    chances = rng.choice([0.1, 0.35, 0.8], size=3000)
    counts = rng.binomial(1000, chances)
    errors = np.sqrt(1000 * chances * (1 - chances))
    around = spread_around(counts - 1000 * chances, errors, (1 - 2 * chances) / errors)
    for found in (spread_of(counts, 1000, chances), around):
        assert sum(found.observed) == 3000
        assert sum(found.expected) == pytest.approx(3000, abs=0.5)
        assert len(found.observed) == len(found.expected) <= 29
        off = [
            (seen - due) ** 2 / due
            for seen, due in zip(found.observed, found.expected, strict=True)
            if due > 5
        ]
        assert sum(off) < len(off) + 4 * np.sqrt(2 * len(off))
