"""Why each block belongs to its school and not to a nearer one (就近不等于最近): reasons that can be proved.

For every school that is nearer than a block's own, the one move of that block is tested against the problem;
what forbids it or makes it dearer is the reason. A move that nothing speaks against is said as well: the plan
can be bettered there.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate import JourneyCost, Prices, journey_cost
from zoning.evaluate.eligibility import eligible_schools, towns_of_schools
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.travel import TravelTimes
from zoning.zones.causes import Grounds, find_causes, grounds_of, surcharges_of
from zoning.zones.moves import Mask, nearer_schools, plant_trees
from zoning.zones.naming import name_some
from zoning.zones.nearby import Nearby, look_around
from zoning.zones.options import ZoneOptions
from zoning.zones.pose import PosedProblem, pose_problem
from zoning.zones.problem import Ints, ZoneProblem
from zoning.zones.wording import Teller, Wording, joined

__all__ = ["explain_blocks", "explain_plan", "positions", "problem_kept", "unexplained"]

_NAMED = 3
"""Nearer schools that are named one by one, the nearest first."""

_BETWEEN = Text(" ", "")
"""What stands between two sentences."""


def explain_plan(  # noqa: PLR0913 - what the plan was asked to keep, each part optional
    district: District,
    demand: Forecast,
    times: TravelTimes,
    plan: Plan,
    *,
    against: Plan | None = None,
    prices: Prices | None = None,
    seat_prices: Mapping[str, float] | None = None,
    options: ZoneOptions | None = None,
    grounds: Grounds | None = None,
) -> dict[str, Reason]:
    """Return why each block of any plan, found or drawn by hand, belongs to its school, by block id.

    Parameters
    ----------
    district
        The district.
    demand
        Forecast of children.
    times
        Travel times of the stage, seconds [block, school].
    plan
        The plan.
    against, prices
        As in :func:`~zoning.zones.propose.propose_plan`.
    seat_prices
        Price of one seat at each school that is full, pupil-seconds, by school id.
    options, grounds
        As in :func:`explain_blocks`.

    Raises
    ------
    InfeasibleError
        When no school may be zoned, or a block with pupils has no way to any.
    DataError
        When the forecast does not reach the plan's year or the district does not plan the stage.
    """
    asked = {"stage": plan.stage, "year": plan.year}
    posed = pose_problem(district, demand, times, **asked, against=against, prices=prices)  # type: ignore[arg-type]
    journey = journey_cost(district, demand, times, **asked, against=against, prices=prices)  # type: ignore[arg-type]
    return explain_blocks(
        district, posed, plan, times, journey, seat_prices=seat_prices, options=options, grounds=grounds
    )


def explain_blocks(
    district: District,
    posed: PosedProblem,
    plan: Plan,
    times: TravelTimes,
    journey: JourneyCost,
    *,
    seat_prices: Mapping[str, float] | None = None,
    options: ZoneOptions | None = None,
    grounds: Grounds | None = None,
) -> dict[str, Reason]:
    """Return why each block of a plan belongs to its school, by block id.

    Nearer means by travel time, among the public schools of the stage that are open in the plan's year and
    stand where the policy places them, whether or not the block may attend. The three nearest are named with
    all that speaks against each; the code is the firmest cause at the nearest of them, or ``search`` where
    nothing speaks against one. A block of a shared zone is explained from the furthest of its schools; blocks
    whose school takes part in no zone of the policy are left out.

    Parameters
    ----------
    district
        The district.
    posed
        The problem that the plan answers.
    plan
        The plan.
    times
        Travel times of the stage, seconds [block, school].
    journey
        The parts of the cost.
    seat_prices
        Price of one seat at each school that is full, pupil-seconds, by school id.
    options
        What was asked beyond the policy: what it locks and shares.
    grounds
        What else decided: feeders, further prices, times without barriers.
    """
    seconds = times.to(list(posed.school_ids))
    school = positions(posed, plan, seconds)
    problem = problem_kept(posed, school)
    known = Grounds() if grounds is None else grounds
    if options is not None:
        asked = grounds_of(options, posed.block_ids, posed.school_ids, school)
        known = replace(known, closed=_merged(asked.closed, known.closed))
    cells = nearer_schools(seconds, school)
    columns = district.school_frame.index.get_indexer(list(posed.school_ids)).astype(np.int32)
    every = replace(known, closed=_merged(_closed(district, posed, plan, times), known.closed))
    surcharges = surcharges_of(journey, problem, columns, school, cells)
    for code, priced in known.priced.items():
        added = priced[cells] - priced[cells[0], school[cells[0]]]
        surcharges[code] = surcharges.get(code, np.zeros(len(added))) + added
        surcharges["price"] = surcharges["price"] - added
    trees = plant_trees(problem, school)
    causes = find_causes(
        problem, posed.unkept.allowed, school, cells, trees, surcharges=surcharges, grounds=every
    )
    worth = {} if seat_prices is None else seat_prices
    words = Wording.of(
        district, posed, plan, seat_prices=np.array([worth.get(name, 0.0) for name in posed.school_ids])
    )
    near = look_around(district, plan, times, posed.school_ids, school, open_times=known.open_times)
    return _told(Teller(words, problem, school, seconds, causes), near)


def unexplained(reasons: Mapping[str, Reason]) -> tuple[Text, ...]:
    """Return a note that counts and names the blocks for which nothing speaks against a nearer school.

    Parameters
    ----------
    reasons
        Reasons by block id.
    """
    found = [block for block, reason in reasons.items() if reason.code == "search"]
    if not found:
        return ()
    return (messages.text("reasons.unexplained", count=len(found), blocks=name_some(found)),)


def positions(posed: PosedProblem, plan: Plan, seconds: npt.NDArray[np.floating]) -> Ints:
    """Return the school of each block, int32 [block]; the furthest of a shared zone, -1 for none of these.

    Parameters
    ----------
    posed
        The problem with its names.
    plan
        The plan.
    seconds
        Travel times, seconds [block, school], to the problem's schools.
    """
    column = {school: number for number, school in enumerate(posed.school_ids)}
    given = dict(plan.rows)
    found = np.full(len(posed.block_ids), -1, dtype=np.int32)
    for block, name in enumerate(posed.block_ids):
        numbers = [column[school] for school in given.get(name, ()) if school in column]
        if len(numbers) > 1:
            numbers.sort(key=lambda number: -float(np.nan_to_num(seconds[block, number], nan=np.inf)))
        found[block] = numbers[0] if numbers else -1
    return found


def problem_kept(posed: PosedProblem, school: Ints) -> ZoneProblem:
    """Return the problem that a plan keeps: with each school's own block kept for it, else without.

    Parameters
    ----------
    posed
        The problem.
    school
        School of each block, int32 [block]; below 0 for none.
    """
    held = np.flatnonzero(school >= 0)
    return posed.problem if posed.problem.allowed[held, school[held]].all() else posed.unkept


def _closed(district: District, posed: PosedProblem, plan: Plan, times: TravelTimes) -> dict[str, Mask]:
    """Return the cells that the town rule and a shared zone close, bool [block, school] by code."""
    shared = np.zeros(posed.problem.allowed.shape, dtype=np.bool_)
    column = {school: number for number, school in enumerate(posed.school_ids)}
    row = {block: number for number, block in enumerate(posed.block_ids)}
    for name, schools in plan.rows:
        if len(schools) > 1 and name in row:
            shared[row[name], [column[school] for school in schools if school in column]] = True
    found = {"shared": shared}
    if district.policy.of(plan.stage).within_town:
        towns = towns_of_schools(district, district.school_frame.loc[list(posed.school_ids)])
        policy = eligible_schools(district, times, stage=plan.stage, year=plan.year)
        way = np.isfinite(times.to(list(posed.school_ids)))
        found["town"] = way & ~policy.allowed & (posed.towns[:, None] != towns[None, :])
    return found


def _merged(first: Mapping[str, Mask], second: Mapping[str, Mask]) -> dict[str, Mask]:
    """Return the cells that either closes, by code."""
    found = dict(first)
    for code, mask in second.items():
        found[code] = found[code] | mask if code in found else mask
    return found


def _told(teller: Teller, near: Nearby) -> dict[str, Reason]:
    """Return the reason of every block that has a school, by block id."""
    words, moves, school = teller.words, teller.causes.moves, teller.school
    own_s = teller.seconds[np.arange(len(school)), np.maximum(school, 0)].astype(np.float64)
    start = np.searchsorted(moves.block, np.arange(len(school) + 1)).tolist()
    open_moves = teller.causes.none
    found = {}
    for block, number in enumerate(school.tolist()):
        if number < 0:
            continue
        nearer = range(start[block], start[block + 1])
        aside = near.aside(words, block)
        if not nearer:
            lost = bool(np.isnan(own_s[block]))
            text = messages.text("reasons.no_way_anywhere") if lost else _plain(words.schools[number])
            code = "barrier" if lost or near.behind[block] >= 0 else "nearest"
            text = joined([text, *aside], _BETWEEN)
            found[words.block_ids[block]] = Reason(code, words.school_ids[number], 0.0, text)
            continue
        shown = [move for move in nearer if move < nearer[0] + _NAMED or open_moves[move]]
        texts = [teller.sentence(move) for move in shown]
        if len(nearer) > len(shown):
            own, left = words.schools[number], len(nearer) - len(shown)
            texts.append(messages.text("reasons.more_nearer", own=own, count=left))
        first = int(moves.school[nearer[0]])
        extra_s = float(np.nan_to_num(own_s[block], nan=np.inf)) - float(teller.seconds[block, first])
        text = joined([*texts, *aside], _BETWEEN)
        found[words.block_ids[block]] = Reason(teller.code(nearer), words.school_ids[first], extra_s, text)
    return found


@cache
def _plain(own: Text) -> Text:
    return messages.text("reasons.nearest", own=own)
