"""What zones are to hold: seats of each year, least intakes, balance; a weight a block, limits a zone.

Below both the search and the scorecard, so that the price of a rule that is not kept is one number.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.evaluate.allocation import Allocation, pupils_of_stage
from zoning.evaluate.demand import ZonedDemand, planned_pupils, seats_left
from zoning.evaluate.eligibility import Eligibility
from zoning.evaluate.groups import group_share
from zoning.options import Balance, ZoneOptions

__all__ = ["Load", "loads_of_zones", "soft_cost", "zone_units"]

Floats = npt.NDArray[np.float64]
Units = tuple[tuple[str, ...], ...]

CAPACITY = "capacity"
TOLERANCE = 1e-6
"""Units by which a load may pass a limit and still keep it."""


@dataclass(frozen=True, eq=False)
class Load:
    """A linear rule on every zone: lower <= Σ weight of its blocks <= upper.

    Parameters
    ----------
    name
        ``capacity``, ``capacity:<year>``, ``least``, ``balance:<group>:most`` or ``balance:<group>:least``.
    weight
        What a block counts, in the unit of the limits, float64 [block].
    lower, upper
        Limits of each zone, float64 [unit].
    price
        What one unit outside the limits costs, seconds; infinity for a hard rule.
    """

    name: str
    weight: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    price: float = math.inf


def zone_units(school_ids: tuple[str, ...], shared: tuple[tuple[str, ...], ...]) -> Units:
    """Return the schools of each zone: one, or all of a shared zone, in the order of their first school.

    Sets that have a school in common are one; schools that are not zoned are left out.

    Parameters
    ----------
    school_ids
        The schools with a zone.
    shared
        Sets of schools that share one.

    Examples
    --------
    >>> zone_units(("a", "b", "c", "d"), (("d", "b"), ("x", "c")))
    (('a',), ('b', 'd'), ('c',))
    """
    together = {school: {school} for school in school_ids}
    for schools in shared:
        present = [school for school in schools if school in together]
        union = {other for school in present for other in together[school]}
        for school in union:
            together[school] = union
    found: dict[str, tuple[str, ...]] = {}
    for school in school_ids:
        members = tuple(one for one in school_ids if one in together[school])
        found.setdefault(members[0], members)
    return tuple(found.values())


def loads_of_zones(
    district: District,
    zoned: ZonedDemand,
    found: Eligibility,
    *,
    stage: str,
    year: int,
    options: ZoneOptions,
) -> tuple[Load, ...]:
    """Return the rules on every zone's load, that of the seats of the planned year first.

    Parameters
    ----------
    district
        The district.
    zoned
        Who follows the zones.
    found
        The schools that have one.
    stage, year
        Stage and planned school year.
    options
        What is asked of the zones.

    Raises
    ------
    DataError
        When the forecast does not reach one of the years, or a group to balance is not counted.
    """
    units = zone_units(found.school_ids, options.shared)
    pupils = pupils_of_stage(district, zoned.forecast, stage=stage, year=year)
    free, none = np.full(len(units), -np.inf), np.full(len(units), np.inf)

    def seats(of_year: int) -> Floats:
        left = dict(
            zip(
                district.school_frame.index,
                seats_left(district, zoned, stage=stage, year=of_year),
                strict=True,
            )
        )
        return np.array([sum(left[school] for school in unit) for unit in units], dtype=np.float64)

    loads = [Load(CAPACITY, pupils, free, seats(year), options.seat_price_s)]
    further = {one for one in options.years if one != year} | (
        {year} if options.quantile is not None else set()
    )
    for one in sorted(further):
        planned = planned_pupils(district, zoned.forecast, stage=stage, year=one, quantile=options.quantile)
        loads.append(Load(f"{CAPACITY}:{one}", planned, free, seats(one), options.seat_price_s))
    if options.least_utilisation > 0:
        least = options.least_utilisation * loads[0].upper
        loads.append(Load("least", pupils, least, none, options.least_price_s))
    for band in options.balance:
        share = group_share(district, band.group, stage=stage, year=year)
        loads.extend(_band(band, share, pupils, len(units)))
    return tuple(loads)


def soft_cost(loads: tuple[Load, ...], units: Units, district: District, rows: Allocation) -> float:
    """Return the price of the rules on loads that a plan does not keep, hard ones left out, pupil-seconds.

    Parameters
    ----------
    loads
        The rules.
    units
        Schools of each zone.
    district
        The district.
    rows
        The plan as rows.
    """
    total = 0.0
    position = district.school_frame.index.get_indexer
    members = [position(list(unit)) for unit in units]
    for load in loads:
        if math.isinf(load.price) or load.price == 0:
            continue
        by_school = rows.by_school(load.weight, len(district.school_frame))
        held = np.array([by_school[columns].sum() for columns in members])
        out = np.maximum(held - load.upper, 0.0) + np.maximum(load.lower - held, 0.0)
        total += load.price * float(out[out > TOLERANCE].sum())
    return total


def _band(band: Balance, share: Floats, pupils: Floats, units: int) -> tuple[Load, Load]:
    """Return both sides of a band: Σ group − (mean ± within) Σ pupils at most, and at least, 0."""
    total = float(pupils.sum())
    mean = float(share @ pupils) / total if total > 0 else 0.0
    most, least = pupils * (share - mean - band.within), pupils * (share - mean + band.within)
    zero, open_end = np.zeros(units), np.full(units, np.inf)
    name = f"balance:{band.group}"
    return (
        Load(f"{name}:most", most, -open_end, zero, band.price_s),
        Load(f"{name}:least", least, zero, open_end, band.price_s),
    )
