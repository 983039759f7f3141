"""The start of a forecast from residents by block and age, whose cohorts grow older where they live."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.by_county import school_panel
from zoning.forecast.capture import capture_shares
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.migrants import MigrantChildren, migrant_panel
from zoning.forecast.newborns import cohorts_ahead
from zoning.forecast.panel import Bools, Floats, Panel, sum_cells, sum_towns, thin_years
from zoning.forecast.scenario import Scenario
from zoning.forecast.start import AGES, GRADES, Start, counted_ages, whole_ages, whole_ratios

_YOUNG: Final = 6
_COMPULSORY: Final = range(1, 10)


def start_by_block(district: District, last: int, *, scenario: Scenario | None = None) -> Start | None:
    """Return the start from the residents table; None when it has nothing to go on.

    Parameters
    ----------
    district
        The district; its births and enrolment sharpen the start where they are given.
    last
        Last school year wanted.
    scenario
        What is supposed of births and migration; what is expected when left out.
    """
    panel, start_notes = residents_panel(district)
    if panel is None:
        return None
    scenario = Scenario() if scenario is None else scenario
    first_age, base = panel.grades[0], panel.years[-1]
    migrants = migrant_panel(district, panel)
    ratios, usual, notes = _ratios(district, _settled(panel, migrants))
    flows, said = _inflow(panel, migrants, ratios, scenario)
    towns = panel.by_town()
    entries, more = cohorts_ahead(
        district.table("births"),
        towns,
        panel,
        max(last, base),
        cutoff=district.policy.cutoff,
        course=scenario.births,
    )
    by_block = _block_shares(panel)[:, None] * entries[panel.town_codes]
    known = panel.counts[:, :, -1]
    younger = by_block[:, :first_age][:, ::-1]
    earlier = {
        year: whole_ages(_filled(panel.counts[:, :, n]), first_age)
        for n, year in enumerate(panel.years[:-1])
        if not np.isnan(panel.counts[:, :, n]).all()
    }
    return Start(
        year=base,
        children=whole_ages(known, first_age, younger),
        ratios=whole_ratios(ratios, first_age),
        entries=by_block[:, first_age:],
        earlier=earlier,
        observed_by_age=counted_ages(panel),
        notes=(*start_notes, *_notes(panel), *notes, *said, *more),
        first_counted=first_age,
        usual_ratios=None if usual is None else whole_ratios(usual, first_age),
        **flows,
    )


def _settled(panel: Panel, migrants: Panel | None) -> Panel:
    """The residents whose ratios everybody progresses by: those who are not migrants, where told apart."""
    if migrants is None:
        return panel
    return replace(panel, counts=np.maximum(panel.counts - migrants.counts, 0.0))


def _inflow(
    panel: Panel, migrants: Panel | None, ratios: Floats, scenario: Scenario
) -> tuple[dict[str, Floats], list[Text]]:
    """The net inflow of migrant children as a start takes it, and what is said of it."""
    if migrants is None:
        return {}, [messages.text("forecast.no_migration", year=panel.years[-1])]
    if scenario.migration == "off":
        return {}, [messages.text("forecast.migration_off")]
    model = MigrantChildren().fit(panel, migrants, ratios)
    flows = {}
    for name, inflow in (("inflow", model.inflow_), ("usual_inflow", model.town_inflow_)):
        flows[name] = np.zeros((len(panel.units), len(AGES)))
        flows[name][:, list(panel.grades)] = inflow
    said = messages.text("forecast.migration", children=float(model.inflow_.sum()))
    return flows, [said]


def residents_panel(district: District) -> tuple[Panel | None, list[Text]]:
    """Return residents by block, age and year, blocks in the district's order, and what was assumed.

    A block without a row for an age that others counted that year has no children of it. Where ``residents``
    is blank, registered and migrant children together stand in for it. None when there are no residents.
    """
    found = _cells(district)
    if found is None:
        return None, []
    counts, first = found
    thin = thin_years(counts)
    counts[:, :, thin] = np.nan
    notes = [messages.text("forecast.thin_residents", year=first + int(n)) for n in thin]
    last = int(np.flatnonzero(~np.isnan(counts).all(axis=(0, 1)))[-1])
    ages = np.flatnonzero(~np.isnan(counts[:, :, last]).all(axis=0))
    low, high = int(ages[0]), int(ages[-1])
    counts = counts[:, low : high + 1, : last + 1]
    counts = np.where(np.isnan(counts).all(axis=0), np.nan, np.nan_to_num(counts))
    # The newest year must know every age between its youngest and its oldest: a gap counts no children.
    counts[:, :, -1] = np.nan_to_num(counts[:, :, -1])
    blocks = district.block_frame
    years = tuple(range(first, first + last + 1))
    towns = tuple(blocks["town"].astype(str))
    return Panel(counts, tuple(map(str, blocks.index)), towns, tuple(range(low, high + 1)), years), notes


def _cells(district: District) -> tuple[Floats, int] | None:
    """Children as the table has them, [block, age 0-17, year], NaN without a row; and its first year."""
    table = district.table("residents")
    if table is None or table.empty:
        return None
    count = table["residents"].astype("float64")
    if {"registered", "migrants"} <= set(table):
        count = count.fillna(table["registered"].astype("float64") + table["migrants"].astype("float64"))
    blocks = district.block_frame.index
    block = blocks.get_indexer(pd.Index(table["block_id"]))
    age = table["age"].to_numpy(dtype=np.float64)
    keep = (block >= 0) & count.notna().to_numpy() & (age >= AGES[0]) & (age <= AGES[-1])
    if not keep.any():
        return None
    years = table["year"].to_numpy(dtype=np.int64)[keep]
    first = int(years.min())
    shape = (len(blocks), len(AGES), int(years.max()) - first + 1)
    return sum_cells(
        (block[keep], age[keep].astype(np.int64), years - first), count.to_numpy()[keep], shape
    ), first


def _filled(counts: Floats) -> Floats:
    """Children of an earlier year; an age that was not counted as many as the next older (or younger) one."""
    return pd.DataFrame(counts).bfill(axis=1).ffill(axis=1).to_numpy(dtype=np.float64)


def _block_shares(panel: Panel) -> Floats:
    """Share of its town's young children by block, float64 [block]; equal where a town has none."""
    codes, towns = panel.town_codes, len(panel.town_names)
    young = panel.counts[:, :_YOUNG, -1].sum(axis=1)
    total = sum_towns(young[:, None], codes, towns)[codes, 0]
    blocks = np.bincount(codes, minlength=towns)[codes]
    return np.where(total > 0, young / np.where(total > 0, total, 1.0), 1.0 / blocks)


