"""A stored bound checked again: the problem posed anew, what was stored evaluated once, no solver."""

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problem, Problems
from zoning.evaluate import Prices
from zoning.forecast import Forecast
from zoning.load import PlanRecord
from zoning.load.records import Compared
from zoning.plan import Plan
from zoning.proposal import Certificate
from zoning.travel import TravelTimes
from zoning.zones.certificate import cut_holds, lower_bound
from zoning.zones.contiguity import detached_blocks
from zoning.zones.multipliers import Multipliers
from zoning.zones.naming import name_some
from zoning.zones.options import ZoneOptions
from zoning.zones.pose import pose_problem
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import Ints, Rows, ZoneProblem
from zoning.zones.reachable import Reachable, reachable_cells

__all__ = ["Recheck", "recheck_record"]

FILE = "plan.json"
_KEY_BLOCKS = "certificate.block_prices"
_SAME = 1e-9
"""Share by which two sums of the same numbers may differ."""
_LOWER = 1e-6
"""Share by which a stored bound may lie below what its multipliers prove: it was cut to the plan's cost."""


@dataclass(frozen=True)
class Recheck:
    """What checking a record again gave.

    Parameters
    ----------
    cost
        Cost of the plan as its table holds it now, pupil-seconds; infinite where the rules forbid it.
    bound
        What the stored multipliers, cuts and block prices prove on the present data, pupil-seconds; those
        that do not hold are left out.
    over
        Pupils over the seats, where none may be over.
    prices, cuts, blocks
        Multipliers of load rules, cuts and block prices that the bound was evaluated from.
    findings
        What differs from the record; empty where everything holds.
    """

    cost: float
    bound: float
    over: float
    prices: int
    cuts: int
    blocks: int = 0
    findings: tuple[Problem, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.findings

    @property
    def gap(self) -> float:
        """(cost - bound) / bound, a share; NaN for a plan over its hard seats or that the rules forbid."""
        if self.over > 0 or not math.isfinite(self.cost):
            return math.nan
        if self.cost <= self.bound:
            return 0.0
        return (self.cost - self.bound) / self.bound if self.bound > 0 else math.inf


def recheck_record(record: PlanRecord, district: District, demand: Forecast, times: TravelTimes) -> Recheck:
    """Pose the problem of a record again and check its bound and cost, in one pass and without a solver.

    Parameters
    ----------
    record
        What :func:`zoning.load.read_record` returns; it must hold a certificate.
    district
        The district that the plan is of.
    demand
        Forecast of children; must reach the plan's year and those of its options.
    times
        Travel times of the stage, seconds [block, school].

    Raises
    ------
    ValueError
        When the record holds no certificate.
    InfeasibleError
        When the data have changed so that no plan is possible.
    DataError
        When the forecast does not reach the year or the district does not plan the stage.
    """
    if record.certificate is None:
        raise ValueError("the record holds no certificate")
    found = Problems()
    if record.data_digest != district.place.planning_digest:
        _add(found, "recheck.data_changed", "data_digest", record.data_digest[:16])
    against = _compared("against", record.against, district, found)
    feeder = _compared("feeder", record.feeder, district, found)
    posed = pose_problem(
        district,
        demand,
        times,
        stage=record.plan.stage,
        year=record.plan.year,
        against=against,
        prices=_prices(record),
        options=ZoneOptions.of_record(record.options),
        feeder=feeder,
    )
    problem = posed.problem if record.keeps_homes else posed.unkept
    reach = reachable_cells(problem)
    stored = _named(record.certificate, posed, problem, found)
    multipliers, bound = _evaluated(problem, stored, reach, posed, found)
    cost, over = _plan_cost(record, posed, problem, reach, found)
    _compare(record, cost, bound, over, found)
    counted = int(np.count_nonzero(multipliers.prices))
    cuts, blocks = len(multipliers.cuts), len(multipliers.blocks)
    return Recheck(cost, bound, over, counted, cuts, blocks, tuple(found.items))


def _add(found: Problems, code: str, key: str, value: object = None, **said: Any) -> None:  # noqa: ANN401 - as the sentence takes
    found.add(messages.problem(code, file=FILE, column=key, value=value, **said))


def _prices(record: PlanRecord) -> Prices:
    """Return the prices that were asked; one that this version has not shows as another cost."""
    known = {one.name for one in fields(Prices)}
    return Prices(**{name: price for name, price in record.prices.items() if name in known})


def _compared(key: str, said: Compared | None, district: District, found: Problems) -> Plan | None:
    """Return a plan that the problem was posed with; say when it is no longer the one that was meant."""
    if said is None:
        return None
    try:
        plan = said.plan or Plan.current(district, stage=said.stage).for_year(said.year)
    except DataError:
        plan = None
    if plan is None or plan.digest != said.digest:
        _add(found, "recheck.against_changed", f"{key}.digest", said.digest[:16])
    return plan


def _named(stored: Certificate, posed: PosedProblem, problem: ZoneProblem, found: Problems) -> Multipliers:
    """Return the multipliers of rules, schools and limits that exist, and report the others."""
    rows = problem.rows
    rule = {name: number for number, name in enumerate(rows.names)}
    school = {name: number for number, name in enumerate(posed.school_ids)}
    prices = []
    for name, school_id, price in stored.prices:
        if name not in rule:
            _add(found, "recheck.unknown_rule", "certificate.prices", name)
        elif school_id not in school:
            _add(found, "recheck.not_zoned", "certificate.prices", school_id)
        elif not _has_limit(rows, rule[name], school[school_id], price):
            _add(found, "recheck.no_limit", "certificate.prices", repr(price), rule=name, school=school_id)
        else:
            prices.append((name, school_id, price))
    cuts = []
    for cut in stored.cuts:
        if cut.school_id not in school:
            _add(found, "recheck.not_zoned", "certificate.cuts", cut.school_id)
        elif not cut.multiplier >= 0:
            _add(found, "recheck.negative", "certificate.cuts", repr(cut.multiplier), block=cut.block_id)
        else:
            cuts.append(cut)
    kept = Certificate(tuple(prices), tuple(cuts), _priced_blocks(stored, posed.block_ids, found))
    return Multipliers.of_names(kept, problem, posed.block_ids, posed.school_ids)


def _priced_blocks(
    stored: Certificate, block_ids: tuple[str, ...], found: Problems
) -> tuple[tuple[str, float], ...]:
    """Return the price of every block; none, which is reported, where one has no finite price."""
    paid, known = dict(stored.blocks), set(block_ids)
    unknown = [block for block in paid if block not in known]
    endless = [block for block in block_ids if not math.isfinite(paid.get(block, 0.0))]
    bare = [block for block in block_ids if block not in paid] if paid else []
    told = {
        "recheck.unknown_blocks": unknown,
        "recheck.endless_blocks": endless,
        "recheck.bare_blocks": bare,
    }
    for code, blocks in told.items():
        if blocks:
            _add(found, code, _KEY_BLOCKS, count=len(blocks), blocks=name_some(blocks))
    return () if endless or bare else tuple((block, paid[block]) for block in block_ids if paid)


def _evaluated(
    problem: ZoneProblem, stored: Multipliers, reach: Reachable, posed: PosedProblem, found: Problems
) -> tuple[Multipliers, float]:
    """Return the multipliers that hold and the bound that they prove; report cuts that do not hold."""
    try:
        return stored, lower_bound(problem, stored, reach)
    except ValueError:
        holding = []
        for cut in stored.cuts:
            if cut_holds(problem, reach, cut):
                holding.append(cut)
                continue
            block, school = posed.block_ids[cut.block], posed.school_ids[cut.school]
            _add(found, "recheck.cut_fails", "certificate.cuts", block, school=school)
    left = replace(stored, cuts=tuple(holding))
    return left, lower_bound(problem, left, reach)


def _has_limit(rows: Rows, row: int, school: int, price: float) -> bool:
    """Return whether the limit that a price belongs to exists."""
    limit = rows.upper[row, school] if price > 0 else rows.lower[row, school]
    return price == 0 or bool(np.isfinite(limit))


def _plan_cost(
    record: PlanRecord, posed: PosedProblem, problem: ZoneProblem, reach: Reachable, found: Problems
) -> tuple[float, float]:
    """Return cost and pupils over the seats of the plan as it is, and report the rules that it breaks."""
    at = _positions(record.plan, posed.block_ids, posed.school_ids)
    lost = [
        block
        for block, number, allowed in zip(posed.block_ids, at.tolist(), problem.allowed, strict=True)
        if number < 0 or not allowed[number]
    ]
    if lost:
        _add(found, "recheck.not_allowed", "plan_digest", count=len(lost), blocks=name_some(lost))
        return math.inf, 0.0
    over = float(problem.excess(at).sum()) if problem.rows.hard[0] else 0.0
    breach = problem.breach(at)
    for row in np.flatnonzero(problem.rows.hard & breach.any(axis=1)).tolist():
        if row > 0 or not math.isclose(over, record.excess, rel_tol=_LOWER):
            schools = name_some([posed.school_ids[k] for k in np.flatnonzero(breach[row])])
            _add(found, "recheck.rule_broken", "certificate.prices", problem.rows.names[row], schools=schools)
    if problem.contiguous:
        loose = np.flatnonzero(detached_blocks(problem, at) & ~reach.stranded)
        if len(loose):
            named = name_some([posed.block_ids[block] for block in loose])
            _add(found, "recheck.detached", "plan_digest", count=len(loose), blocks=named)
    return problem.cost_of(at), over


def _positions(plan: Plan, block_ids: tuple[str, ...], units: tuple[str, ...]) -> Ints:
    """Return the column of each row, -1 for none; a shared zone is the column named by all its schools."""
    column = {frozenset(unit.split(";")): number for number, unit in enumerate(units)}
    alone = {school: number for members, number in column.items() for school in members}
    schools = dict(plan.rows)
    held = [schools.get(block, ()) for block in block_ids]
    found = [column.get(frozenset(own), alone.get(own[0], -1) if own else -1) for own in held]
    return np.array(found, dtype=np.int32)


def _compare(record: PlanRecord, cost: float, bound: float, over: float, found: Problems) -> None:
    """Report stored numbers that the data do not give."""
    hours = {"cost": cost / 3600, "bound": bound / 3600}
    if record.plan_digest != record.plan.digest:
        _add(found, "recheck.plan_changed", "plan_digest", record.plan_digest[:16], **hours)
    elif record.cost is None or not math.isclose(record.cost, cost, rel_tol=_SAME, abs_tol=_SAME):
        _add(found, "recheck.cost_differs", "cost", _number(record.cost), gives=_number(cost))
    stored = math.nan if record.bound is None else record.bound
    if not bound * (1 - _LOWER) - _SAME <= stored <= bound * (1 + _SAME) + _SAME:
        _add(found, "recheck.bound_differs", "bound", _number(record.bound), gives=_number(bound))
    if over == 0 and bound > cost * (1 + _SAME) + _SAME:
        _add(found, "recheck.bound_above", "bound", _number(bound), gives=_number(cost))


def _number(value: float | None) -> str:
    return "–" if value is None else repr(value)
