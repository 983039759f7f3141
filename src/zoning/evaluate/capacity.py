"""Pupils against seats and classes, by school and year."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district import District
from zoning.evaluate.allocation import allocate, pupils_of_stage
from zoning.evaluate.balance import variation
from zoning.evaluate.scorecard import Measure
from zoning.forecast import Forecast
from zoning.norms import norm
from zoning.plan import Plan

__all__ = ["capacity_measures", "class_bands", "school_loads"]

Floats = npt.NDArray[np.float64]


def class_bands(pupils: npt.ArrayLike, classes: npt.ArrayLike) -> dict[str, int]:
    """Return the number of classes in each band of class size when pupils are spread evenly.

    A school with P pupils (rounded up) in C classes has P mod C classes of one more pupil than the others.

    Parameters
    ----------
    pupils, classes
        Pupils and classes of each school, [school]; schools without classes do not count.

    Returns
    -------
    dict
        ``all``, ``largish``, ``large`` and ``oversize`` classes, each band without the one above.

    References
    ----------
    MOE statistics: 46-55 largish, 56-65 large (大班额), 66 and more oversize (超大班额).

    Examples
    --------
    >>> class_bands([111.0], [2])
    {'all': 2, 'largish': 1, 'large': 1, 'oversize': 0}
    """
    edges = [norm(f"moe.bands.{band}").value or math.inf for band in ("largish", "large", "oversize")]
    counts = np.zeros(4, dtype=np.int64)
    for heads, rooms in zip(np.atleast_1d(pupils), np.atleast_1d(classes), strict=True):
        if not rooms >= 1:
            continue
        size, fuller = divmod(math.ceil(heads - 1e-6), int(rooms))
        for value, number in ((size, int(rooms) - fuller), (size + 1, fuller)):
            counts[np.searchsorted(edges, value, side="right")] += number
    bands = dict(zip(("largish", "large", "oversize"), counts[1:].tolist(), strict=True))
    return {"all": int(counts.sum())} | bands


def school_loads(
    district: District, plan: Plan, demand: Forecast, *, held: Mapping[int, Floats] | None = None
) -> pd.DataFrame:
    """Return pupils, seats and class size of every school that the plan zones, in every year of the forecast.

    The zones are held fixed; only the children change. A year in which a school is not open has capacity 0.
    Years that lack a grade of the stage are left out.

    Parameters
    ----------
    district
        The district.
    plan
        The plan.
    demand
        Forecast of children.
    held
        Pupils of each school who do not follow the zones, float64 [school] by year; none when left out.

    Returns
    -------
    DataFrame
        ``school_id``, ``year``, ``pupils``, ``capacity`` (pupils), ``utilisation`` (share; infinite where
        pupils meet no seat), ``classes`` (classrooms, or seats by the class-size norm where unknown),
        ``class_size`` (pupils; NaN without classes).

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not, or the forecast has no year for it.
    """
    rows = allocate(district, plan)
    zoned = np.unique(rows.school)
    frames = []
    for year in demand.years:
        pupils = pupils_of_stage(district, demand, stage=plan.stage, year=year)
        loads = rows.by_school(pupils, len(district.school_frame))[zoned]
        if held is not None and year in held:
            loads = loads + held[year][zoned]
        frames.append(_one_year(district, plan.stage, year, zoned, loads))
    return pd.concat(frames, ignore_index=True)


def capacity_measures(
    district: District, plan: Plan, demand: Forecast, *, held: Mapping[int, Floats] | None = None
) -> list[Measure]:
    """Return the capacity measures of a plan in its year, and the year of its highest utilisation.

    Parameters
    ----------
    district, plan, demand, held
        As in :func:`school_loads`.

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not, or the forecast lacks its year.
    """
    pupils_of_stage(district, demand, stage=plan.stage, year=plan.year)
    loads = school_loads(district, plan, demand, held=held)
    now = loads[loads["year"] == plan.year]
    pupils, seats = now["pupils"].to_numpy(), now["capacity"].to_numpy()
    over = np.maximum(pupils - seats, 0.0)
    bands = class_bands(pupils, now["classes"])
    large = (bands["large"] + bands["oversize"]) / bands["all"] if bands["all"] else math.nan
    every = loads.groupby("year")[["pupils", "capacity"]].sum()
    ratio = every["pupils"] / every["capacity"].where(every["capacity"] > 0)
    return [
        Measure.named("capacity.pupils", pupils.sum(), "pupils"),
        Measure.named("capacity.seats", seats.sum(), "pupils"),
        Measure.named(
            "capacity.utilisation", pupils.sum() / seats.sum() if seats.sum() else math.nan, "share"
        ),
        Measure.named(
            "capacity.highest", now["utilisation"].max() if len(now) else math.nan, "share"
        ).held_to(1),
        Measure.named("capacity.overloaded_schools", (over > 1e-6).sum(), "schools").held_to(0),
        Measure.named("capacity.pupils_over", over.sum(), "pupils").held_to(0),
        Measure.named("capacity.largest_class", now["class_size"].max() if len(now) else math.nan, "pupils"),
        Measure.named("capacity.large_classes", large, "share").held_to(
            norm("moe.target.large").value or 0.0,
            norm("moe.target.large").source,
        ),
        Measure.named("capacity.oversize_classes", bands["oversize"], "classes").held_to(
            0,
            norm("moe.target.oversize").source,
        ),
        Measure.named("capacity.peak_utilisation", ratio.max() if ratio.notna().any() else math.nan, "share"),
        Measure.named("capacity.peak_year", _peak_year(ratio), "year"),
        Measure.named("balance.seats_variation", variation(seats, pupils), "share"),
    ]


def _peak_year(ratio: pd.Series) -> float:
    """Return the year of the highest ratio, NaN where there is none."""
    return float(ratio.index[int(ratio.argmax())]) if ratio.notna().any() else math.nan


def _one_year(
    district: District,
    stage: str,
    year: int,
    zoned: npt.NDArray[np.int64],
    pupils: npt.NDArray[np.float64],
) -> pd.DataFrame:
    ids = district.school_frame.index[zoned]
    seats = district.schools_of(stage, year)["capacity"].reindex(ids).fillna(0.0).to_numpy(dtype=np.float64)
    rooms = district.school_frame.get(f"classrooms_{stage}")
    by_norm = np.ceil(seats / _class_size(district, stage)[zoned])
    classes = by_norm if rooms is None else np.where(rooms.iloc[zoned].notna(), rooms.iloc[zoned], by_norm)
    classes = np.where(seats > 0, classes, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        utilisation = np.where(pupils > 0, pupils / seats, 0.0)
        class_size = np.where(classes > 0, pupils / classes, np.nan)
    return pd.DataFrame(
        {
            "school_id": ids,
            "year": year,
            "pupils": pupils,
            "capacity": seats,
            "utilisation": utilisation,
            "classes": classes,
            "class_size": class_size,
        },
    )


def _class_size(district: District, stage: str) -> npt.NDArray[np.float64]:
    """Return the class-size norm of each school, pupils, float64 [school]."""
    rule = district.policy.of(stage)
    site = rule.class_size if rule.site_class_size is None else rule.site_class_size
    return np.where(district.school_frame["teaching_site"], site.value, rule.class_size.value)
