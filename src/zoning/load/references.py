"""What one table says of another: ids that must exist, stages that a school must serve."""

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import STAGES
from zoning.errors import Problems
from zoning.load.columns import SHOWN, CheckedTable
from zoning.load.headers import nearest

_LABEL: Final = {stage.name: stage.label for stage in STAGES}
_STAGE_OF_GRADE: Final = {grade: stage.name for stage in STAGES for grade in stage.grades}


def check_references(tables: Mapping[str, CheckedTable], problems: Problems) -> None:
    """Report every id of one table that another one does not have, with the nearest one it has.

    Parameters
    ----------
    tables
        Checked tables by name.
    problems
        Takes what is found.
    """
    for checked in tables.values():
        for column in checked.table.columns:
            home, _, name = column.refers.partition(".")
            if home in tables and column.name in checked.headers and name in tables[home].frame:
                known = set(tables[home].frame[name]) - {""}
                check_ids(checked, column.name, known, problems, home=tables[home].file)
    if "schools" in tables and "blocks" in tables:
        _check_towns(tables["schools"], tables["blocks"], problems)
    if "schools" in tables:
        _check_stages(tables, problems)


def check_ids(
    checked: CheckedTable, column: str, known: Collection[str], problems: Problems, *, home: str
) -> None:
    """Report every value of a column that is not known, with the nearest one that is; blanks pass.

    Parameters
    ----------
    checked
        The table.
    column
        Its column.
    known
        The values allowed.
    problems
        Takes what is found.
    home
        Where those values stand.
    """
    values = checked.frame[column]
    wrong = np.flatnonzero(~(values.isin(known) | (values == "")).to_numpy())
    alike_of: dict[str, str | None] = {}
    for at in wrong[:SHOWN]:
        value = str(values.iloc[at])
        alike = alike_of.setdefault(value, _nearest_id(value, known))
        code = "load.unknown_id" if alike is None else "load.unknown_id_alike"
        checked.report(problems, code, [int(at)], column=column, home=home, alike=alike)
    if len(wrong) > SHOWN:
        shown = checked.shown(column)
        problems.add(messages.problem("load.more", file=checked.file, column=shown, more=len(wrong) - SHOWN))


def _nearest_id(value: str, known: Collection[str]) -> str | None:
    """Return the known id nearest to a value: by leading zeros or case, else by look."""
    for one in known:
        if one.lstrip("0") == value.lstrip("0") or one.lower() == value.lower():
            return one
    return nearest(value, sorted(known))


def _check_towns(schools: CheckedTable, blocks: CheckedTable, problems: Problems) -> None:
    if "town" in schools.headers:
        check_ids(schools, "town", set(blocks.frame["town"]) - {""}, problems, home=blocks.file)


def _check_stages(tables: Mapping[str, CheckedTable], problems: Problems) -> None:
    schools = tables["schools"].frame
    stages = dict(zip(schools["school_id"], schools["stages"].str.split(";"), strict=True))
    if "zones" in tables:
        _report_unserved(tables["zones"], tables["zones"].frame["stage"], stages, problems)
    if "enrolment" in tables:
        of_grade = tables["enrolment"].frame["grade"].map(_STAGE_OF_GRADE).fillna("").astype("str")
        _report_unserved(tables["enrolment"], of_grade, stages, problems)


def _report_unserved(
    checked: CheckedTable, wanted: "pd.Series[str]", stages: Mapping[str, list[str]], problems: Problems
) -> None:
    pairs = pd.DataFrame({"school_id": checked.frame["school_id"], "stage": wanted})
    severity = "error" if checked.table.name == "zones" else "warning"
    column = "stage" if checked.table.name == "zones" else "grade"
    for (school_id, stage), group in pairs.groupby(["school_id", "stage"], sort=False):
        served = stages.get(str(school_id))
        if served is not None and stage and served != [""] and stage not in served:
            checked.report(
                problems,
                "load.stage_not_served",
                [int(group.index[0])],
                column=column,
                severity=severity,  # type: ignore[arg-type]
                school=school_id,
                stage=_LABEL[str(stage)],
                served=", ".join(served),
            )
