"""Seat warnings (学位预警): how likely a school's children outnumber its seats, and its largest class."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.allocation import allocate, at_known_schools
from zoning.evaluate.capacity import school_loads
from zoning.evaluate.classes import ClassesGiven, known_classes, shared_classes
from zoning.evaluate.demand import ZonedDemand, zoned_demand
from zoning.forecast import Forecast
from zoning.norms import norm
from zoning.options import ZoneOptions
from zoning.plan import Plan

__all__ = ["LEVELS", "first_warnings", "seat_warnings", "warning_notes"]

Floats = npt.NDArray[np.float64]

LEVELS: Final = ("none", "yellow", "orange", "red")
"""Levels of a seat warning, ascending; ``unknown`` stands beside them where no probability can be stated."""
_BOUNDS: Final = {"low95": 0.025, "low80": 0.1, "high80": 0.9, "high95": 0.975}
_ROUNDING: Final = 1e-6


def seat_warnings(
    district: District,
    plan: Plan,
    demand: Forecast,
    *,
    classes: ClassesGiven | None = None,
    options: ZoneOptions | None = None,
    against: Plan | None = None,
) -> pd.DataFrame:
    """Return the seat warning of every school that a plan zones, by forecast year from the plan's own on.

    Children and seats are those of the scorecard: shared zones by share, the seats of the year with openings
    and closings, pupils who do not follow the zones at the school where they are. Intervals and probabilities
    are statistics of paths summed over each zone. The level follows ``p_over`` by the policy's thresholds.

    Parameters
    ----------
    district
        The district.
    plan
        The plan, held fixed over the years.
    demand
        Forecast of children; with one path, bounds and probabilities are NaN and the level is ``unknown``.
    classes
        Classes of a grade by (school_id, grade), or by school_id for each of its grades. Elsewhere the newest
        enrolment that counts classes, else the school's classrooms shared out over its grades.
    options
        What is asked beyond the policy; the district's own when left out.
    against
        Zones in force, by which enrolled pupils stay where the options ask for that.

    Returns
    -------
    DataFrame
        ``school_id``, ``year``, ``capacity``, ``mean``, ``low95``, ``low80``, ``high80``, ``high95``
        (pupils), ``p_over`` (share of paths with more pupils than seats), ``classes`` (of all grades),
        ``p_large`` (share of paths in which a grade has a class of 56 or more; NaN without classes) and
        ``level`` (``red``, ``orange``, ``yellow``, ``none`` or ``unknown``).

    Raises
    ------
    DataError
        When the plan, the forecast or the classes do not fit the district, or an option asks for what is not
        there.

    References
    ----------
    MOE statistics: a class of 56 and more is large (大班额), norm ``moe.bands.large``.
    """
    options = district.zone_options(plan.stage) if options is None else options
    zones = _Zones(district, plan, demand, options, against)
    zoned = zones.demand(options)
    table = school_loads(district, plan, zoned.forecast, held=zoned.held)
    ids = pd.Index(table["school_id"].unique())
    stage = district.stage(plan.stage)
    paths = zones.paths(zoned, ids)
    known, _ = known_classes(district, stage, ids, given=classes)
    by_year = (len(demand.years), len(ids))
    seats, rooms = (
        table[name].to_numpy(dtype=np.float64).reshape(by_year).T for name in ("capacity", "classes")
    )
    of_grade = shared_classes(known, rooms, paths.mean(axis=0))
    found = _statistics(paths, seats, of_grade)
    warned = pd.DataFrame(
        {
            "school_id": table["school_id"],
            "year": table["year"],
            "capacity": table["capacity"],
            "mean": table["pupils"],
            **{name: found[name].T.ravel() for name in (*_BOUNDS, "p_over")},
            "classes": of_grade.sum(axis=1).T.ravel(),
            "p_large": found["p_large"].T.ravel(),
            "level": [district.policy.warnings.level(p) for p in found["p_over"].T.ravel()],
        }
    )
    # Before its year the plan is not in force: a school that it leaves out may still be open.
    return warned[warned["year"] >= plan.year].reset_index(drop=True)


def first_warnings(table: pd.DataFrame, *, least: str = "orange") -> pd.DataFrame:
    """Return the first year in which each school's warning reaches a level.

    Parameters
    ----------
    table
        Seat warnings, as :func:`seat_warnings` gives them.
    least
        The level: ``yellow``, ``orange`` or ``red``.

    Returns
    -------
    DataFrame
        One row a school, in the table's order: ``school_id``, ``first_year`` (Int64; missing where it is not
        reached), ``level``, ``p_over``, ``mean`` and ``capacity`` of that year. Without one the numbers are
        missing and the level is ``none``, or ``unknown`` where no probability was stated.

    Raises
    ------
    ValueError
        When there is no such level.

    Examples
    --------
    >>> table = pd.DataFrame({"school_id": ["s1", "s1"], "year": [2027, 2028], "capacity": 90.0,
    ...     "mean": [80.0, 95.0], "p_over": [0.1, 0.7], "level": ["none", "orange"]})
    >>> first_warnings(table)[["school_id", "first_year", "level"]].values.tolist()
    [['s1', 2028, 'orange']]
    """
    if least not in LEVELS[1:]:
        raise ValueError(f"least must be one of {', '.join(LEVELS[1:])}, not {least!r}")
    reached = table[table["level"].isin(LEVELS[LEVELS.index(least) :])]
    first = reached.sort_values("year", kind="stable").drop_duplicates("school_id").set_index("school_id")
    every = first.reindex(table["school_id"].drop_duplicates())
    unstated = every.index.isin(table.loc[table["level"] == "unknown", "school_id"])
    rest = pd.Series(np.where(unstated, "unknown", "none"), index=every.index)
    return pd.DataFrame(
        {
            "first_year": every["year"].astype("Int64"),
            "level": every["level"].fillna(rest),
            **{name: every[name] for name in ("p_over", "mean", "capacity")},
        }
    ).reset_index()


def warning_notes(
    district: District, plan: Plan, demand: Forecast, *, classes: ClassesGiven | None = None
) -> tuple[Text, ...]:
    """Return what seat warnings assume: whether chances can be stated, and where the classes come from.

    Parameters
    ----------
    district, plan, demand, classes
        As in :func:`seat_warnings`.

    Raises
    ------
    DataError
        When the plan or the classes do not fit the district.
    """
    rows, stage = allocate(district, plan), district.stage(plan.stage)
    ids = district.school_frame.index[np.unique(rows.school)]
    _, source = known_classes(district, stage, ids, given=classes)
    notes = []
    if demand.path_count == 1:
        notes.append(messages.text("evaluate.warnings_one_path"))
    counts = source.value_counts()
    notes += [
        messages.text(f"evaluate.classes_by_{name}", schools=int(counts[name]))
        for name in ("given", "enrolment", "rooms", "norm")
        if name in counts
    ]
    return tuple(notes)


@dataclass(frozen=True, eq=False)
class _Zones:
    """A plan whose pupils are counted path by path: those who follow it, and those who stay elsewhere."""

    district: District
    plan: Plan
    all_children: Forecast
    options: ZoneOptions
    against: Plan | None

    def demand(self, options: ZoneOptions) -> ZonedDemand:
        """Return who follows the zones under those options."""
        return zoned_demand(
            self.district,
            self.all_children,
            stage=self.plan.stage,
            year=self.plan.year,
            options=options,
            against=self.against,
        )

    def paths(self, zoned: ZonedDemand, ids: "pd.Index[str]") -> Floats:
        """Return the pupils of those schools, float64 [path, school, grade of the stage, year]."""
        grades = self.district.stage(self.plan.stage).grades
        found = self._sums(zoned.forecast, self.plan, ids)
        if self.options.grandfathered and self.against is not None:
            # Enrolled pupils are as uncertain as the others: their paths, not only their mean.
            before = self.demand(replace(self.options, grandfathered=False))
            gone = ((before.forecast.mean > 0) & (zoned.forecast.mean == 0)).any(axis=0)
            stays = gone[[zoned.forecast.grades.index(grade) for grade in grades]]
            there = at_known_schools(self.district, self.against)
            found = found + self._sums(before.forecast, there, ids) * stays
            zoned = before
        return found + self._held(zoned, ids, grades)

    def _sums(self, demand: Forecast, plan: Plan, ids: "pd.Index[str]") -> Floats:
        rows = allocate(self.district, plan)
        column = ids.get_indexer(self.district.school_frame.index)[rows.school]
        keep = column >= 0
        grades = self.district.stage(plan.stage).grades
        block, share = rows.block[keep], rows.share[keep]
        return demand.sums(block, column[keep].astype(np.int64), share, len(ids), grades=grades)

    def _held(self, zoned: ZonedDemand, ids: "pd.Index[str]", grades: Sequence[int]) -> Floats:
        """Seats that other pupils take, spread over the grades like all children, [school, grade, year]."""
        demand = self.all_children
        at = self.district.school_frame.index.get_indexer(ids)
        none = np.zeros(len(self.district.school_frame))
        by_year = np.stack([zoned.held.get(year, none)[at] for year in demand.years], axis=-1)
        of_grade = demand.mean[:, [demand.grades.index(grade) for grade in grades]].sum(axis=0)
        total = of_grade.sum(axis=0)
        share = np.where(total > 0, of_grade / np.where(total > 0, total, 1.0), 1 / len(grades))
        return np.asarray(by_year[:, None, :] * share)


def _statistics(paths: Floats, seats: Floats, classes: Floats) -> dict[str, Floats]:
    """Return bounds and probabilities, float64 [school, year] each; NaN where one path states none."""
    if len(paths) == 1:
        return {name: np.full(seats.shape, np.nan) for name in (*_BOUNDS, "p_over", "p_large")}
    totals = paths.sum(axis=2)
    bounds = np.quantile(totals, list(_BOUNDS.values()), axis=0)
    most = (norm("moe.bands.large").value or np.inf) - 1
    # A class too large: more children than all classes of the grade hold; a fraction of a child is a child.
    is_large = (np.ceil(paths - _ROUNDING) > most * classes + _ROUNDING).any(axis=2).mean(axis=0)
    return {
        **dict(zip(_BOUNDS, bounds, strict=True)),
        "p_over": (totals > seats + _ROUNDING).mean(axis=0),
        "p_large": np.where(classes.sum(axis=1) > 0, is_large, np.nan),
    }
