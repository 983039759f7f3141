"""The process of sample paths a second time, in plain numpy with numpy's random numbers: slow and short."""

import numpy as np

from zoning.forecast import Dispersion

CELL, UNIT, TOWN, SYSTEM = range(4)


def plain_paths(
    course: np.ndarray, town: np.ndarray, dispersion: Dispersion, paths: int, seed: int
) -> np.ndarray:
    """Return children [path, unit, grade, step] of a course [unit, grade, step] without gaps."""
    rng = np.random.default_rng(seed)
    units, grades, steps = course.shape
    z = dispersion.quantiles()
    lasting, fresh = dispersion.lasting, dispersion.fresh

    def shocks(sd: float, *shape: int) -> np.ndarray:
        return sd * rng.choice(z, (paths, *shape))

    def mean(sd: float) -> float:
        return float(np.exp(sd * z).mean())

    def cumulated(level: int, members: int) -> np.ndarray:
        """Factors [path, member, step]."""
        again, new = shocks(lasting[level], members), shocks(fresh[level], members, steps - 1)
        found = np.ones((paths, members, steps))
        for h in range(1, steps):
            log = h * again + new[:, :, :h].sum(axis=2)
            found[:, :, h] = np.exp(log) / (mean(h * lasting[level]) * mean(fresh[level]) ** h)
        return found

    def entering(level: int, members: int) -> np.ndarray:
        """Factors [path, member, step] of the cohorts that enter the lowest grade."""
        return np.exp(shocks(dispersion.entry[level], members, steps)) / mean(dispersion.entry[level])

    whole = cumulated(UNIT, units) * cumulated(TOWN, town.max() + 1)[:, town] * cumulated(SYSTEM, 1)
    enters = entering(CELL, units) * entering(UNIT, units)
    enters = enters * entering(TOWN, town.max() + 1)[:, town] * entering(SYSTEM, 1)
    # A cell's own shocks belong to a grade of a unit; each is met once by a cohort.
    again = np.exp(shocks(lasting[CELL], units, grades))
    new = np.exp(shocks(fresh[CELL], units, grades, steps)) / mean(fresh[CELL])
    found = np.zeros((paths, units, grades, steps))
    found[..., 0] = np.floor(course[..., 0] + rng.random((paths, units, grades)))
    for h in range(1, steps):
        own = again[:, :, 0] ** h / mean(h * lasting[CELL]) * new[:, :, 0, 1 : h + 1].prod(axis=2)
        found[:, :, 0, h] = rng.poisson(course[:, 0, h] * whole[:, :, h] * own * enters[:, :, h])
        for g in range(1, grades):
            ratio = course[:, g, h] / course[:, g - 1, h - 1] * whole[:, :, h] / whole[:, :, h - 1]
            grown = ratio * again[:, :, g] / mean(lasting[CELL]) * new[:, :, g, h]
            stays = np.minimum(1 - dispersion.turnover, grown)
            before = found[:, :, g - 1, h - 1].astype(np.int64)
            found[:, :, g, h] = rng.binomial(before, stays) + rng.poisson(before * (grown - stays))
    return found
