"""From a district and its policy to arrays: the problem of one stage and year, and what it assumes."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate import Eligibility, Prices, eligible_schools, journey_cost
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones.naming import name_some
from zoning.zones.problem import ZoneProblem, neighbours_of
from zoning.zones.shortage import refuse_no_school, refuse_no_way

__all__ = ["PosedProblem", "keep_homes", "pose_problem"]


@dataclass(frozen=True, eq=False)
class PosedProblem:
    """A problem as arrays, with the names behind the positions.

    Parameters
    ----------
    problem
        The arrays; a school's own block is kept for it (:func:`keep_homes`).
    unkept
        The same without that rule, for when it leaves too few seats.
    block_ids, school_ids
        Names of the rows and columns.
    towns
        Town of each block, object [block].
    rules, unkept_rules
        What each of the two problems keeps, as printed.
    notes
        What was assumed, as printed.
    """

    problem: ZoneProblem
    unkept: ZoneProblem
    block_ids: tuple[str, ...] = field(repr=False)
    school_ids: tuple[str, ...]
    towns: npt.NDArray[np.object_] = field(repr=False)
    rules: tuple[Text, ...] = ()
    unkept_rules: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


def pose_problem(
    district: District,
    demand: Forecast,
    times: TravelTimes,
    *,
    stage: str,
    year: int,
    against: Plan | None = None,
    prices: Prices | None = None,
) -> PosedProblem:
    """Return the zoning problem that a district's policy poses for one stage and year.

    Zoned are the public schools open that year in the place classes of the policy. A block stays within its
    town where it can reach a school there, if the policy says so. A teaching site counts as a school of its
    capacity. Capacity is that of the plan's year alone.

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
        What a departure costs; the documented defaults when left out.

    Raises
    ------
    InfeasibleError
        When no school may be zoned, or a block with pupils has no way to any.
    DataError
        When the forecast does not reach the year or the district does not plan the stage.
    """
    cost = journey_cost(district, demand, times, stage=stage, year=year, against=against, prices=prices)
    found = eligible_schools(district, times, stage=stage, year=year)
    label = district.stage(stage).label
    if not found.school_ids:
        refuse_no_school(label, year, cost.pupils, found.passed_over)
    ids = tuple(district.block_frame.index)
    refuse_no_way(ids, cost.pupils, found.allowed)
    columns = district.school_frame.index.get_indexer(list(found.school_ids))
    seconds = cost.per_pupil_s[:, columns]
    allowed, seconds = _reach_empty_blocks(found, seconds)
    pairs = district.adjacency
    indptr, indices = neighbours_of(np.column_stack([pairs.first, pairs.second]), len(ids))
    unkept = ZoneProblem(
        demand=cost.pupils,
        cost=seconds,
        allowed=allowed,
        capacity=found.capacity,
        indptr=indptr,
        indices=indices,
        home=found.home,
        current=_current(district, against, found),
    )
    rules = _rules(district, stage, year)
    return PosedProblem(
        problem=keep_homes(unkept),
        unkept=unkept,
        block_ids=ids,
        school_ids=found.school_ids,
        towns=district.block_frame["town"].to_numpy(dtype=object),
        rules=rules,
        unkept_rules=tuple(rule for rule in rules if rule != messages.text("zones.rule_home")),
        notes=_notes(district, demand, times, found),
    )


def keep_homes(problem: ZoneProblem) -> ZoneProblem:
    """Return the problem in which a block with schools in it belongs to one of them.

    Only schools that may take the block and can hold all its pupils count; a block that none of its own
    schools can hold stays free.

    Parameters
    ----------
    problem
        The problem.

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
    own[problem.home, np.arange(problem.schools)] = True
    own &= problem.allowed & (problem.capacity[None, :] >= problem.demand[:, None])
    return replace(problem, allowed=np.where(own.any(axis=1, keepdims=True), own, problem.allowed))


def _reach_empty_blocks(
    found: Eligibility,
    seconds: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Let a block without pupils and without a way belong to any zone: there is nobody who would travel."""
    lost = np.asarray(~found.allowed.any(axis=1))
    worst = float(np.nanmax(seconds, initial=0.0))
    return found.allowed | lost[:, None], np.where(np.isfinite(seconds), seconds, worst)


def _current(district: District, against: Plan | None, found: Eligibility) -> npt.NDArray[np.int32]:
    column = {school: number for number, school in enumerate(found.school_ids)}
    before = {} if against is None else dict(against.rows)
    first = (
        next((column[s] for s in before.get(b, ()) if s in column), -1) for b in district.block_frame.index
    )
    return np.fromiter(first, dtype=np.int32, count=len(district.block_frame))


def _rules(district: District, stage: str, year: int) -> tuple[Text, ...]:
    rule = district.policy.of(stage)
    places = [messages.text(f"zones.place_{place}") for place in rule.school_places]
    named = Text(", ".join(p.en for p in places), "、".join(p.zh for p in places))
    kept = [
        messages.text("zones.rule_whole_blocks"),
        messages.text("zones.rule_capacity", year=year),
        messages.text("zones.rule_contiguous"),
        messages.text("zones.rule_home"),
        messages.text("zones.rule_places", places=named),
    ]
    if rule.within_town:
        kept.append(messages.text("zones.rule_town"))
    return tuple(kept)


def _notes(district: District, demand: Forecast, times: TravelTimes, found: Eligibility) -> tuple[Text, ...]:
    notes = [*demand.notes, *times.notes]
    for reason, schools in found.passed_over.items():
        notes.append(messages.text(f"zones.passed_{reason}", count=len(schools), schools=name_some(schools)))
    if found.unserved_towns:
        towns = found.unserved_towns
        notes.append(messages.text("zones.unserved_towns", count=len(towns), towns=name_some(towns)))
    sites = int(district.school_frame.loc[list(found.school_ids), "teaching_site"].sum())
    if sites:
        notes.append(messages.text("zones.teaching_sites", count=sites))
    if found.freed.any():
        ids = district.block_frame.index[found.freed]
        notes.append(messages.text("zones.freed", count=len(ids), blocks=name_some(list(ids))))
    return tuple(notes)
