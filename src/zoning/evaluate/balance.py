"""Balance between schools: the coefficient of variation (差异系数), and how evenly seats are used."""

import math

import numpy as np
import numpy.typing as npt

__all__ = ["utilisation_spread", "variation"]


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


def utilisation_spread(pupils: npt.ArrayLike, seats: npt.ArrayLike) -> float:
    """Return the seat-weighted standard deviation of utilisation between schools, a share.

    0 where every school is as full as the next; 0.1 where a typical school is ten points fuller or emptier
    than all of them together.

    Parameters
    ----------
    pupils, seats
        Pupils and seats of each school, [school]; schools without seats do not count.

    Returns
    -------
    float
        NaN where there are no seats.

    Examples
    --------
    >>> round(utilisation_spread([90, 70], [100, 100]), 3)
    0.1
    """
    heads, places = np.asarray(pupils, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    heads, places = heads[places > 0], places[places > 0]
    if not len(places):
        return math.nan
    mean = heads.sum() / places.sum()
    return float(np.sqrt((places * (heads / places - mean) ** 2).sum() / places.sum()))
