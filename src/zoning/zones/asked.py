"""What the engine is asked for, run by run, and the seats that it may use there."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from zoning.district import District
from zoning.evaluate import eligible_schools, pupils_of_stage, seats_left, zoned_demand
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones.pose import pose_problem
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import Ints

__all__ = ["Ask", "Asked", "evened"]


@dataclass(frozen=True)
class Ask:
    """What the engine is asked for in one run.

    Parameters
    ----------
    name
        Name of the run.
    options
        What is asked beyond the policy, prices included.
    spare
        Share of the free seats that schools may count on, 0-1.
    """

    name: str
    options: ZoneOptions
    spare: float = 1.0


@dataclass(frozen=True)
class Asked:
    """The questions that all runs share: one district, stage and year.

    Parameters
    ----------
    district, demand, times, stage, year, against, feeder
        As in :func:`~zoning.zones.propose.propose_plan`.
    options
        What the plan asked for keeps, prices included.
    """

    district: District = field(repr=False)
    demand: Forecast = field(repr=False)
    times: TravelTimes = field(repr=False)
    stage: str
    year: int
    against: Plan | None = field(default=None, repr=False)
    options: ZoneOptions = field(default_factory=ZoneOptions)
    feeder: Plan | None = field(default=None, repr=False)

    def pose(self, district: District, options: ZoneOptions) -> PosedProblem:
        """Return the problem of a run.

        Parameters
        ----------
        district
            The district with the seats that the run may use.
        options
            What the run asks for.

        Raises
        ------
        InfeasibleError
            When the rules leave a block with pupils no school.
        """
        return pose_problem(
            district,
            self.demand,
            self.times,
            stage=self.stage,
            year=self.year,
            against=self.against,
            options=options,
            feeder=self.feeder,
        )


def evened(asked: Asked, spare: float) -> District:
    """Return the district with less free seats, so that schools must fill more evenly.

    Schools and blocks that are joined by who may attend what share their pupils; where those fill a share u
    of the seats, every school keeps the share u + (1 - u) × spare of its own: one common factor where nobody
    is bound to a town, one a town where everybody is. Seats that others take, such as enrolled pupils who
    stay, are left as they are.

    Parameters
    ----------
    asked
        The question.
    spare
        Share of the free seats that is left, 0-1.

    Raises
    ------
    ValueError
        When the share is not between 0 and 1.
    """
    if not 0 <= spare <= 1:
        raise ValueError(f"a share of the free seats is between 0 and 1, not {spare}")
    if spare == 1:
        return asked.district
    district = asked.district
    found = eligible_schools(
        district, asked.times, stage=asked.stage, year=asked.year, prices=asked.options.prices
    )
    everyone = zoned_demand(
        district,
        asked.demand,
        stage=asked.stage,
        year=asked.year,
        options=asked.options,
        against=asked.against,
    )
    columns = district.school_frame.index.get_indexer(list(found.school_ids))
    seats = seats_left(district, everyone, stage=asked.stage, year=asked.year)[columns]
    pupils = pupils_of_stage(district, everyone.forecast, stage=asked.stage, year=asked.year)
    factor = _factors(found.allowed, pupils, seats, spare)
    frame = district.schools
    column = f"capacity_{asked.stage}"
    frame[column] = frame[column].astype("float64")
    frame.loc[list(found.school_ids), column] = found.capacity - seats * (1 - factor)
    tight = replace(district, school_frame=frame)
    # The land is the same: borders need not be looked for again.
    tight.__dict__["adjacency"] = district.adjacency
    return tight


def _factors(
    allowed: npt.NDArray[np.bool_],
    pupils: npt.NDArray[np.float64],
    seats: npt.NDArray[np.float64],
    spare: float,
) -> npt.NDArray[np.float64]:
    """Return the share of its seats that each school keeps, float64 [school]."""
    blocks, schools = allowed.shape
    block, school = np.nonzero(allowed & (pupils > 0)[:, None])
    graph = coo_array((np.ones(len(block)), (block, blocks + school)), shape=(blocks + schools,) * 2)
    label: Ints = connected_components(graph, directed=False)[1]
    heads = np.bincount(label[:blocks], weights=pupils, minlength=label.max() + 1)
    places = np.bincount(label[blocks:], weights=seats, minlength=label.max() + 1)
    use = np.divide(heads, places, out=np.ones_like(heads), where=places > 0)
    return np.asarray(np.where(use < 1, use + (1 - use) * spare, 1.0)[label[blocks:]])
