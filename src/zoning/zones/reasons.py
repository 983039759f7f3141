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
from zoning.evaluate import Prices
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.travel import TravelTimes
from zoning.zones.causes import Ground, find_causes
from zoning.zones.moves import nearer_schools
from zoning.zones.naming import name_some
from zoning.zones.nearby import Nearby, look_around
from zoning.zones.options import ZoneOptions
from zoning.zones.placed import place_plan
from zoning.zones.pose import pose_problem
from zoning.zones.posed import PosedProblem
from zoning.zones.surcharges import surcharges_of
from zoning.zones.teller import Teller, joined
from zoning.zones.whole import apart_feeders
from zoning.zones.wording import Wording

__all__ = ["explain_blocks", "explain_plan", "unexplained"]

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
    options: ZoneOptions | None = None,
    feeder: Plan | None = None,
    seat_prices: Mapping[str, float] | None = None,
    open_times: npt.NDArray[np.floating] | None = None,
) -> dict[str, Reason]:
    """Return why each block of any plan, found or drawn by hand, belongs to its school, by block id.

    A plan that parts feeder zones which should stay whole is explained block by block.

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
    against, prices, options, feeder
        As in :func:`~zoning.zones.propose.propose_plan`.
    seat_prices, open_times
        As in :func:`explain_blocks`.

    Raises
    ------
    InfeasibleError
        When no school may be zoned, or the rules leave a block with pupils no school.
    DataError
        When the forecast does not reach the plan's year, the district does not plan the stage, or an option
        names or needs what is not there.
    """
    options = district.zone_options(plan.stage) if options is None else options
    options = replace(options, prices=options.prices if prices is None else prices)

    def posed_with(asked: ZoneOptions) -> PosedProblem:
        return pose_problem(
            district,
            demand,
            times,
            stage=plan.stage,
            year=plan.year,
            against=against,
            options=asked,
            feeder=feeder,
        )

    posed = posed_with(options)
    placed = place_plan(posed, plan, times)
    if placed.split.any():
        alone = posed_with(replace(options, prices=replace(options.prices, split_feeder_s=0.0)))
        posed = apart_feeders(alone, posed.row_of_block, place_plan(alone, plan, times).unit)
    return explain_blocks(district, posed, plan, times, seat_prices=seat_prices, open_times=open_times)


def explain_blocks(
    district: District,
    posed: PosedProblem,
    plan: Plan,
    times: TravelTimes,
    *,
    seat_prices: Mapping[str, float] | None = None,
    open_times: npt.NDArray[np.floating] | None = None,
) -> dict[str, Reason]:
    """Return why each block of a plan belongs to its school, by block id.

    Nearer means by travel time, among the schools with a zone in the plan's year, whether or not the block
    may attend. The three nearest are named with all that speaks against each; the code is the firmest cause
    at the nearest of them, or ``search`` where nothing speaks against one. What is tested is the move to that
    school's zone, shared or its own, and of the whole feeder zone where those stay whole. A block of a shared
    zone is explained from the furthest of its schools; blocks whose school has no zone are left out.

    Parameters
    ----------
    district
        The district.
    posed
        The problem that the plan answers; the plan gives the blocks of one row one school.
    plan
        The plan.
    times
        Travel times of the stage, seconds [block, school].
    seat_prices
        Price of one seat at each zone that is full, pupil-seconds, by name of the problem's column.
    open_times
        Travel times as if there were no barriers, seconds [block, school]; columns are all schools of the
        district. None when not measured.
    """
    placed = place_plan(posed, plan, times)
    problem, unit_of = placed.problem_kept(posed), posed.units.homes[1]
    block, near = nearer_schools(placed.seconds, placed.school)
    cells = (posed.row_of_block[block], unit_of[near])
    within = placed.together[block, near] | (cells[1] == placed.unit[cells[0]])
    surcharges = surcharges_of(posed, problem, placed.unit, cells)
    causes = find_causes(problem, placed.unit, cells, _ground(posed, within), surcharges)
    worth = {} if seat_prices is None else seat_prices
    words = Wording.of(
        district,
        posed,
        plan,
        school_ids=placed.school_ids,
        seat_prices=np.array([worth.get(name, 0.0) for name in posed.school_ids]),
    )
    around = look_around(
        district,
        plan,
        times,
        placed.school_ids,
        placed.school,
        open_times=None if open_times is None else open_times[:, posed.units.columns],
        prices=posed.journey.prices,
    )
    return _told(Teller(words, problem, placed, causes, block, near), around)


def _ground(posed: PosedProblem, within: npt.NDArray[np.bool_]) -> Ground:
    """Return what a plan of a posed problem stands on."""
    block, unit = posed.units.homes
    stands = np.zeros(posed.problem.allowed.shape, dtype=np.bool_)
    stands[posed.row_of_block[block], unit] = True
    return Ground(
        free=posed.unkept.allowed,
        stands=stands,
        closed=posed.closed,
        whole=np.bincount(posed.row_of_block, minlength=len(stands)) > 1,
        within=within,
    )


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


def _told(teller: Teller, around: Nearby) -> dict[str, Reason]:
    """Return the reason of every block that has a school, by block id."""
    words, placed = teller.words, teller.placed
    own_s = placed.seconds[np.arange(len(placed.school)), np.maximum(placed.school, 0)].astype(np.float64)
    start = np.searchsorted(teller.block, np.arange(len(placed.school) + 1)).tolist()
    found = {}
    for block, number in enumerate(placed.school.tolist()):
        if number < 0:
            continue
        nearer = range(start[block], start[block + 1])
        aside = around.aside(words, block)
        if not nearer:
            lost = bool(np.isnan(own_s[block]))
            text = messages.text("reasons.no_way_anywhere") if lost else _plain(words.schools[number])
            code = "barrier" if lost or around.behind[block] >= 0 else "nearest"
            text = joined([text, *aside], _BETWEEN)
            found[words.block_ids[block]] = Reason(code, words.school_ids[number], 0.0, text)
            continue
        first = int(teller.near[nearer[0]])
        extra_s = float(np.nan_to_num(own_s[block], nan=np.inf)) - float(placed.seconds[block, first])
        text = joined([*_sentences(teller, nearer), *aside], _BETWEEN)
        found[words.block_ids[block]] = Reason(teller.code(nearer), words.school_ids[first], extra_s, text)
    return found


def _sentences(teller: Teller, nearer: range) -> list[Text]:
    """Return the sentences on the nearest schools and on every one that is open, and how many are left."""
    shown = [move for move in nearer if move < nearer[0] + _NAMED or teller.open_moves[move]]
    texts = [teller.sentence(move) for move in shown]
    if len(nearer) > len(shown):
        own = teller.own(nearer[0])
        texts.append(messages.text("reasons.more_nearer", own=own, count=len(nearer) - len(shown)))
    return texts


@cache
def _plain(own: Text) -> Text:
    return messages.text("reasons.nearest", own=own)
