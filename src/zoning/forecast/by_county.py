"""The start of a forecast without residents: the county's pupils or births, spread over the blocks."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.entry import cohort_births
from zoning.forecast.newborns import cohorts_ahead, listed
from zoning.forecast.outlook import births_ahead
from zoning.forecast.panel import Floats, Panel, thin_years
from zoning.forecast.rolls import filled_rolls, usable_rolls
from zoning.forecast.scenario import Births
from zoning.forecast.start import AGES, Start, counted_ages, whole_ages, whole_ratios

_COUNTY: Final = "county"


def school_panel(district: District) -> tuple[Panel | None, list[Text]]:
    """Return enrolment by school, grade and year with the schools' towns, and what was assumed.

    A cell is NaN where the school has no such grade that year; a year that nobody counted, or hardly any
    school, is all NaN. Holes that would read as a loss of pupils are filled
    (:func:`~zoning.forecast.rolls.filled_rolls`). None when there is no enrolment to go on.

    Raises
    ------
    DataError
        When pupils are negative or no number.
    """
    table = district.table("enrolment")
    schools = district.school_frame
    towns = dict(zip(schools.index.astype(str), schools["town"].astype(str), strict=True))
    if table is None:
        return None, []
    rows, notes = usable_rolls(table, towns)
    total = rows.groupby("year")["pupils"].sum()
    empty = [int(year) for year in total.index[total <= 0]]
    notes += [messages.text("forecast.rolls_zero", year=year) for year in empty]
    rows = rows[~rows["year"].isin(empty)]
    if rows.empty:
        return None, [*notes, messages.text("forecast.rolls_none")]
    panel = Panel.of_frame(rows, towns)
    thin = thin_years(panel.counts)
    counts = panel.counts.copy()
    counts[:, :, thin] = np.nan
    last = int(np.flatnonzero(~np.isnan(counts).all(axis=(0, 1)))[-1])
    notes += [messages.text("forecast.thin_enrolment", year=panel.years[n]) for n in thin]
    panel = replace(panel, counts=counts[:, :, : last + 1], years=panel.years[: last + 1])
    closes = schools["closes"] if "closes" in schools else pd.Series(dtype="float64")
    panel, more = filled_rolls(panel, closes)
    return panel, [*notes, *more]


def start_by_county(district: District, first: int, last: int, *, course: Births = "medium") -> Start | None:
    """Return the start from enrolment, else from births alone; None when there is neither.

    The county's children are spread over towns by births (by primary pupils where there are none) and evenly
    over the blocks of a town: a stopgap until residents by block are given, as the notes say.

    Parameters
    ----------
    district
        The district.
    first, last
        First and last school year wanted.
    course
        Course of the births after the last known year.
    """
    schools, notes = school_panel(district)
    births = _births_by_town(district)
    if schools is not None:
        start = _of_enrolment(district, schools, births, last, course)
        return replace(start, notes=(*notes, *start.notes))
    if births is not None:
        start = _of_births(district, births, (first, last), course)
        return replace(start, notes=(*notes, *start.notes))
    return None


def _of_enrolment(
    district: District, schools: Panel, births: pd.DataFrame | None, last: int, course: Births
) -> Start:
    counts = np.where(np.isnan(schools.counts).all(axis=0), np.nan, np.nansum(schools.counts, axis=0))
    newest = np.flatnonzero(~np.isnan(counts[:, -1]))
    low, high = int(newest[0]), int(newest[-1])
    counts = pd.DataFrame(counts[low : high + 1]).interpolate(axis=0).to_numpy(dtype=np.float64)
    ages = tuple(g + AGE_OF_GRADE_ZERO for g in schools.grades[low : high + 1])
    county = Panel(counts[None], (_COUNTY,), (_COUNTY,), ages, schools.years)
    try:
        ratios = CohortProgression().fit(county).ratios_
        notes = [messages.text("forecast.no_residents", year=county.years[-1])]
    except ValueError:
        now = counts[:, -1]
        ratios = np.where(now[:-1] > 0, now[1:] / np.where(now[:-1] > 0, now[:-1], 1.0), 1.0)[None]
        notes = [messages.text("forecast.no_residents_one_year", year=county.years[-1])]
    entries, more = cohorts_ahead(
        _county_births(district),
        county.by_town(),
        county,
        max(last, county.years[-1]),
        cutoff=district.policy.cutoff,
        course=course,
    )
    low_age = ages[0]
    younger = entries[:, :low_age][:, ::-1]
    share, spread = _shares(district, births, schools)
    filled = pd.DataFrame(counts).bfill().ffill().to_numpy(dtype=np.float64)
    earlier = {y: whole_ages(filled[None, :, n], low_age) for n, y in enumerate(county.years[:-1])}
    return Start(
        year=county.years[-1],
        children=whole_ages(counts[None, :, -1], low_age, younger),
        ratios=whole_ratios(ratios, low_age),
        entries=entries[:, low_age:],
        share=share[None],
        earlier=earlier,
        observed_by_age=counted_ages(county),
        notes=(*notes, *more, *spread),
        first_counted=low_age,
    )


def _of_births(district: District, births: pd.DataFrame, span: tuple[int, int], course: Births) -> Start:
    first, last = span
    share, spread = _shares(district, births, None)
    counted = district.block_frame["town"].astype(str).isin(births.index).to_numpy()
    known = float(share[counted].sum())
    # Towns without births have children all the same: as many as their blocks are given of the others'.
    total = births.sum(axis=0, min_count=1) / (known if known > 0 else 1.0)
    base = min(first, int(total.index[-1]))  # the newest data, which bounds how far ahead years may be
    wanted = range(base - AGES[-1], last + 1)
    cohorts = total.reindex(range(min(wanted[0], total.index[0]), max(wanted[-1], total.index[-1]) + 1))
    supposed = _births_by_town(district, until=last, course=course)
    if supposed is not None:
        cohorts = cohorts.fillna(supposed.sum(axis=0, min_count=1))
    by_cohort = cohorts.bfill().ffill().reindex(wanted).to_numpy(dtype=np.float64)
    return Start(
        year=base,
        children=by_cohort[None, : len(AGES)][:, ::-1],
        ratios=np.ones((1, len(AGES) - 1)),
        entries=by_cohort[None, len(AGES) :],
        share=share[None],
        notes=(
            messages.text("forecast.births_only", first=int(total.index[0]), last=int(total.index[-1])),
            *spread,
        ),
        first_counted=len(AGES),
    )


def _births_by_town(
    district: District, *, until: int | None = None, course: Births = "medium"
) -> pd.DataFrame | None:
    """Births between two cut-offs by town of the district; registered ones where there are no others. With
    ``until`` they go on to that year as supposed.
    """  # noqa: D205 - one sentence
    births = district.table("births")
    if births is None:
        return None
    births = births[births["town"].isin(set(district.block_frame["town"]))]
    if until is not None:
        births, _ = births_ahead(births, until, course=course)
    for column in ("births", "registered_births"):
        if column in births and births[column].notna().any():
            table = cohort_births(births, cutoff=district.policy.cutoff, column=column)
            if table.notna().any(axis=None):
                table = table.dropna(axis=1, how="all").dropna(axis=0, how="all")
                return table.T.interpolate(limit_direction="both").T
    return None


def _county_births(district: District) -> pd.DataFrame | None:
    """The births of all towns summed under the county's name.

    A year that one of them lacks is scaled up by what its other years lead to expect: it must not read as a
    fall. A town without any births is left out of all years alike.
    """
    births = district.table("births")
    if births is None:
        return None
    births = _of_one_kind(births[births["town"].isin(set(district.block_frame["town"]))])
    columns = [c for c in ("births", "registered_births") if c in births]
    by = [c for c in ("year", "month") if c in births]
    births = births.astype(dict.fromkeys(columns, "float64"))
    for column in columns:
        known = births[births[column].notna()]
        if known.empty:
            continue
        of_town = known.pivot_table(index="year", columns="town", values=column, aggfunc="sum")
        whole = of_town.interpolate(limit_direction="both").sum(axis=1)
        births[column] *= births["year"].map(whole / of_town.sum(axis=1).where(lambda counted: counted > 0))
    return births.groupby(by, dropna=False)[columns].sum(min_count=1).reset_index().assign(town=_COUNTY)


def _of_one_kind(births: pd.DataFrame) -> pd.DataFrame:
    """Births by month in years for which every town gives months, else of the whole year: the months of some
    towns must not stand for the county.
    """  # noqa: D205 - one sentence
    if "month" not in births:
        return births
    of_year, key = births["month"].isna(), [births["year"], births["town"]]
    by_month = (~of_year).groupby(key).transform("any").groupby(births["year"]).transform("all")
    kept = births[by_month | of_year | ~of_year.groupby(key).transform("any")]
    return kept.assign(month=kept["month"].where(by_month))


def _shares(
    district: District, births: pd.DataFrame | None, schools: Panel | None
) -> tuple[Floats, list[Text]]:
    """Share of the county's children by block, float64 [block], and what was assumed.

    By town, then evenly over its blocks. A town of which nothing is known has the average of a block.
    """
    towns = district.block_frame["town"].astype(str)
    pupils = pd.Series(dtype="float64") if schools is None else _primary_pupils(schools)
    weight = pupils
    if births is not None:
        weight = births.iloc[:, -6:].mean(axis=1)
        both = pupils.index.intersection(weight.index)
        scale = weight[both].sum() / pupils[both].sum() if len(both) else 1.0
        weight = weight.reindex(weight.index.union(pupils.index)).fillna(pupils * scale)
    blocks = towns.groupby(towns).transform("size").to_numpy(dtype=np.float64)
    each = towns.map(weight.astype("float64")).to_numpy(dtype=np.float64) / blocks
    known = ~np.isnan(each)
    if not known.any() or not np.nansum(each) > 0:
        return np.full(len(each), 1.0 / len(each)), []
    without = sorted(set(towns[~known]))
    each = np.where(known, each, np.nanmean(each))
    names = listed([Text(town, town) for town in without])
    notes = [messages.text("forecast.towns_average", names=names)] if without else []
    return each / each.sum(), notes


def _primary_pupils(schools: Panel) -> "pd.Series[float]":
    """Newest pupils of primary school (of any grade where there is none) by town, those without left out."""
    primary = [n for n, g in enumerate(schools.grades) if 1 <= g <= 6] or list(range(len(schools.grades)))
    pupils = np.nansum(schools.counts[:, primary, -1], axis=1)
    by_town = pd.Series(pupils).groupby(np.asarray(schools.towns, dtype=object)).sum()
    return by_town[by_town > 0]
