"""What a forecast says of the histories it learns from: gaps, odd years, rolls against residents."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.district.history import contradictions, jump_years, missing_years, town_gaps
from zoning.errors import DataError, Text
from zoning.forecast.newborns import listed

__all__ = ["history_notes", "refuse_impossible"]

_COUNTS: Final = {
    "residents": ("residents", "registered", "migrants"),
    "births": ("births", "registered_births"),
    "enrolment": ("pupils",),
}
_SHOWN: Final = 20


def refuse_impossible(table: pd.DataFrame, name: str) -> None:
    """Refuse counts of children below 0 or without end.

    Parameters
    ----------
    table
        A table of the district.
    name
        Its name: ``residents``, ``births`` or ``enrolment``.

    Raises
    ------
    DataError
        Naming the first twenty rows that hold one.
    """
    problems = []
    for column in (one for one in _COUNTS[name] if one in table):
        counts = table[column].to_numpy(dtype=np.float64)
        for at in np.flatnonzero((counts < 0) | np.isinf(counts))[:_SHOWN]:
            where: dict[str, Any] = {"file": name, "row": int(at) + 2, "column": column}
            problems.append(messages.problem("forecast.negative", value=f"{counts[at]:g}", **where))
    if problems:
        raise DataError(problems)


def history_notes(district: District) -> list[Text]:
    """Return what the tables lack or contradict, and what the forecast does about it.

    Parameters
    ----------
    district
        The district.
    """
    residents, enrolment, births = (district.table(name) for name in ("residents", "enrolment", "births"))
    notes = []
    for table in (enrolment, residents, births):
        missing = missing_years(table["year"]) if table is not None else []
        if missing:
            name = "enrolment" if table is enrolment else "residents" if table is residents else "births"
            years = _named(map(str, missing))
            notes.append(messages.text(f"forecast.years_missing_{name}", years=years))
    if enrolment is not None:
        rows = enrolment[enrolment["school_id"].isin(district.school_frame.index)]
        notes += [
            messages.text("forecast.year_jumps", year=jump.year, change=100 * jump.change)
            for jump in jump_years(rows)
        ]
    if births is not None:
        towns = sorted(set(district.block_frame["town"].astype(str)))
        _, partly = town_gaps(births, towns)
        if partly:
            notes.append(messages.text("forecast.births_partly", names=_named(partly)))
    return notes + _contradictions(district)


def _contradictions(district: District) -> list[Text]:
    residents, enrolment = district.table("residents"), district.table("enrolment")
    if residents is None or enrolment is None:
        return []
    found = contradictions(
        residents,
        enrolment,
        town_of_block=district.block_frame["town"].to_dict(),
        town_of_school=district.school_frame["town"].to_dict(),
        stages=district.stages,
    )
    notes = []
    for stage in dict.fromkeys(one.stage for one in found):
        of_stage = [one for one in found if one.stage == stage]
        first = of_stage[0]
        if not first.town:
            said = {"pupils": first.pupils, "children": first.children, "year": first.year}
            notes.append(messages.text("forecast.rolls_differ", stage=stage.label, **said))
        else:
            names = _named(one.town for one in of_stage)
            notes.append(
                messages.text("forecast.rolls_differ_towns", stage=stage.label, year=first.year, names=names)
            )
    return notes


def _named(names: Iterable[str]) -> Text:
    return listed([Text(name, name) for name in names])
