"""Plans found under several asks, each offered to every other ask that it would answer as well."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from zoning.district import District
from zoning.evaluate import (
    Allocation,
    JourneyCost,
    Prices,
    allocate,
    eligible_schools,
    journey_cost,
    pupils_of_stage,
    utilisation_spread,
)
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.travel import TravelTimes
from zoning.zones.contiguity import detached_blocks
from zoning.zones.options import ZoneOptions
from zoning.zones.pose import pose_problem
from zoning.zones.problem import Ints, ZoneProblem
from zoning.zones.reasons import explain_plan, positions, problem_kept, unexplained

__all__ = ["Ask", "Asked", "Figures", "Pool", "evened"]

_SAME = 1e-6
"""Share by which the scorecard's cost of a plan may differ from the engine's and still be the same."""


@dataclass(frozen=True)
class Ask:
    """What the engine is asked for in one run.

    Parameters
    ----------
    name
        Name of the run.
    prices
        What a departure costs.
    spare
        Share of the free seats that schools may count on, 0-1.
    """

    name: str
    prices: Prices
    spare: float


@dataclass(frozen=True)
class Asked:
    """The questions that all runs share: one district, stage and year.

    Parameters
    ----------
    district, demand, times, stage, year, against, options
        As in :func:`~zoning.zones.propose.propose_plan`.
    """

    district: District = field(repr=False)
    demand: Forecast = field(repr=False)
    times: TravelTimes = field(repr=False)
    stage: str
    year: int
    against: Plan | None = field(default=None, repr=False)
    options: ZoneOptions | None = None


@dataclass(frozen=True)
class Figures:
    """What is traded: mean journey (seconds a pupil), pupils moved, and spread of utilisation (a share)."""

    journeys_s: float
    moved: float
    spread: float


@dataclass(frozen=True, eq=False)
class _Run:
    """One run: what was asked, in which district (seats), what may not be broken, what came out."""

    ask: Ask
    district: District
    problem: ZoneProblem
    proposal: Proposal
    detached: int


class Pool:
    """All plans found so far.

    Parameters
    ----------
    asked
        The question that all runs share.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.runs: list[_Run] = []
        self._allocations: dict[Plan, Allocation] = {}
        self._journey: JourneyCost | None = None

    @property
    def journey(self) -> JourneyCost:
        """The cost of every journey in its parts."""
        if self._journey is None:
            one = self.asked
            self._journey = journey_cost(
                one.district, one.demand, one.times, stage=one.stage, year=one.year, against=one.against
            )
        return self._journey

    def add(self, ask: Ask, district: District, proposal: Proposal) -> None:
        """Keep what a run found.

        Parameters
        ----------
        ask
            What was asked for.
        district
            The district with the seats that were shown to the engine.
        proposal
            What was found.
        """
        one = self.asked
        posed = pose_problem(
            district, one.demand, one.times, stage=one.stage, year=one.year, against=one.against
        )
        school = positions(posed, proposal.plan, one.times.to(list(posed.school_ids)))
        kept = problem_kept(posed, school)
        # Only what may not be broken is kept: the costs of a dozen runs would fill the memory.
        slim = replace(kept, cost=np.broadcast_to(np.zeros(1), kept.cost.shape))
        loose = int(detached_blocks(slim, school).sum())
        self.runs.append(_Run(ask, district, slim, proposal, loose))

    def figures(self, plan: Plan) -> Figures:
        """Return what is traded, of one plan.

        Parameters
        ----------
        plan
            The plan.
        """
        rows, journey = self._rows(plan), self.journey
        reached = np.isfinite(journey.travel_s[rows.block, rows.school])
        held = float((journey.pupils[rows.block] * rows.share)[reached].sum())
        parts = replace(journey, prices=Prices(moved_s=1.0)).parts(rows)
        district = self.asked.district
        found = eligible_schools(district, self.asked.times, stage=plan.stage, year=plan.year)
        columns = district.school_frame.index.get_indexer(list(found.school_ids))
        loads = rows.by_school(journey.pupils, len(district.school_frame))[columns]
        return Figures(
            parts["travel"] / held if held else 0.0, parts["moved"], utilisation_spread(loads, found.capacity)
        )

    def best(self, run: _Run) -> Proposal | None:
        """Return the cheapest plan of all runs that answers a run's ask; None where none keeps its rules.

        Parameters
        ----------
        run
            The run.
        """
        own = run.proposal if run.proposal.within_seats else None
        if abs(self._cost(run.proposal.plan, run.ask) - run.proposal.cost) > _SAME * run.proposal.cost:
            return own  # the options price what the scorecard does not
        cost = np.inf if own is None else own.cost
        found = own
        for other in self.runs:
            price = self._cost(other.proposal.plan, run.ask)
            if price < cost * (1 - 1e-12) and self._keeps(run, other.proposal.plan):
                cost, found = price, other.proposal
        if found is None or found is own:
            return found
        return self._answered(run, found, cost)

    def _answered(self, run: _Run, other: Proposal, cost: float) -> Proposal:
        """Return another run's plan as the answer to a run's ask: its bound, reasons of its own."""
        one = self.asked
        reasons = explain_plan(
            run.district, one.demand, one.times, other.plan, against=one.against, prices=run.ask.prices,
            seat_prices=run.proposal.prices, options=one.options,
        )  # fmt: skip
        stale = unexplained(other.reasons)
        notes = tuple(note for note in other.notes if note not in stale) + unexplained(reasons)
        return replace(
            run.proposal, plan=other.plan, cost=cost, excess=0.0, reasons=reasons, notes=notes,
            bound=min(run.proposal.bound, cost),
        )  # fmt: skip

    def _rows(self, plan: Plan) -> Allocation:
        if plan not in self._allocations:
            self._allocations[plan] = allocate(self.asked.district, plan)
        return self._allocations[plan]

    def _cost(self, plan: Plan, ask: Ask) -> float:
        return replace(self.journey, prices=ask.prices).parts(self._rows(plan))["total"]

    def _keeps(self, run: _Run, plan: Plan) -> bool:
        """Return whether a plan keeps the rules of a run, no more blocks cut off than in its own plan."""
        rows = self._rows(plan)
        problem = run.problem
        column = {s: k for k, s in enumerate(self._school_ids(run))}
        ids = self.asked.district.school_frame.index
        school = np.full(problem.blocks, -1, dtype=np.int32)
        school[rows.block] = [column.get(ids[number], -1) for number in rows.school.tolist()]
        if (school < 0).any() or not problem.allowed[np.arange(problem.blocks), school].all():
            return False
        return problem.is_kept(school) and int(detached_blocks(problem, school).sum()) <= run.detached

    def _school_ids(self, run: _Run) -> tuple[str, ...]:
        one = self.asked
        return eligible_schools(run.district, one.times, stage=one.stage, year=one.year).school_ids


def evened(asked: Asked, spare: float) -> District:
    """Return the district with less free seats, so that schools must fill more evenly.

    Schools and blocks that are joined by who may attend what share their pupils; where those fill a share u
    of the seats, every school keeps the share u + (1 - u) × spare of its own: one common factor where nobody
    is bound to a town, one a town where everybody is.

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
    found = eligible_schools(district, asked.times, stage=asked.stage, year=asked.year)
    pupils = pupils_of_stage(district, asked.demand, stage=asked.stage, year=asked.year)
    factor = _factors(found.allowed, pupils, found.capacity, spare)
    frame = district.schools
    column = f"capacity_{asked.stage}"
    frame[column] = frame[column].astype("float64")
    frame.loc[list(found.school_ids), column] = found.capacity * factor
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