def _ratios(district: District, panel: Panel) -> tuple[Floats, Floats | None, list[Text]]:
    """Ratios of every block between its known ages, those of its town where told apart, and their source."""
    if len(panel.grades) == 1:
        return np.ones((len(panel.units), 0)), None, []
    counted: Bools = np.asarray(~np.isnan(panel.counts).all(axis=0))
    if (counted[:-1, :-1] & counted[1:, 1:]).any():
        model = CohortProgression().fit(panel)
        said = messages.text("forecast.progression", first=panel.years[0], last=panel.years[-1])
        return model.ratios_, model.town_ratios_[panel.town_codes], [said]
    schools, notes = school_panel(district)
    if schools is None or len(schools.years) < 2:
        note = messages.text("forecast.no_progression", year=panel.years[-1])
        return np.ones((len(panel.units), len(panel.grades) - 1)), None, [note]
    ratios, more = _enrolment_ratios(district, panel, schools)
    return ratios, None, [*notes, *more]


def _enrolment_ratios(district: District, panel: Panel, schools: Panel) -> tuple[Floats, list[Text]]:
    """Ratios of residents that make pupils progress as enrolment does.

    The county's ratio of every grade, divided by how much more of the next grade attends at all; a town's own
    ratio only within the compulsory stages, as elsewhere pupils change towns or need not attend.
    """
    ones = np.ones((len(panel.units), len(AGES) - 1))
    inside = slice(panel.grades[0], panel.grades[-1])
    try:
        by_town, county = _fitted(schools)
    except ValueError:
        return ones[:, inside], [messages.text("forecast.no_progression", year=panel.years[-1])]
    shares, _ = capture_shares(district, counted_ages(panel))
    for n, grade in enumerate(schools.grades[:-1]):
        share, after = shares[grade - GRADES[0]], shares[grade - GRADES[0] + 1]
        change = after / share if share > 0 else np.nan  # a grade that no pupil is in says nothing
        together = any(grade in s.grades and grade + 1 in s.grades for s in district.stages)
        compulsory = together and grade in _COMPULSORY and grade + 1 in _COMPULSORY
        if not (compulsory or change > 0):
            continue
        local = [by_town[t][n] if compulsory and t in by_town else county[n] for t in panel.town_names]
        level = np.asarray(local)[panel.town_codes]
        ones[:, grade + AGE_OF_GRADE_ZERO] = level / change if change > 0 else level
    return ones[:, inside], [messages.text("forecast.enrolment_progression", year=panel.years[-1])]


def _fitted(schools: Panel) -> tuple[dict[str, Floats], Floats]:
    """Enrolment ratios of each town, and of the county as a whole: pupils who change towns stay in it."""
    place = ("county",) * len(schools.town_names)
    counts = np.where(_present(schools), schools.by_town(), np.nan)
    towns = Panel(counts, schools.town_names, place, schools.grades, schools.years)
    total = np.where(np.isnan(counts).all(axis=0), np.nan, np.nansum(counts, axis=0))
    county = Panel(total[None], place[:1], place[:1], schools.grades, schools.years)
    of_towns = CohortProgression().fit(towns).ratios_
    return dict(zip(schools.town_names, of_towns, strict=True)), CohortProgression().fit(county).ratios_[0]


def _present(schools: Panel) -> Bools:
    """Whether a town has a school with that grade that year, bool [town, grade, year]."""
    has = (~np.isnan(schools.counts)).astype(np.float64)
    return np.asarray(sum_towns(has, schools.town_codes, len(schools.town_names)) > 0)


def _notes(panel: Panel) -> list[Text]:
    notes = []
    low, high = panel.grades[0], panel.grades[-1]
    if low > 0:
        notes.append(messages.text("forecast.ages_below", age=low))
    if high < AGES[-1]:
        notes.append(messages.text("forecast.ages_above", age=high))
    empty = int(np.count_nonzero(panel.counts[:, :, -1].sum(axis=1) == 0))
    if empty:
        notes.append(messages.text("forecast.blocks_empty", blocks=empty, year=panel.years[-1]))
    return notes
