"""From a district and its policy to arrays: the problem of one stage and year, and what it assumes."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.district.asked import check_options
from zoning.errors import DataError, Problems, Text
from zoning.evaluate import (
    JourneyCost,
    Load,
    Prices,
    eligible_schools,
    feeder_plan,
    journey_cost,
    loads_of_zones,
    zoned_demand,
)
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones.cells import Cells, open_cells
from zoning.zones.joins import joined_pairs, pieces_of
from zoning.zones.naming import name_some
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import LoadRule, ZoneProblem, neighbours_of
from zoning.zones.said import said_notes, said_rules
from zoning.zones.shortage import refuse_no_school
from zoning.zones.units import Units, units_of
from zoning.zones.whole import whole_feeders

__all__ = ["PosedProblem", "keep_homes", "pose_problem"]

Homes = tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]


def pose_problem(  # noqa: PLR0913 - what propose_plan takes
    district: District,
    demand: Forecast,
    times: TravelTimes,
    *,
    stage: str,
    year: int,
    against: Plan | None = None,
    prices: Prices | None = None,
    options: ZoneOptions | None = None,
    feeder: Plan | None = None,
) -> PosedProblem:
    """Return the zoning problem that a district's policy and options pose for one stage and year.

    Zoned are the public schools open that year in the place classes of the policy. A block stays within its
    town where it can reach a school there, if the policy says so. A teaching site counts as a school of its
    capacity. Capacity is that of the plan's year and of the further years that the options name.

    Parameters
    ----------
    district
        The district.
    demand
        Forecast of children.
    times
        Travel times of the stage, seconds [block, school].
    stage
        Name of the stage.
    year
        School year.
    against
        The plan whose pupils should stay; None when nobody moves.
    prices
        What a departure costs; those of the options when left out.
    options
        What is asked beyond the policy; the district's own when left out.
    feeder
        Zones of the stage below, where splitting them has a price; those in force when left out.

    Raises
    ------
    InfeasibleError
        When no school may be zoned, or the rules leave a block with pupils no school.
    DataError
        When the forecast does not reach a year, the district does not plan the stage, or an option names or
        needs what is not there.
    """
    options = district.zone_options(stage) if options is None else options
    options = replace(options, prices=options.prices if prices is None else prices)
    label = district.stage(stage).label
    _refuse_unknown(district, stage, options)
    zoned = zoned_demand(district, demand, stage=stage, year=year, options=options, against=against)
    feeder = feeder_plan(district, stage, options.prices, feeder)
    asked: Any = {"stage": stage, "year": year, "prices": options.prices}
    cost = journey_cost(district, zoned.forecast, times, **asked, against=against, feeder=feeder)
    found = eligible_schools(district, times, **asked)
    if not found.school_ids:
        refuse_no_school(label, year, cost.pupils, found.passed_over)
    units = units_of(district, found, stage=stage, shared=options.shared)
    cells = open_cells(district, cost, found, units, options=options, against=against)
    loads = loads_of_zones(district, zoned, found, stage=stage, year=year, options=options)
    notes = said_notes(district, demand, times, found, zoned=zoned, loads=loads, units=units, options=options)
    ids = tuple(district.block_frame.index)
    arrays = _arrays(district, cost, units, cells, loads=loads, options=options, against=against)
    posed = PosedProblem(
        problem=arrays,
        unkept=arrays,
        block_ids=ids,
        school_ids=units.names,
        towns=district.block_frame["town"].to_numpy(dtype=object),
        journey=cost,
        units=units,
        rules=said_rules(district, cost, year=year, options=options, units=units, against=against),
        notes=(*notes, *cells.notes),
        stage=stage,
        year=year,
        members=units.members,
        every_block=ids,
        row_of_block=np.arange(len(ids), dtype=np.int32),
        closed=cells.closed,
    )
    return _finished(district, posed, units, options, feeder)


def keep_homes(problem: ZoneProblem, homes: Homes | None = None) -> ZoneProblem:
    """Return the problem in which a block with schools in it belongs to one of them.

    Only schools that may take the block and can hold all its pupils, in every planned year, count; a block
    that none of its own schools can hold stays free.

    Parameters
    ----------
    problem
        The problem.
    homes
        Blocks and schools of which the one stands in the other, where a school of the problem stands in
        several blocks (a shared zone); the homes of the problem when left out.

    Examples
    --------
    >>> row = neighbours_of(np.array([[0, 1]]), 2)
    >>> kept = keep_homes(ZoneProblem(demand=np.ones(2), cost=np.zeros((2, 2)),
    ...     allowed=np.ones((2, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 1], dtype=np.int32)))
    >>> kept.allowed.tolist()
    [[True, False], [False, True]]
    """
    own = np.zeros_like(problem.allowed)
    own[homes or (problem.home, np.arange(problem.schools))] = True
    own &= problem.allowed
    rows = problem.rows
    for weight, upper in zip(rows.weight, rows.upper, strict=True):
        if (weight >= 0).all():
            own &= upper[None, :] >= weight[:, None]
    return replace(problem, allowed=np.where(own.any(axis=1, keepdims=True), own, problem.allowed))


def _arrays(
    district: District,
    cost: JourneyCost,
    units: Units,
    cells: Cells,
    *,
    loads: tuple[Load, ...],
    options: ZoneOptions,
    against: Plan | None,
) -> ZoneProblem:
    seconds = cost.per_pupil_s[:, units.columns]
    worst = float(np.nanmax(seconds, initial=0.0))
    seats, *others = loads
    pairs = joined_pairs(district, across_barriers=options.across_barriers)
    indptr, indices = neighbours_of(pairs, len(district.block_frame))
    return ZoneProblem(
        demand=cost.pupils,
        cost=units.mean(np.where(np.isfinite(seconds), seconds, worst)),
        allowed=cells.allowed,
        capacity=seats.upper,
        indptr=indptr,
        indices=indices,
        home=units.home,
        current=_current(district, against, units),
        rules=tuple(LoadRule(one.name, one.weight, one.lower, one.upper, one.price) for one in others),
        capacity_price=seats.price,
        contiguous=options.contiguous,
    )


def _finished(
    district: District, posed: PosedProblem, units: Units, options: ZoneOptions, feeder: Plan | None
) -> PosedProblem:
    """Return the problem with feeder zones whole and schools in their own block, and the rules without."""
    homes: Homes = units.homes
    if feeder is not None and np.isinf(options.prices.split_feeder_s):
        posed = whole_feeders(district, posed, feeder)
        homes = (posed.row_of_block[units.homes[0]], units.homes[1])
    home_rule = messages.text("zones.rule_home")
    island = _islands(posed) if options.contiguous else ()
    return replace(
        posed,
        notes=(*posed.notes, *island),
        problem=keep_homes(posed.unkept, homes),
        unkept_rules=tuple(rule for rule in posed.rules if rule != home_rule),
    )


def _islands(posed: PosedProblem) -> tuple[Text, ...]:
    """Return a note on the blocks that shared borders join to no school that they may attend."""
    problem = posed.unkept
    ends = np.repeat(np.arange(problem.blocks), np.diff(problem.indptr))
    piece = pieces_of(np.column_stack([ends, problem.indices]), problem.blocks)
    if not piece.any():
        return ()
    same = piece[:, None] == piece[problem.home][None, :]
    lost = np.flatnonzero(~(same & problem.allowed).any(axis=1))
    if not len(lost):
        return ()
    named = name_some([posed.block_ids[block] for block in lost])
    pupils = float(problem.demand[lost].sum())
    return (messages.text("zones_rules.islands", count=len(lost), pupils=pupils, blocks=named),)


def _current(district: District, against: Plan | None, units: Units) -> npt.NDArray[np.int32]:
    column = {school: number for number, schools in enumerate(units.members) for school in schools}
    before = {} if against is None else dict(against.rows)
    first = (
        next((column[s] for s in before.get(b, ()) if s in column), -1) for b in district.block_frame.index
    )
    return np.fromiter(first, dtype=np.int32, count=len(district.block_frame))


def _refuse_unknown(district: District, stage: str, options: ZoneOptions) -> None:
    problems = Problems()
    check_options({stage: options}, district.block_frame, district.school_frame, problems)
    if problems.failed:
        raise DataError(problems.items)
