"""The cost of a journey: seconds of travel and the named prices of what the policy would rather avoid.

This is the number that the solver lowers and that the scorecard prints: pupil-seconds a day, one way.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from zoning.district import District
from zoning.evaluate.allocation import Allocation, allocate, pupils_of_stage
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.travel import TravelTimes

__all__ = ["JourneyCost", "Prices", "journey_cost", "straight_metres"]


@dataclass(frozen=True, slots=True)
class Prices:
    """What a departure costs, in seconds of travel a pupil would accept to avoid it.

    Parameters
    ----------
    beyond_journey_s
        A journey longer than the policy's limit along the streets. Ten minutes: enough to prefer any school
        within the limit that is not ten minutes further, and too little to empty a school for it.
    beyond_radius_s
        A school outside the straight-line service radius. One minute: the norm is a 宜 (should), and the
        travel time itself already counts the distance.
    moved_s
        A child whose school changes against the plan compared with. Five minutes: zones stay as they are
        unless the new school is clearly nearer (教基厅〔2022〕1号: zones are to be stable).

    Raises
    ------
    ValueError
        When a price is below 0: a bound needs costs of at least 0.

    Examples
    --------
    >>> Prices().moved_s
    300.0
    """

    beyond_journey_s: float = 600.0
    beyond_radius_s: float = 60.0
    moved_s: float = 300.0

    def __post_init__(self) -> None:
        if min(self.beyond_journey_s, self.beyond_radius_s, self.moved_s) < 0:
            raise ValueError(f"prices must be at least 0: {self}")


@dataclass(frozen=True, eq=False)
class JourneyCost:
    """Cost of one pupil's journey from every block to every school of the district, in its parts.

    Parameters
    ----------
    pupils
        Expected pupils of the stage in the year, float64 [block].
    travel_s
        Travel time, seconds, float64 [block, school]; NaN where there is no way.
    beyond_journey, beyond_radius, moved
        Whether the price of that name is due, bool [block, school].
    prices
        The prices.
    """

    pupils: npt.NDArray[np.float64] = field(repr=False)
    travel_s: npt.NDArray[np.float64] = field(repr=False)
    beyond_journey: npt.NDArray[np.bool_] = field(repr=False)
    beyond_radius: npt.NDArray[np.bool_] = field(repr=False)
    moved: npt.NDArray[np.bool_] = field(repr=False)
    prices: Prices = field(default_factory=Prices)

    @property
    def per_pupil_s(self) -> npt.NDArray[np.float64]:
        """Seconds a pupil, prices included, float64 [block, school]; NaN where there is no way."""
        prices = self.prices
        total = self.travel_s + prices.beyond_journey_s * self.beyond_journey
        total += prices.beyond_radius_s * self.beyond_radius
        total += prices.moved_s * self.moved
        return total

    def parts(self, allocation: Allocation) -> dict[str, float]:
        """Return the cost of a plan by part, pupil-seconds; unreachable pupils are left out of every part.

        Parameters
        ----------
        allocation
            The plan as rows.

        Returns
        -------
        dict
            ``travel``, ``beyond_journey``, ``beyond_radius``, ``moved`` and their sum ``total``.
        """
        cells = (allocation.block, allocation.school)
        reachable = np.isfinite(self.travel_s[cells])
        pupils = np.where(reachable, self.pupils[allocation.block] * allocation.share, 0.0)
        prices = self.prices
        found = {
            "travel": float(pupils @ np.nan_to_num(self.travel_s[cells])),
            "beyond_journey": float(pupils @ self.beyond_journey[cells]) * prices.beyond_journey_s,
            "beyond_radius": float(pupils @ self.beyond_radius[cells]) * prices.beyond_radius_s,
            "moved": float(pupils @ self.moved[cells]) * prices.moved_s,
        }
        return found | {"total": sum(found.values())}


def journey_cost(
    district: District,
    demand: Forecast,
    times: TravelTimes,
    *,
    stage: str,
    year: int,
    against: Plan | None = None,
    prices: Prices | None = None,
) -> JourneyCost:
    """Return the seconds that one pupil's journey costs, from every block to every school.

    Parameters
    ----------
    district
        The district.
    demand
        Forecast of children by block, grade and year.
    times
        Travel times, seconds [block, school]; columns are all schools of the district.
    stage
        Name of the stage.
    year
        School year.
    against
        The plan whose pupils should stay where they are; None when nobody moves.
    prices
        What a departure costs; the documented defaults when left out.

    Raises
    ------
    DataError
        When the forecast does not reach that year, or ``against`` is of other blocks.
    ValueError
        When the travel times are not of this district.
    """
    ids = (tuple(district.block_frame.index), tuple(district.school_frame.index))
    if (times.block_ids, times.school_ids) != ids:
        raise ValueError("the travel times are of other blocks or schools than the district's")
    rule = district.policy.of(stage)
    travel_s = times.seconds.astype(np.float64)
    journey_s = np.inf if rule.journey is None else rule.journey.value
    return JourneyCost(
        pupils=pupils_of_stage(district, demand, stage=stage, year=year),
        travel_s=travel_s,
        beyond_journey=np.nan_to_num(travel_s) > journey_s,
        beyond_radius=_beyond_radius(district, stage),
        moved=_moved(district, against, travel_s.shape),
        prices=Prices() if prices is None else prices,
    )


def straight_metres(district: District) -> npt.NDArray[np.float64]:
    """Return straight-line metres from a point inside each block to each school, float64 [block, school]."""
    blocks = shapely.get_coordinates(shapely.point_on_surface(district.block_frame.geometry.to_numpy()))
    schools = shapely.get_coordinates(district.school_frame.geometry.to_numpy())
    return np.asarray(np.hypot(*(blocks[:, None, axis] - schools[None, :, axis] for axis in (0, 1))))


def _beyond_radius(district: District, stage: str) -> npt.NDArray[np.bool_]:
    """Return whether a school lies outside the radius of the block's place class, bool [block, school]."""
    radius = {place: limit.value for place, limit in district.policy.of(stage).radius.items()}
    limit_m = district.block_frame["place_class"].map(lambda place: radius.get(place, np.inf))
    if not radius:
        return np.zeros((len(district.block_frame), len(district.school_frame)), dtype=np.bool_)
    return np.asarray(straight_metres(district) > limit_m.to_numpy(dtype=np.float64)[:, None])


def _moved(district: District, against: Plan | None, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return whether attending a school moves the block's children, bool [block, school].

    A block that the older plan leaves out, or zones to schools that are gone, has nobody who could stay and
    costs nothing to move; of a shared zone every school counts as kept.
    """
    moved = np.zeros(shape, dtype=np.bool_)
    if against is None:
        return moved
    known = set(district.school_frame.index)
    held = {b: kept for b, s in against.rows if (kept := tuple(x for x in s if x in known))}
    rows = allocate(district, Plan.of(against.stage, against.year, held))
    moved[pd.unique(rows.block)] = True
    moved[rows.block, rows.school] = False
    return moved
