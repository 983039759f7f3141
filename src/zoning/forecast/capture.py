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

    One share a grade for the whole county, from the last three years in which both were counted; NaN where
    they never were, or the share of the whole stage is not to be believed. Towns have none of their own: a
    child who goes to school in the next town would be taken from the town it lives in.

    Parameters
    ----------
    district
        The district.
    observed
        Resident children by age, float64 [age 0-17], of every counted year; NaN for an age not counted.
    """
    shares = np.full(len(GRADES), np.nan)
    schools, thin = school_panel(district)
    if schools is None:
        return shares, [*thin, messages.text("forecast.no_enrolment")]
    said: dict[str, list[Text]] = {"capture": [], "capture_unknown": [], "capture_odd": []}
    for stage in district.stages:
        attending, living = _known(stage, schools, observed)
        share = float(attending.sum() / living.sum()) if living.sum() > 0 else float("nan")
        printed = Text(f"{stage.label.en} {share:.2f}", f"{stage.label.zh} {share:.2f}")
        if np.isnan(share):
            said["capture_unknown"].append(stage.label)
        elif not _BELIEVABLE[0] <= round(share, 9) <= _BELIEVABLE[1]:  # rounding must not decide
            said["capture_odd"].append(printed)
        else:
            of_grade = np.where(living > 0, attending / np.where(living > 0, living, 1.0), share)
            shares[stage.first - GRADES[0] : stage.last - GRADES[0] + 1] = of_grade
            said["capture"].append(printed)
    notes = [
        messages.text(f"forecast.{code}", **{_FIELD[code]: listed(items)})
        for code, items in said.items()
        if items
    ]
    return shares, [*thin, *notes]


def _known(stage: Stage, schools: Panel, observed: Mapping[int, Floats]) -> tuple[Floats, Floats]:
    """Pupils and resident children of a stage's grades over the last years that know both."""
    pupils = np.where(np.isnan(schools.counts).all(axis=0), np.nan, np.nansum(schools.counts, axis=0))
    both = np.full((2, len(stage.grades), len(schools.years)), np.nan)
    for n, grade in enumerate(stage.grades):
        if grade in schools.grades:
            both[0, n] = pupils[grade - schools.grades[0]]
            age = grade + AGE_OF_GRADE_ZERO
            both[1, n] = [observed[y][age] if y in observed else np.nan for y in schools.years]
    known = ~np.isnan(both).any(axis=0)
    last = np.flatnonzero(known.any(axis=0))[-_RECENT:]
    counted = np.where(known, both, 0.0)[:, :, last].sum(axis=2)
    return counted[0], counted[1]
