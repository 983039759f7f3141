"""Which share of a stage's resident children attends a school here: enrolment sets the level."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.by_county import school_panel
from zoning.forecast.panel import Floats
from zoning.forecast.start import GRADES

_RECENT: Final = 3
_BELIEVABLE: Final = (0.2, 2.0)


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
    pupils = np.where(np.isnan(schools.counts).all(axis=0), np.nan, np.nansum(schools.counts, axis=0))
    common = [y for y in schools.years if y in observed][-_RECENT:]
    notes = []
    for stage in district.stages:
        grades = [g for g in stage.grades if g in schools.grades]
        pairs = [
            (pupils[g - schools.grades[0], y - schools.years[0]], observed[y][g + AGE_OF_GRADE_ZERO])
            for y in common
            for g in grades
        ]
        known = [(p, r) for p, r in pairs if not np.isnan(p) and not np.isnan(r)]
        residents = sum(r for _, r in known)
        share = sum(p for p, _ in known) / residents if residents > 0 else np.nan
        fields = {"stage": stage.label.en, "stage_zh": stage.label.zh, "share": share}
        if np.isnan(share):
            notes.append(messages.text("forecast.capture_unknown", **fields))
        elif not _BELIEVABLE[0] <= share <= _BELIEVABLE[1]:
            notes.append(messages.text("forecast.capture_odd", **fields))
        else:
            shares[[g - GRADES[0] for g in stage.grades]] = share
            notes.append(messages.text("forecast.capture", **fields))
    return shares, notes
