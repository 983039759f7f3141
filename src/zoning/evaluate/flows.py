"""Which schools draw pupils from outside their zone: the roll against the children who live in it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import District, Stage
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import DataError, Text
from zoning.evaluate.allocation import allocate, at_known_schools
from zoning.forecast.by_block import residents_panel
from zoning.forecast.by_county import school_panel
from zoning.forecast.panel import Panel
from zoning.plan import Plan

__all__ = ["roll_flows"]

Floats = npt.NDArray[np.float64]

_BELIEVABLE = (0.2, 2.0)


def roll_flows(
    district: District, *, stage: str, plan: Plan | None = None
) -> tuple[pd.DataFrame | None, tuple[Text, ...]]:
    """Return what each school's zone holds, what its roll holds, and the difference, in the last known year.

    The year is the last one that counts residents and enrolment of the stage. Expected pupils are the
    residents of each grade's age times the county's pupils per resident child of that grade and year, so that
    every column adds up to the county's and the net inflows add up to nothing: what one school gains, others
    lose.

    Parameters
    ----------
    district
        The district.
    stage
        Name of the stage.
    plan
        The zones in force; those of the zones table when left out.

    Returns
    -------
    table
        One row a school with a zone or a roll of the stage, and one with an empty ``school_id`` for children
        of blocks without a zone, where there are any: ``school_id``, ``year``, ``residents`` (children),
        ``expected``, ``roll``, ``net_inflow`` (pupils; roll less expected), ``inflow_share`` (of the roll
        where more attend than are expected, else of those expected; -1 to 1, NaN where there are neither).
        None where residents, enrolment or zones are missing.
    notes
        What was assumed, or why there is no table.

    Raises
    ------
    DataError
        When the district does not plan the stage.
    """
    found = district.stage(stage)
    zones = _zones(district, stage, plan)
    people, _ = residents_panel(district)
    rolls, _ = school_panel(district)
    if zones is None or people is None or rolls is None:
        code = "no_zones" if zones is None else "no_residents" if people is None else "no_rolls"
        return None, (messages.text(f"evaluate.flows_{code}", stage=found.label),)
    known = _last_known(found, people, rolls)
    if known is None:
        return None, (messages.text("evaluate.flows_no_year", stage=found.label),)
    year, grades = known
    living = people.counts[:, [g + AGE_OF_GRADE_ZERO - people.grades[0] for g in grades]]
    living = np.nan_to_num(living[:, :, people.years.index(year)])
    attending = rolls.counts[:, [g - rolls.grades[0] for g in grades], rolls.years.index(year)]
    attending = np.nan_to_num(attending)
    share = attending.sum(axis=0) / living.sum(axis=0)
    notes = [messages.text("evaluate.flows", stage=found.label, year=year)]
    whole = float(attending.sum() / living.sum())
    if not _BELIEVABLE[0] <= whole <= _BELIEVABLE[1]:
        share = np.ones(len(grades))
        notes.append(messages.text("evaluate.flows_odd", stage=found.label, share=whole))
    roll = pd.Series(attending.sum(axis=1), index=list(rolls.units))
    table = _table(district, zones, living, living @ share, roll)
    return table.assign(year=year)[["school_id", "year", *_NUMBERS]], tuple(notes)


_NUMBERS = ("residents", "expected", "roll", "net_inflow", "inflow_share")


def _zones(district: District, stage: str, plan: Plan | None) -> Plan | None:
    try:
        zones = Plan.current(district, stage=stage) if plan is None else plan
    except DataError:
        return None
    return at_known_schools(district, zones)


def _last_known(stage: Stage, people: Panel, rolls: Panel) -> tuple[int, list[int]] | None:
    """Return the last year with residents and rolls of the stage, and its grades that have both."""
    for year in sorted(set(people.years) & set(rolls.years), reverse=True):
        ages = np.nansum(people.counts[:, :, people.years.index(year)], axis=0) > 0
        grades = ~np.isnan(rolls.counts[:, :, rolls.years.index(year)]).all(axis=0)
        counted = {people.grades[n] - AGE_OF_GRADE_ZERO for n in np.flatnonzero(ages)}
        taught = {rolls.grades[n] for n in np.flatnonzero(grades)}
        both = [grade for grade in stage.grades if grade in counted and grade in taught]
        if both:
            return year, both
    return None


def _table(
    district: District, zones: Plan, living: Floats, expected: Floats, roll: "pd.Series[float]"
) -> pd.DataFrame:
    rows = allocate(district, zones)
    schools = district.school_frame.index
    children = living.sum(axis=1)
    table = pd.DataFrame(
        {
            "school_id": schools,
            "residents": rows.by_school(children, len(schools)),
            "expected": rows.by_school(expected, len(schools)),
            "roll": roll.reindex(schools).fillna(0.0).to_numpy(),
        }
    )
    zoned = np.isin(np.arange(len(schools)), rows.school)
    table = table[zoned | (table["roll"] > 0).to_numpy()]
    if children[rows.unassigned].sum() > 0:
        rest = (children[rows.unassigned].sum(), expected[rows.unassigned].sum())
        outside = pd.DataFrame(
            {"school_id": [""], "residents": rest[:1], "expected": rest[1:], "roll": [0.0]}
        )
        table = pd.concat([table, outside])
    net = table["roll"] - table["expected"]
    most = table[["roll", "expected"]].max(axis=1)
    return table.assign(net_inflow=net, inflow_share=net / most.where(most > 0)).reset_index(drop=True)
