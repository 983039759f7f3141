"""Children younger than the known ages, cohort by cohort, from births."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from zoning import messages
from zoning.errors import Text
from zoning.forecast.entry import BirthEntry, cohort_births
from zoning.forecast.outlook import births_ahead
from zoning.forecast.panel import Bools, Floats, Panel
from zoning.forecast.scenario import Births

_OLDER: Final = 6
_FLAT: Final = 0.0005


def cohorts_ahead(
    births: pd.DataFrame | None,
    totals: Floats,
    panel: Panel,
    last: int,
    *,
    cutoff: tuple[int, int],
    course: Births = "medium",
) -> tuple[Floats, list[Text]]:
    """Return the children who reach the youngest known age after the panel ends, by town and cohort.

    Parameters
    ----------
    births
        The births table; None when there is none.
    totals
        Children by town, float64 [town, age, year].
    panel
        The panel of those totals; its ``town_names`` are the towns and its grades are ages.
    last
        Last cohort wanted (the autumn in which it is of age 0).
    cutoff
        Month and day of the cut-off.
    course
        Course of the births after the last known year.

    Returns
    -------
    entries
        Children at the youngest age of the panel, float64 [town, cohort]; the first cohort is the one after
        the last that the panel knows.
    notes
        What was assumed.
    """
    observed, first = _observed_cohorts(totals, panel)
    ahead = max(0, last - (first + observed.shape[1] - 1))
    wanted = range(first, first + observed.shape[1] + ahead)
    entered = np.concatenate([observed, np.full((len(observed), ahead), np.nan)], axis=1)
    longer, trends = (None, {}) if births is None else births_ahead(births, wanted[-1], course=course)
    (resident, known), (registered, known_registered) = (
        [_cohorts(table, column, panel.town_names, wanted, cutoff) for table in (longer, births)]
        for column in ("births", "registered_births")
    )
    entries = _of_births((resident, known), (registered, known_registered), entered, ahead)
    if births is None or (np.isnan(resident).all() and np.isnan(registered).all()):
        return entries, [messages.text("forecast.no_births", year=panel.years[-1])]
    return entries, [births_note(births, trends, cutoff, course), *_notes(panel, resident, registered)]


def births_note(
    births: pd.DataFrame, trends: Mapping[str, float], cutoff: tuple[int, int], course: Births
) -> Text:
    """Return the sentence on the births used and on those supposed after the last known year.

    Parameters
    ----------
    births
        The births table as given.
    trends
        Yearly change of the births supposed, share, by column.
    cutoff
        Month and day of the cut-off.
    course
        Course of the births after the last known year.
    """
    counted = births[births.filter(["births", "registered_births"]).notna().any(axis=1)]
    last, (month, day) = int(counted["year"].max()), cutoff
    change = next(iter(trends.values()), 0.0)
    if course == "medium" and abs(change) < _FLAT:
        return messages.text("forecast.births", last=last, month=month, day=day)
    label = messages.text(f"forecast.births_{course}")
    return messages.text(
        "forecast.births_course", last=last, month=month, day=day, course=label, change=100 * change
    )


def _observed_cohorts(totals: Floats, panel: Panel) -> tuple[Floats, int]:
    """Children of every cohort at the youngest age counted, float64 [town, cohort], and the first."""
    later = totals[:, 0, :]
    older = totals[:, 1 : _OLDER + 1, 0][:, ::-1]
    return np.concatenate([older, later], axis=1), panel.years[0] - panel.grades[0] - older.shape[1]


def _cohorts(
    births: pd.DataFrame | None,
    column: str,
    towns: Sequence[str],
    wanted: range,
    cutoff: tuple[int, int],
) -> Floats:
    if births is None or column not in births:
        return np.full((len(towns), len(wanted)), np.nan)
    table = cohort_births(births, cutoff=cutoff, column=column)
    return table.reindex(index=list(towns), columns=list(wanted)).to_numpy(dtype=np.float64)


def _of_births(
    residents: tuple[Floats, Floats], registrations: tuple[Floats, Floats], entered: Floats, ahead: int
) -> Floats:
    """Entries of the last cohorts: from resident births, else registered ones, else the recent mean.

    Each comes with the births supposed and as known only: what is supposed must not move the ratio.
    """
    (resident, known), (registered, known_registered) = residents, registrations
    now = entered.shape[1] - ahead
    none = (
        np.isnan(resident[:, now:]).all(axis=1, keepdims=True) if ahead else np.zeros((len(entered), 1), bool)
    )
    by_resident = BirthEntry().fit(known, entered).predict(resident[:, now:])
    has_other = ~np.isnan(registered[:, now:]).all(axis=1, keepdims=True)
    by_registered = BirthEntry().fit(known_registered, entered).predict(registered[:, now:])
    return np.where(none & has_other, by_registered, by_resident)


def _notes(panel: Panel, resident: Floats, registered: Floats) -> list[Text]:
    """Which towns have no births, or registered ones only."""
    notes = []
    without: Bools = np.asarray(np.isnan(resident).all(axis=1))
    lacking: Bools = np.asarray(without & np.isnan(registered).all(axis=1))
    for code, chosen in (("births_missing", lacking), ("births_registered", without & ~lacking)):
        if chosen.any():
            notes.append(messages.text(f"forecast.{code}", names=listed(_those(panel.town_names, chosen))))
    return notes


def _those(names: Sequence[str], chosen: Bools) -> list[Text]:
    return [Text(name, name) for name, wanted in zip(names, chosen, strict=True) if wanted]


def listed(names: Sequence[Text]) -> Text:
    """Return the first names of a list as one text, each language with its own comma.

    Examples
    --------
    >>> listed([Text("North", "北镇"), Text("South", "南镇")])
    Text(en='North, South', zh='北镇、南镇')
    """
    shown = names[:5]
    rest = f" … ({len(names)})" if len(names) > len(shown) else ""
    return Text(", ".join(n.en for n in shown) + rest, "、".join(n.zh for n in shown) + rest)
