"""Balance between schools: the pupil-weighted coefficient of variation (差异系数)."""

import math

import numpy as np
import numpy.typing as npt

__all__ = ["variation"]


def variation(raw: npt.ArrayLike, pupils: npt.ArrayLike) -> float:
    """Return the pupil-weighted coefficient of variation of a resource between schools, a share.

    With x_i = raw_i / P_i and X = Σraw / ΣP: S = sqrt(Σ (P_i / ΣP) (x_i - X)²) and the variation is S / X.
    Schools without pupils do not count. The unweighted coefficient is another, smaller or larger, number and
    is not what the limits are set for.

    Parameters
    ----------
    raw
        Total resource of each school, such as books or seats, [school].
    pupils
        Pupils of each school, [school].

    Returns
    -------
    float
        NaN where no school has pupils or none has any of the resource.

    Raises
    ------
    ValueError
        When the two differ in length.

    References
    ----------
    教督〔2017〕6号 and its published worked example.

    Examples
    --------
    >>> round(variation([279, 137, 935, 160, 402], [45, 37, 89, 76, 55]), 3)
    0.515
    """
    total, heads = np.asarray(raw, dtype=np.float64), np.asarray(pupils, dtype=np.float64)
    if total.shape != heads.shape:
        raise ValueError(f"{total.shape} resources for {heads.shape} schools")
    total, heads = total[heads > 0], heads[heads > 0]
    if not total.sum() > 0:
        return math.nan
    mean = total.sum() / heads.sum()
    weight = heads / heads.sum()
    return float(np.sqrt((weight * (total / heads - mean) ** 2).sum()) / mean)
