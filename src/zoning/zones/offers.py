"""Plans found under several asks, each offered to every other ask that it would answer as well."""

from dataclasses import dataclass, replace

import numpy as np

from zoning.district import District
from zoning.errors import InfeasibleError
from zoning.evaluate import allocate, seats_left, utilisation_spread, zoned_demand
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.travel import TravelTimes
from zoning.zones.asked import Ask, Asked, evened
from zoning.zones.contiguity import detached_blocks
from zoning.zones.placed import place_plan
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import Ints, ZoneProblem
from zoning.zones.propose import propose_plan
from zoning.zones.reasons import explain_blocks, unexplained

__all__ = ["Figures", "Offers"]


@dataclass(frozen=True)
class Figures:
    """What is traded.

    Parameters
    ----------
    journeys_s
        Mean journey, seconds a pupil.
    moved
        Pupils whose school changes.
    spread
        Seat-weighted standard deviation of utilisation, a share.
    outside
        Pupils by which zones lie outside the bands of balance.
    """

    journeys_s: float
    moved: float
    spread: float
    outside: float


@dataclass(frozen=True, eq=False)
class _Run:
    """One run: what was asked, in which district (seats), what came out."""

    ask: Ask
    district: District
    proposal: Proposal


class Offers:
    """All plans found so far.

    Parameters
    ----------
    asked
        The question that all runs share.

    Raises
    ------
    InfeasibleError
        When the rules leave a block with pupils no school.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.runs: list[_Run] = []
        self._posed = asked.pose(asked.district, asked.options)
        everyone = zoned_demand(
            asked.district,
            asked.demand,
            stage=asked.stage,
            year=asked.year,
            options=asked.options,
            against=asked.against,
        )
        self._seats = seats_left(asked.district, everyone, stage=asked.stage, year=asked.year)

    def find(self, ask: Ask, *, seed: int, iterations: int | None, seconds: float | None) -> bool:
        """Look for the plan of an ask; return whether there is one.

        Parameters
        ----------
        ask
            What is asked for.
        seed, iterations, seconds
            As in :func:`~zoning.zones.propose.propose_plan`.

        Raises
        ------
        InfeasibleError
            When the first ask, the plan that is wanted, has no plan.
        """
        one = self.asked
        try:
            shown = evened(one, ask.spare)
            proposal = propose_plan(
                shown,
                one.demand,
                one.times,
                stage=one.stage,
                year=one.year,
                against=one.against,
                seed=seed,
                iterations=iterations,
                seconds=seconds,
                options=ask.options,
                feeder=one.feeder,
            )
        except InfeasibleError:
            if not self.runs:
                raise
            return False
        self.runs.append(_Run(ask, shown, proposal))
        return True

    def figures(self, plan: Plan) -> Figures:
        """Return what is traded, of one plan.

        Parameters
        ----------
        plan
            The plan.
        """
        journey, district = self._posed.journey, self.asked.district
        rows = allocate(district, plan)
        cells = (rows.block, rows.school)
        travel_s = journey.travel_s[cells]
        pupils = np.where(np.isfinite(travel_s), journey.pupils[rows.block] * rows.share, 0.0)
        held = float(pupils.sum())
        columns = self._posed.units.columns
        loads = rows.by_school(journey.pupils, len(district.school_frame))[columns]
        return Figures(
            journeys_s=float(pupils @ np.nan_to_num(travel_s)) / held if held else 0.0,
            moved=float(pupils @ journey.moved[cells]),
            spread=utilisation_spread(loads, self._seats[columns]),
            outside=self._outside(plan),
        )

    def _outside(self, plan: Plan) -> float:
        """Return the pupils by which zones lie outside the bands of balance."""
        bands = [
            row for row, name in enumerate(self._posed.problem.rows.names) if name.startswith("balance:")
        ]
        if not bands:
            return 0.0
        unit = place_plan(self._posed, plan, self.asked.times).unit
        return float(self._posed.unkept.breach(unit)[bands].sum())

    def keeps(self, plan: Plan) -> bool:
        """Return whether a plan keeps the hard rules of the plan that is wanted.

        Parameters
        ----------
        plan
            The plan.
        """
        posed, times = self._posed, self.asked.times
        problem = place_plan(posed, self.runs[0].proposal.plan, times).problem_kept(posed)
        return _unit_kept(posed, problem, plan, times) is not None

    def best(self, run: _Run) -> Proposal | None:
        """Return the cheapest plan of all runs that answers a run's ask; None where none keeps its rules.

        Of plans that cost the same the run's own stays.

        Parameters
        ----------
        run
            The run.
        """
        posed, times = self.asked.pose(run.district, run.ask.options), self.asked.times
        placed = place_plan(posed, run.proposal.plan, times)
        problem = placed.problem_kept(posed)
        loose = detached_blocks(problem, placed.unit).sum()
        found, own = None, _unit_kept(posed, problem, run.proposal.plan, times)
        cost = np.inf
        if own is not None:
            found, cost = run.proposal, problem.cost_of(own)
        for other in self.runs:
            unit = _unit_kept(posed, problem, other.proposal.plan, times)
            if unit is None or detached_blocks(problem, unit).sum() > loose:
                continue
            price = problem.cost_of(unit)
            if price < cost * (1 - 1e-12):
                found, cost, own = other.proposal, price, unit
        if found is None or own is None or found is run.proposal:
            return found
        return self._answered(run, posed, found, own)

    def _answered(self, run: _Run, posed: PosedProblem, other: Proposal, unit: Ints) -> Proposal:
        """Return another run's plan as the answer to a run's ask: its bound, reasons of its own."""
        reasons = explain_blocks(
            run.district, posed, other.plan, self.asked.times, seat_prices=run.proposal.prices
        )
        stale = unexplained(other.reasons)
        notes = tuple(note for note in other.notes if note not in stale) + unexplained(reasons)
        cost = posed.unkept.cost_of(unit)
        return replace(
            run.proposal, plan=other.plan, cost=cost, excess=float(posed.unkept.excess(unit).sum()),
            reasons=reasons, notes=notes, bound=min(run.proposal.bound, cost),
        )  # fmt: skip


def _unit_kept(posed: PosedProblem, problem: ZoneProblem, plan: Plan, times: TravelTimes) -> Ints | None:
    """Return the column of each row under a plan, None where it does not keep the hard rules."""
    placed = place_plan(posed, plan, times)
    if not placed.is_whole or not problem.allowed[np.arange(problem.blocks), placed.unit].all():
        return None
    return placed.unit if problem.is_kept(placed.unit) else None
