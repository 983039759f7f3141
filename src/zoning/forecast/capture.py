"""Which share of a stage's resident children attends a school here: enrolment sets the level."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from zoning import messages
from zoning.district import District, Stage
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.by_county import school_panel
from zoning.forecast.newborns import listed
from zoning.forecast.panel import Floats, Panel
from zoning.forecast.start import GRADES

_RECENT: Final = 3
_BELIEVABLE: Final = (0.2, 2.0)
_FIELD: Final = {"capture": "shares", "capture_unknown": "stages", "capture_odd": "shares"}


def capture_shares(district: District, observed: Mapping[int, Floats]) -> tuple[Floats, list[Text]]:
    """Return pupils per resident child by grade, float64 [grade K1-12], and what was assumed.

    One share a stage for the whole county, from the last three years in which both were counted. Towns have
    none of their own: a child who goes to school in the next town would be taken from the town it lives in.

    Parameters
    ----------
    district
        The district.
    observed
        Resident children by age, float64 [age 0-17], of every counted year; NaN for an age not counted.
    """
    shares = np.ones(len(GRADES))
    schools = school_panel(district)
    if schools is None:
        return shares, [messages.text("forecast.no_enrolment")]
    said: dict[str, list[Text]] = {"capture": [], "capture_unknown": [], "capture_odd": []}
    for stage in district.stages:
        share = _share(stage, schools, observed)
        printed = Text(f"{stage.label.en} {share:.2f}", f"{stage.label.zh} {share:.2f}")
        if np.isnan(share):
            said["capture_unknown"].append(stage.label)
        elif not _BELIEVABLE[0] <= share <= _BELIEVABLE[1]:
            said["capture_odd"].append(printed)
        else:
            shares[[g - GRADES[0] for g in stage.grades]] = share
            said["capture"].append(printed)
    notes = [
        messages.text(f"forecast.{code}", **{_FIELD[code]: listed(items)})
        for code, items in said.items()
        if items
    ]
    return shares, notes


def _share(stage: Stage, schools: Panel, observed: Mapping[int, Floats]) -> float:
    """Pupils of a stage per resident child in the last years that know both; NaN where none does."""
    pupils = np.where(np.isnan(schools.counts).all(axis=0), np.nan, np.nansum(schools.counts, axis=0))
    enrolled = {
        y: [
            (pupils[g - schools.grades[0], y - schools.years[0]], observed[y][g + AGE_OF_GRADE_ZERO])
            for g in stage.grades
            if g in schools.grades
        ]
        for y in schools.years
        if y in observed
    }
    known = {
        y: [(p, r) for p, r in pairs if not (np.isnan(p) or np.isnan(r))] for y, pairs in enrolled.items()
    }
    last = [y for y, pairs in known.items() if pairs][-_RECENT:]
    attending = sum(p for y in last for p, _ in known[y])
    living = sum(r for y in last for _, r in known[y])
    return float(attending / living) if living > 0 else float("nan")
