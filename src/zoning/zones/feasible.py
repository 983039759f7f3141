"""Whether a plan can exist at all, before one is looked for: the answer with its reasons where none can."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import InfeasibleError, Text
from zoning.zones.assign import Flow, assign_blocks
from zoning.zones.elastic import Elastic, stretch_rules
from zoning.zones.explain import explain_violation
from zoning.zones.kernels.ways import lightest_ways
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, ZoneProblem
from zoning.zones.reachable import MOST_WEIGHED, Reachable, reachable_cells
from zoning.zones.shortage import find_shortages, joined, short_of_seats

__all__ = ["Feasible", "feasible_problem", "stuck_blocks"]

_SAID = 5


@dataclass(frozen=True, eq=False)
class _Violation:
    """The least violation over the cells that may be used."""

    cells: npt.NDArray[np.bool_]
    stretched: Elastic


@dataclass(frozen=True, eq=False)
class Feasible:
    """A problem that split blocks can solve.

    Parameters
    ----------
    problem
        The problem: with schools kept in their own block, or without where that leaves too few seats.
    notes
        What was given up, and blocks that no plan of whole blocks can fit.
    """

    problem: ZoneProblem
    notes: tuple[Text, ...] = ()


def feasible_problem(posed: PosedProblem, stage: Text) -> Feasible:
    """Return which of a posed problem's problems has a plan of split blocks.

    Where seats of the planned year are the only hard rule on loads, a flow tells; otherwise a linear
    programme finds the least by which the hard rules would have to give way.

    Parameters
    ----------
    posed
        The problem.
    stage
        Name of the stage in both languages.

    Raises
    ------
    InfeasibleError
        When no plan keeps every hard rule, with what binds, where, and the least relaxation.
    """
    found = _feasible(posed, posed.problem)
    if isinstance(found, Feasible):
        return found
    freed = messages.text("zones.homes_freed")
    found = _feasible(posed, posed.unkept)
    if isinstance(found, Feasible):
        return replace(found, notes=(freed, *found.notes))
    raise _refusal(posed, stage, found)


def _feasible(posed: PosedProblem, problem: ZoneProblem) -> Feasible | Flow | _Violation:
    """Return the problem with its notes, or what shows that it has no plan: a flow or a violation."""
    plain = _is_plain(posed, problem)
    if plain:
        flow = assign_blocks(problem)
        if (flow.short > 0).any():
            return flow
    reach = _reach(problem)
    # A block too big for every school is over in any plan and said so; it is no reason to refuse the others.
    big = problem.demand > np.where(problem.allowed, problem.capacity, 0.0).max(axis=1) + OVERLOAD_TOLERANCE
    cells = np.where(big[:, None], problem.allowed, reach.open)
    if problem.rows.hard.any() and (not plain or (cells != problem.allowed).any()):
        stretched = stretch_rules(problem, cells)
        if stretched.total > 0:
            return _Violation(cells, stretched)
    return Feasible(problem, stuck_blocks(posed, problem, reach))


def _is_plain(posed: PosedProblem, problem: ZoneProblem) -> bool:
    """Return whether seats of the planned year and the town rule are all that binds."""
    others = [mask for rule, mask in posed.closed.items() if rule != "within_town"]
    return problem.rows.hard.tolist() == [True] + [False] * (len(problem.rows.names) - 1) and not any(
        mask.any() for mask in others
    )


def _reach(problem: ZoneProblem) -> Reachable:
    """Return the reachable cells; on large places, where that takes long and closes little, all allowed."""
    if problem.blocks * problem.schools > MOST_WEIGHED:
        problem = replace(problem, contiguous=False)
    return reachable_cells(problem)


def _refusal(posed: PosedProblem, stage: Text, found: Flow | _Violation) -> InfeasibleError:
    problem = posed.unkept
    if isinstance(found, Flow):
        reach = problem.allowed | posed.closed.get("within_town", problem.allowed)
        shortages = find_shortages(problem, found, posed.school_ids, posed.towns, reach=reach)
        return short_of_seats(stage, posed.year, shortages)
    shortages = explain_violation(posed, problem, found.cells, found.stretched)
    head = messages.text("zones_rules.head", stage=stage, year=posed.year)
    return InfeasibleError(joined([head, *(one.relaxation for one in shortages)]), shortages)


def stuck_blocks(posed: PosedProblem, problem: ZoneProblem, reach: Reachable) -> tuple[Text, ...]:
    """Return a note on blocks that no plan of whole blocks fits into the seats of the planned year.

    Either a block has more pupils than any school that it may attend has seats, or every way of neighbouring
    blocks from it to a school counts more.

    Parameters
    ----------
    posed
        The names.
    problem
        The problem.
    reach
        Its reachable cells.
    """
    if not problem.rows.hard[0]:
        return ()
    limit = problem.capacity + OVERLOAD_TOLERANCE
    most = np.where(problem.allowed, problem.capacity, 0.0).max(axis=1)
    big = problem.demand > most + OVERLOAD_TOLERANCE
    said = [
        _stuck(posed, "too_big", int(block), float(problem.demand[block]), float(most[block]))
        for block in np.flatnonzero(big)[:_SAID]
    ]
    if len(reach.lightest):
        lost = np.isinf(reach.lightest[0]).all(axis=0) & ~big & ~reach.stranded & (problem.demand > 0)
        for block in np.flatnonzero(lost)[: _SAID - len(said)]:
            ways = _ways(problem, int(block))
            school = int(np.argmin(ways - limit))
            said.append(
                _stuck(posed, "too_heavy", int(block), float(ways[school]), float(problem.capacity[school]))
            )
    return tuple(said)


def _ways(problem: ZoneProblem, block: int) -> Floats:
    """Return what the lightest way from a block to each school counts, pupils, float64 [school]."""
    ways, demand = np.full(problem.schools, np.inf), problem.demand
    start = np.array([block], dtype=np.int32)
    for school in np.flatnonzero(problem.allowed[block]).tolist():
        found = np.full(problem.blocks, np.inf)
        column = np.ascontiguousarray(problem.allowed[:, school])
        home = int(problem.home[school])
        column[home] = True
        lightest_ways(
            problem.indptr,
            problem.indices,
            problem.demand,
            start,
            problem.demand[start],
            column,
            np.inf,
            found,
        )
        # The school's block joins its zone even where it belongs to another one.
        is_own = problem.allowed[home].sum() == 1 and problem.allowed[home, school]
        ways[school] = found[home] - (0.0 if is_own or home == block else demand[home])
    return ways


def _stuck(posed: PosedProblem, code: str, block: int, pupils: float, seats: float) -> Text:
    return messages.text(
        f"zones_rules.{code}",
        block=posed.block_ids[block],
        pupils=pupils,
        seats=seats,
        short=math.ceil(pupils - seats - OVERLOAD_TOLERANCE),
    )
