"""Attendance zones for one stage or all, with the proof beside them."""

import time
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.errors import InfeasibleError, Text
from zoning.evaluate import Prices, stage_below
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Progress, Proposal
from zoning.travel import TravelTimes
from zoning.zones.feasible import feasible_problem
from zoning.zones.naming import name_some
from zoning.zones.options import ZoneOptions
from zoning.zones.pose import pose_problem
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import ZoneProblem
from zoning.zones.reasons import explain_blocks, unexplained
from zoning.zones.solve import Solution, solve_problem

__all__ = ["propose_plan", "propose_plans"]


def propose_plan(  # noqa: PLR0913 - the one call a planner makes; every option is named
    district: District,
    demand: Forecast,
    times: TravelTimes,
    *,
    stage: str,
    year: int,
    against: Plan | None = None,
    seed: int = 7,
    iterations: int | None = None,
    seconds: float | None = None,
    gap: float | None = None,
    prices: Prices | None = None,
    options: ZoneOptions | None = None,
    feeder: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Proposal:
    """Return attendance zones of one stage and year, their cost in pupil-seconds and a proved lower bound.

    Parameters
    ----------
    district
        The district; its policy states the rules of the stage.
    demand
        Forecast of children by block, grade and year; expected pupils may be fractions.
    times
        Travel times in the mode of the stage, seconds [block, school]; NaN where there is no way.
    stage
        Name of the stage.
    year
        School year whose pupils and seats are planned. Other years are not constrained.
    against
        Zones in force: moved pupils cost extra. None when nobody moves.
    seed
        Seed of the search; the same seed and iterations give the same plan.
    iterations
        Steps of the search; by the size of the district when left out.
    seconds
        Time limit of the search, seconds; the iterations done are recorded.
    gap
        Stop as soon as the gap is no larger than this share.
    prices
        What a departure from the policy costs; those of the options when left out.
    options
        What is asked beyond the policy; the district's own (``[zones]`` of ``zoning.toml``) when left out.
    feeder
        Zones of the stage below, where splitting them has a price; those in force when left out.
    progress
        Called after every step with where the search stands.

    Raises
    ------
    InfeasibleError
        When no school may be zoned, blocks have no way to any, or the seats cannot hold the pupils.
    DataError
        When the forecast does not reach the year, or ``against`` is of another district.
    """
    began = time.monotonic()
    posed = pose_problem(
        district,
        demand,
        times,
        stage=stage,
        year=year,
        against=against,
        prices=prices,
        options=options,
        feeder=feeder,
    )
    feasible = feasible_problem(posed, district.stage(stage).label)
    problem, notes = feasible.problem, feasible.notes
    kept = posed.rules if problem is posed.problem else posed.unkept_rules
    found = solve_problem(
        problem, seed=seed, iterations=iterations, seconds=seconds, gap=gap, progress=progress
    )
    plan = posed.plan(found.school)
    seat_prices = {
        posed.school_ids[number]: float(found.multipliers.prices[0, number])
        for number in np.flatnonzero(found.multipliers.prices[0])
    }
    reasons = explain_blocks(district, posed, plan, times, seat_prices=seat_prices)
    return Proposal(
        plan=plan,
        cost=found.cost,
        bound=found.bound,
        seconds=time.monotonic() - began,
        iterations=found.iterations,
        seed=seed,
        rules=kept,
        prices=seat_prices,
        notes=(*posed.notes, *notes, *_notes(posed, problem, found), *unexplained(reasons)),
        excess=float(found.excess.sum()) if problem.rows.hard[0] else 0.0,
        broken=_broken(problem, found),
        certificate=found.multipliers.named(problem, posed.block_ids, posed.school_ids),
        reasons=reasons,
    )


def propose_plans(
    district: District,
    demand: Forecast,
    times_by_stage: Mapping[str, TravelTimes],
    *,
    year: int,
    stages: Iterable[str] | None = None,
    against: Mapping[str, Plan] | None = None,
    seed: int = 7,
    iterations: int | None = None,
) -> dict[str, Proposal]:
    """Return the proposals of several stages (all when left out) by stage, youngest first.

    Parameters
    ----------
    district
        The district.
    demand
        Forecast of children.
    times_by_stage
        Travel times of each stage in its own mode.
    year
        School year.
    stages
        Names of the stages; all of the district when left out.
    against
        Zones in force by stage, where there are any.
    seed, iterations
        As in :func:`propose_plan`.

    Raises
    ------
    InfeasibleError
        When any stage has no plan; carries the shortages of every stage, so that all are known at once.
    DataError
        When the forecast does not reach the year or a stage is not planned.
    """
    wanted = tuple(stages) if stages is not None else tuple(stage.name for stage in district.stages)
    before = {} if against is None else against
    found: dict[str, Proposal] = {}
    refused: list[InfeasibleError] = []
    for stage in wanted:
        try:
            found[stage] = propose_plan(
                district,
                demand,
                times_by_stage[stage],
                stage=stage,
                year=year,
                against=before.get(stage),
                feeder=found[below].plan if (below := stage_below(stage)) in found else None,
                seed=seed,
                iterations=iterations,
            )
        except InfeasibleError as error:
            refused.append(error)
    if refused:
        text = Text("\n".join(e.text.en for e in refused), "\n".join(e.text.zh for e in refused))
        raise InfeasibleError(text, [shortage for error in refused for shortage in error.shortages])
    return found


def _notes(posed: PosedProblem, problem: ZoneProblem, found: Solution) -> tuple[Text, ...]:
    notes = []
    over = np.flatnonzero(found.excess)
    if len(over):
        worst = over[np.argsort(-found.excess[over], kind="stable")]
        named = name_some([f"{posed.school_ids[j]} ({_surplus(found.excess[j])})" for j in worst])
        total = float(found.excess.sum())
        code = "zones.overload" if problem.rows.hard[0] else "zones.overload_priced"
        notes.append(messages.text(code, schools=named, count=len(over), pupils=total))
    breach = problem.breach(found.school)
    for rule in _broken(problem, found):
        at = np.flatnonzero(breach[problem.rows.names.index(rule)])
        named = name_some([posed.school_ids[k] for k in at])
        notes.append(messages.text("zones.rule_broken", rule=rule, schools=named))
    loose = np.flatnonzero(found.detached)
    if len(loose):
        named = name_some([posed.block_ids[i] for i in loose])
        notes.append(messages.text("zones.detached", count=len(loose), blocks=named))
    if found.interrupted:
        notes.append(messages.text("zones.interrupted"))
    bare = sorted(set(posed.school_ids) - {posed.school_ids[j] for j in found.school.tolist()})
    if bare:
        notes.append(messages.text("zones.no_zone", count=len(bare), schools=name_some(bare)))
    return tuple(notes)


def _broken(problem: ZoneProblem, found: Solution) -> tuple[str, ...]:
    """Return the names of the hard load rules beside the seats of the year that a plan breaks."""
    breach = problem.breach(found.school)
    names = problem.rows.names
    return tuple(names[row] for row in range(1, len(names)) if problem.rows.hard[row] and breach[row].any())


def _surplus(pupils: float) -> str:
    return f"+{pupils:.1f}" if pupils >= 0.05 else "< 0.1"
