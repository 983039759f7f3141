"""Feeders: the zones of the stage below, and the school that each of them goes to for the most part."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import STAGES, District
from zoning.errors import DataError, Text
from zoning.evaluate.allocation import allocate
from zoning.options import Prices
from zoning.plan import Plan

__all__ = ["feeder_plan", "feeder_schools", "feeder_zones", "leaves_feeder", "stage_below"]


def feeder_plan(district: District, stage: str, prices: Prices, feeder: Plan | None) -> Plan | None:
    """Return the zones of the stage below where splitting them has a price; None where it has none.

    Parameters
    ----------
    district
        The district.
    stage
        Name of the upper stage.
    prices
        What a departure costs.
    feeder
        Zones of the stage below; those in force when None.

    Raises
    ------
    DataError
        When splitting has a price and there are no zones to split.
    """
    if not prices.split_feeder_s > 0:
        return None
    if feeder is not None:
        return feeder
    below = stage_below(stage)
    try:
        return Plan.current(district, stage=below)
    except DataError:
        label = next((one.label for one in STAGES if one.name == below), Text(below, below))
        problem = messages.problem("evaluate.no_feeder", file="zones", value="split_feeder_s", stage=label)
        raise DataError([problem]) from None


def stage_below(stage: str) -> str:
    """Return the name of the stage below; empty for the lowest.

    Examples
    --------
    >>> stage_below("junior")
    'primary'
    """
    names = [one.name for one in STAGES]
    return names[names.index(stage) - 1] if stage in names[1:] else ""


def feeder_zones(district: District, feeder: Plan) -> npt.NDArray[np.int32]:
    """Return the lower-stage zone of each block as a number, int32 [block]; -1 for a block without one.

    Blocks with the same set of schools (a shared zone) are one zone; zones are numbered by first block.
    """
    found: dict[tuple[str, ...], int] = {}
    rows = dict(feeder.rows)
    numbers = [
        found.setdefault(rows[block], len(found)) if block in rows else -1
        for block in district.block_frame.index
    ]
    return np.array(numbers, dtype=np.int32)


def feeder_schools(
    district: District,
    feeder: Plan,
    against: Plan | None,
    pupils: npt.NDArray[np.float64],
    seconds: npt.NDArray[np.float64],
    *,
    zoned: npt.NDArray[np.bool_],
) -> Mapping[int, int]:
    """Return the upper-stage school that each lower-stage zone goes to for the most part.

    Under the plan compared with it is the school of most of the zone's pupils; without one, or where that
    plan holds none of them, the school with the cheapest journeys for the zone as a whole.

    Parameters
    ----------
    district
        The district.
    feeder
        Zones of the stage below.
    against
        Zones of the upper stage that are compared with; None for none.
    pupils
        Pupils of the upper stage, float64 [block].
    seconds
        Seconds a pupil, float64 [block, school]; NaN where there is no way.
    zoned
        Whether a school has a zone that year, bool [school]; no other one is chosen.

    Raises
    ------
    DataError
        When ``against`` names blocks or schools that the district has not.

    Returns
    -------
    dict
        Position of the school by number of the zone, as :func:`feeder_zones` numbers them.
    """
    zone = feeder_zones(district, feeder)
    count = int(zone.max(initial=-1)) + 1
    most = np.zeros((count, seconds.shape[1]))
    weight = np.where(zone >= 0, np.maximum(pupils, 1e-9), 0.0)
    if against is not None:
        known = set(district.school_frame.index)
        held = {b: kept for b, s in against.rows if (kept := tuple(x for x in s if x in known))}
        rows = allocate(district, Plan.of(against.stage, against.year, held))
        inside = zone[rows.block] >= 0
        worth = weight[rows.block] * rows.share
        np.add.at(most, (zone[rows.block][inside], rows.school[inside]), worth[inside])
    # A school that part of the zone cannot reach is worse than any other.
    most[:, ~zoned] = 0
    most = most.round(12)  # alike but for rounding is alike: the first school stands
    far = np.where(zoned, np.where(np.isfinite(seconds), seconds, 1e9), 1e12)
    away = np.zeros_like(most)
    np.add.at(away, zone[zone >= 0], (weight[:, None] * far)[zone >= 0])
    return {
        number: int(most[number].argmax() if most[number].any() else away[number].argmin())
        for number in range(count)
    }


def leaves_feeder(district: District, feeder: Plan, chosen: Mapping[int, int]) -> npt.NDArray[np.bool_]:
    """Return whether a school parts a block from the rest of its lower-stage zone, bool [block, school].

    Parameters
    ----------
    district, feeder
        The district and the zones of the stage below.
    chosen
        What :func:`feeder_schools` returns.
    """
    zone = pd.Series(feeder_zones(district, feeder))
    school = zone.map(dict(chosen)).fillna(-1).to_numpy(dtype=np.int64)
    return np.asarray(
        (school[:, None] >= 0) & (np.arange(len(district.school_frame))[None, :] != school[:, None])
    )
