"""The cost of a journey: seconds of travel and the named prices of what the policy would rather avoid.

This is the number that the solver lowers and that the scorecard prints: pupil-seconds a day, one way.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from zoning.district import District
from zoning.evaluate.allocation import Allocation, allocate, pupils_of_stage
from zoning.evaluate.eligibility import eligible_schools, leaves_town
from zoning.evaluate.feeders import feeder_plan, feeder_schools, leaves_feeder
from zoning.forecast import Forecast
from zoning.options import Prices
from zoning.plan import Plan
from zoning.travel import TravelTimes

__all__ = ["DEPARTURES", "JourneyCost", "Prices", "journey_cost", "straight_metres"]

Mask = npt.NDArray[np.bool_]

DEPARTURES: Final = ("beyond_journey", "beyond_radius", "moved", "left_town", "misplaced", "split_feeder")
"""What has a price of its own, as it is named in :class:`JourneyCost`; ``<name>_s`` in :class:`Prices`."""


@dataclass(frozen=True, eq=False)
class JourneyCost:
    """Cost of one pupil's journey from every block to every school of the district, in its parts.

    Parameters
    ----------
    pupils
        Expected pupils of the stage in the year, float64 [block].
    travel_s
        Travel time, seconds, float64 [block, school]; NaN where there is no way.
    beyond_journey, beyond_radius, moved, left_town, misplaced, split_feeder
        Whether the price of that name is due, bool [block, school].
    prices
        The prices; what an infinite one forbids adds nothing to the cost.
    """

    pupils: npt.NDArray[np.float64] = field(repr=False)
    travel_s: npt.NDArray[np.float64] = field(repr=False)
    beyond_journey: Mask = field(repr=False)
    beyond_radius: Mask = field(repr=False)
    moved: Mask = field(repr=False)
    left_town: Mask = field(repr=False)
    misplaced: Mask = field(repr=False)
    split_feeder: Mask = field(repr=False)
    prices: Prices = field(default_factory=Prices)

    def due(self, name: str) -> Mask:
        """Return whether the price of a departure is due, bool [block, school]."""
        found: Mask = getattr(self, name)
        return found

    def price(self, name: str) -> float:
        """Return the price of a departure, seconds; infinity where it is forbidden."""
        return float(getattr(self.prices, f"{name}_s"))

    @property
    def per_pupil_s(self) -> npt.NDArray[np.float64]:
        """Seconds a pupil, prices included, float64 [block, school]; NaN where there is no way."""
        total = self.travel_s.copy()
        for name in DEPARTURES:
            if 0 < self.price(name) < np.inf:
                total += self.price(name) * self.due(name)
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
            ``travel``, each of :data:`DEPARTURES` (0 where it is forbidden) and their sum ``total``.
        """
        cells = (allocation.block, allocation.school)
        reachable = np.isfinite(self.travel_s[cells])
        pupils = np.where(reachable, self.pupils[allocation.block] * allocation.share, 0.0)
        found = {"travel": float(pupils @ np.nan_to_num(self.travel_s[cells]))}
        for name in DEPARTURES:
            price = self.price(name)
            found[name] = float(pupils @ self.due(name)[cells]) * (price if price < np.inf else 0.0)
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
    feeder: Plan | None = None,
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
        What a departure costs; those of the district's options when left out.
    feeder
        Zones of the stage below, for the price of splitting them; those in force when left out.

    Raises
    ------
    DataError
        When the forecast does not reach that year, ``against`` is of other blocks, or splitting feeders has
        a price and there are none.
    ValueError
        When the travel times are not of this district.
    """
    ids = (tuple(district.block_frame.index), tuple(district.school_frame.index))
    if (times.block_ids, times.school_ids) != ids:
        raise ValueError("the travel times are of other blocks or schools than the district's")
    prices = district.zone_options(stage).prices if prices is None else prices
    rule = district.policy.of(stage)
    travel_s = times.seconds.astype(np.float64)
    journey_s = np.inf if rule.journey is None else rule.journey.value
    pupils = pupils_of_stage(district, demand, stage=stage, year=year)
    misplaced = ~district.school_frame["place_class"].isin(rule.school_places).to_numpy()
    found = JourneyCost(
        pupils=pupils,
        travel_s=travel_s,
        beyond_journey=np.nan_to_num(travel_s) > journey_s,
        beyond_radius=_beyond_radius(district, stage),
        moved=_moved(district, against, travel_s.shape),
        left_town=leaves_town(district, times, stage=stage, year=year, prices=prices),
        misplaced=np.broadcast_to(misplaced, travel_s.shape),
        split_feeder=np.zeros(travel_s.shape, dtype=np.bool_),
        prices=prices,
    )
    if not 0 < prices.split_feeder_s < np.inf:
        return found
    feeder = feeder_plan(district, stage, prices, feeder)
    if feeder is None:
        return found
    eligible = eligible_schools(district, times, stage=stage, year=year, prices=prices)
    zoned = district.school_frame.index.isin(eligible.school_ids)
    chosen = feeder_schools(district, feeder, against, pupils, found.per_pupil_s, zoned=zoned)
    return replace(found, split_feeder=leaves_feeder(district, feeder, chosen))


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
