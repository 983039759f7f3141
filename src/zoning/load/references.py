"""What one table says of another: ids that must exist, stages that a school must serve."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import pandas as pd

from zoning import messages
from zoning.district import STAGES
from zoning.errors import Problems, Text
from zoning.load.columns import SHOWN, CheckedTable
from zoning.load.headers import nearest
from zoning.load.renames import Renamed, renamed_schools

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
                is_roll = (checked.table.name, home) == ("enrolment", "schools")
                renamed = renamed_schools(tables) if is_roll else {}
                check_ids(checked, column.name, known, problems, home=tables[home].file, renamed=renamed)
    if "schools" in tables and "blocks" in tables:
        _check_towns(tables["schools"], tables["blocks"], problems)
    if "schools" in tables:
        _check_stages(tables, problems)


def check_ids(
    checked: CheckedTable,
    column: str,
    known: Collection[str],
    problems: Problems,
    *,
    home: str,
    renamed: Mapping[str, Renamed] | None = None,
) -> None:
    """Report every value of a column that is not known, once, with the nearest one that is; blanks pass.

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
    renamed
        Values that are probably another one under a new name.
    """
    values = checked.frame[column]
    unknown = values[~(values.isin(known) | (values == ""))]
    rows_of = {str(value): group.index for value, group in unknown.groupby(unknown, sort=False)}
    for value, places in list(rows_of.items())[:SHOWN]:
        more = len(places) - 1
        also = messages.text("load.also_rows", more=more) if more else Text("", "")
        fields: dict[str, Any] = {"home": home, "also": also}
        alike, other = _same_id(value, known), (renamed or {}).get(value)
        if alike is None and other is not None:
            why = messages.text(f"load.same_{other.why}")
            fields |= {"alike": other.school_id, "name": other.name, "why": why}
            checked.report(problems, "load.school_renamed", [int(places[0])], column=column, **fields)
            continue
        if alike is None and not _is_code(value):
            alike = nearest(value, sorted(known))
        code = "load.unknown_id" if alike is None else "load.unknown_id_alike"
        checked.report(problems, code, [int(places[0])], column=column, alike=alike, **fields)
    rest = sum(len(places) for places in list(rows_of.values())[SHOWN:])
    if rest:
        shown = checked.shown(column)
        problems.add(messages.problem("load.more", file=checked.file, column=shown, more=rest))


def stage_names(names: Iterable[str]) -> Text:
    """Return the names of stages as a list in both languages.

    Examples
    --------
    >>> stage_names(["primary", "junior"]).zh
    '小学、初中'
    """
    labels = [_LABEL[name] for name in names]
    return Text(", ".join(label.en for label in labels), "、".join(label.zh for label in labels))


def _same_id(value: str, known: Collection[str]) -> str | None:
    """Return the known id that differs from a value in leading zeros or case only."""
    for one in sorted(known):  # a set has no order of its own
        if _plain(one) == _plain(value):
            return one
    return None


def _is_code(value: str) -> bool:
    """Tell whether a value is a plain code, to which another number is not alike but somebody else's."""
    return re.fullmatch(r"[^\W\d]{0,3}[-_]?\d{3,}", value) is not None


def _plain(value: str) -> str:
    """Return an id in lower case, each of its numbers without leading zeros."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", value.lower())


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
                served=stage_names(served),
            )
