"""Who needs a seat in a zone: the forecast without those who attend elsewhere, and the seats they take."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District, Stage
from zoning.errors import DataError, Text
from zoning.evaluate.allocation import allocate, at_known_schools, pupils_of_stage
from zoning.evaluate.groups import group_share
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Plan

__all__ = ["ZonedDemand", "planned_pupils", "seats_left", "zoned_demand"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ZonedDemand:
    """The children whose school the zones decide, and the seats that others take.

    Parameters
    ----------
    forecast
        The forecast of children who follow the zones.
    held
        Seats taken by pupils who do not follow the zones, pupils, float64 [school] by year; columns are all
        schools of the district. Years without any are left out.
    notes
        What was assumed.
    """

    forecast: Forecast
    held: Mapping[int, Floats] = field(default_factory=dict, repr=False)
    notes: tuple[Text, ...] = ()


def zoned_demand(
    district: District,
    demand: Forecast,
    *,
    stage: str,
    year: int,
    options: ZoneOptions,
    against: Plan | None = None,
) -> ZonedDemand:
    """Return the children who follow the zones of a stage from a year on.

    In this order: migrant children at the schools designated for them, pupils of private schools, enrolled
    pupils who stay where they are. Each lowers the blocks' children; the first and the last take seats.

    Parameters
    ----------
    district
        The district.
    demand
        Forecast of all children.
    stage
        Name of the stage.
    year
        School year from which the zones are in force.
    options
        What is asked of the zones.
    against
        Zones in force, by which enrolled pupils stay.

    Raises
    ------
    DataError
        When enrolled pupils stay and no zones in force are given, or migrant children are not counted.
    """
    found = district.stage(stage)
    zoned = ZonedDemand(demand)
    years = [one for one in (year, *options.years) if one in demand.years]
    if options.deduct_designated:
        zoned = _without_designated(district, zoned, found, years)
    if options.deduct_private:
        zoned = _without_private(district, zoned, found, years)
    if options.grandfathered:
        if against is None:
            raise DataError(
                [
                    messages.problem(
                        "evaluate.no_zones_against", file="zones", value="grandfathered", stage=found.label
                    )
                ]
            )
        zoned = _without_enrolled(district, zoned, found, year, against)
    return zoned


def planned_pupils(
    district: District, demand: Forecast, *, stage: str, year: int, quantile: float | None
) -> Floats:
    """Return the pupils that seats are planned for, by block, pupils, float64 [block].

    The mean, or for a quantile the mean of each block times what its town's pupils, summed path by path, are
    at the quantile over their expected number: quantiles of blocks do not add up, those of a town's sum are
    what its schools have to hold. With one path that is the mean.

    Parameters
    ----------
    district
        The district.
    demand
        Forecast of the children who follow the zones.
    stage, year
        Stage and school year.
    quantile
        A share; None for the mean.

    Raises
    ------
    DataError
        When the forecast does not reach the year.
    """
    mean = pupils_of_stage(district, demand, stage=stage, year=year)
    if quantile is None:
        return mean
    names, town = np.unique(district.block_frame["town"].to_numpy(dtype=str), return_inverse=True)
    grades = district.stage(stage).grades
    sums = demand.sums(np.arange(len(town)), town, 1.0, len(names), grades=grades, years=[year])
    middle = np.bincount(town, weights=mean, minlength=len(names))
    high = np.quantile(sums.sum(axis=(2, 3)), quantile, axis=0)
    factor = np.where(middle > 0, high / np.where(middle > 0, middle, 1), 1.0)
    return np.asarray(mean * factor[town])


def seats_left(district: District, zoned: ZonedDemand, *, stage: str, year: int) -> Floats:
    """Return the seats for pupils who follow the zones, pupils, float64 [school]; 0 where a school is closed.

    Parameters
    ----------
    district
        The district; columns are all its schools.
    zoned
        Who follows the zones, and the seats that others take.
    stage, year
        Stage and school year.

    Raises
    ------
    DataError
        When the district does not plan that stage.
    """
    seats = district.schools_of(stage, year)["capacity"].reindex(district.school_frame.index).fillna(0.0)
    return np.asarray(np.maximum(seats.to_numpy(dtype=np.float64) - zoned.held.get(year, 0.0), 0.0))


def _scaled(demand: Forecast, stage: Stage, year: int, factor: Floats) -> Forecast:
    """Return a forecast whose children of a stage and year are multiplied by a factor [block]."""
    times = np.ones_like(demand.mean)
    grades = [demand.grades.index(grade) for grade in stage.grades]
    times[:, grades, demand.years.index(year)] = factor[:, None]
    return demand.scaled(times)


def _without_designated(
    district: District, zoned: ZonedDemand, stage: Stage, years: list[int]
) -> ZonedDemand:
    demand, held, notes = zoned.forecast, dict(zoned.held), list(zoned.notes)
    for year in years:
        share = group_share(district, "migrants", stage=stage.name, year=year)
        pupils = pupils_of_stage(district, demand, stage=stage.name, year=year)
        migrants = float(pupils @ share)
        chosen = district.school_frame["designated_for_migrants"].to_numpy(dtype=np.bool_)
        seats = np.where(chosen, seats_left(district, zoned, stage=stage.name, year=year), 0.0)
        placed = min(migrants, float(seats.sum()))
        if placed > 0:
            demand = _scaled(demand, stage, year, 1 - share * placed / migrants)
            held[year] = held.get(year, 0.0) + seats * placed / seats.sum()
        notes.append(messages.text("evaluate.deduct_designated", year=year, pupils=placed, migrants=migrants))
    return ZonedDemand(demand, held, tuple(notes))


def _without_private(district: District, zoned: ZonedDemand, stage: Stage, years: list[int]) -> ZonedDemand:
    demand, notes = zoned.forecast, list(zoned.notes)
    for year in years:
        open_schools = district.schools_of(stage.name, year)
        private = open_schools[open_schools["ownership"] == "private"]
        enrolment = district.table("enrolment")
        source, count = "seats", float(private["capacity"].sum())
        if enrolment is not None:
            rows = enrolment[enrolment["grade"].isin(list(stage.grades))]
            rows = rows[rows["school_id"].isin(private.index) & (rows["year"] == rows["year"].max())]
            if len(rows):
                source, count = "enrolment", float(rows["pupils"].sum())
        total = float(pupils_of_stage(district, demand, stage=stage.name, year=year).sum())
        gone = min(count, total)
        if gone > 0:
            demand = _scaled(demand, stage, year, np.full(len(district.block_frame), 1 - gone / total))
        said = messages.text(f"evaluate.by_{source}")
        notes.append(messages.text("evaluate.deduct_private", year=year, pupils=gone, source=said))
    return replace(zoned, forecast=demand, notes=tuple(notes))


def _without_enrolled(
    district: District, zoned: ZonedDemand, stage: Stage, year: int, against: Plan
) -> ZonedDemand:
    """Keep those who entered before the year at their school; of year y, grades above the y - year first."""
    demand = zoned.forecast
    rows = allocate(district, at_known_schools(district, against))
    times, held, notes = np.ones_like(demand.mean), dict(zoned.held), list(zoned.notes)
    stays = np.zeros(len(district.block_frame), dtype=np.bool_)
    stays[rows.block] = True
    for at, one in enumerate(demand.years):
        later = [g for step, g in enumerate(stage.grades) if one >= year and step > one - year]
        columns = [demand.grades.index(g) for g in later if g in demand.grades]
        if not columns:
            continue
        # Children of a block that had no zone have no school to stay at and follow the new zones.
        staying = demand.mean[:, columns, at].sum(axis=1) * stays
        held[one] = held.get(one, 0.0) + rows.by_school(staying, len(district.school_frame))
        times[:, columns, at] = ~stays[:, None]
        if one == year:
            total = float(staying.sum())
            notes.append(messages.text("evaluate.grandfathered", stage=stage.label, year=year, pupils=total))
    return ZonedDemand(demand.scaled(times), held, tuple(notes))
