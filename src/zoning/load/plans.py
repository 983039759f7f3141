"""Plans from a file: rows of blocks, or zones redrawn as polygons."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problems
from zoning.load.assembly import zones_by_block
from zoning.load.columns import CheckedTable
from zoning.load.found import LAYER_SUFFIXES, Found, layers_of
from zoning.load.project import UNREAD, read_project
from zoning.load.reading import read_table
from zoning.load.references import check_ids, stage_names
from zoning.load.schema import table
from zoning.load.settings import TOML, FileSettings, Settings
from zoning.plan import Plan

FORMATS = (1, 2)
"""Versions of ``plan.json`` that are read."""
_FEW: Final = 8
"""Unknown ids that are told one by one, however many a plan has."""


def read_plan(
    path: str | Path,
    district: District,
    *,
    stage: str | None = None,
    year: int | None = None,
    findings: Problems | None = None,
) -> Plan:
    """Return the plan that a file holds.

    Parameters
    ----------
    path
        ``plan.csv`` (or the folder or ``plan.json`` beside it), a workbook, or a layer of zones drawn in a
        GIS, whose blocks are found by area.
    district
        The district.
    stage, year
        Which plan to take where the file holds several, and what it is where the file does not say.
    findings
        Takes what was assumed, such as blocks that a redrawn border cuts; None to go without.

    Raises
    ------
    DataError
        Holding every problem of the file at once.
    """
    file = file_of(Path(path))
    problems = Problems() if findings is None else findings
    if not file.is_file():
        raise DataError([messages.problem("load.no_file", file=file.as_posix())])
    beside = _beside(file)
    if beside.get("format", 1) not in FORMATS:
        raise DataError([messages.problem("load.plan_format", file="plan.json", value=beside["format"])])
    declared = replace(_settings(district, problems).of_file(file.name), file=_named(file))
    settings = _layer_of(file, stage, declared)
    found = Found(table("plan"), file, settings, file.suffix.lower() in LAYER_SUFFIXES)
    checked = read_table(found, problems)
    problems.raise_if_failed()
    if checked is None:
        raise DataError(problems.items)
    checked = _completed(checked, stage or beside.get("stage"), year or beside.get("year"))
    checked = _chosen(checked, stage, year, problems)
    _check(checked, district, problems)
    problems.raise_if_failed()
    rows = checked.frame
    if checked.geometry is not None and (rows["block_id"] == "").all():
        rows = zones_by_block(checked, district.block_frame, problems)
        problems.raise_if_failed()
    schools: dict[str, list[str]] = {}
    for block_id, school_id in zip(rows["block_id"], rows["school_id"], strict=True):
        schools.setdefault(str(block_id), []).append(str(school_id))
    first = checked.frame.iloc[0]
    return Plan.of(str(first["stage"]), int(first["year"]), schools)


def file_of(path: Path) -> Path:
    """Return the file that holds the rows: plan.csv of a folder, or the table beside a plan.json."""
    if path.is_dir():
        return path / "plan.csv"
    return path.with_suffix(".csv") if path.suffix.lower() == ".json" else path


def _named(file: Path) -> str:
    """Return what messages call a file: with its folder where all plans have one name."""
    return (
        "/".join(part for part in (file.parent.name, file.name) if part) if file.stem == "plan" else file.name
    )


def _beside(file: Path) -> dict[str, Any]:
    """Return what the plan.json beside a plan says; nothing when there is none that can be read."""
    try:
        found = json.loads(file.with_suffix(".json").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or file.suffix.lower() in LAYER_SUFFIXES:
        return {}
    kinds = {"stage": str, "year": int}
    return {key: value for key, value in found.items() if isinstance(value, kinds.get(key, object))}


def _layer_of(file: Path, stage: str | None, settings: FileSettings) -> FileSettings:
    """Return the settings with the layer of zones chosen where a GeoPackage has several layers."""
    if file.suffix.lower() != ".gpkg" or settings.layer is not None:
        return settings
    layers = layers_of(file)
    wanted = [name for name in layers if name == f"zones_{stage}"] or [
        name for name in layers if name.startswith(("zones", "plan"))
    ]
    return settings.of_layer(wanted[0]) if len(layers) > 1 and len(wanted) == 1 else settings


def _settings(district: District, problems: Problems) -> Settings:
    """Return the settings of the district's folder, for the CRS and encoding of its layers."""
    folder = district.place.folder
    if folder is None or not (folder / TOML).is_file():
        return UNREAD
    return read_project(folder, problems) or UNREAD


def _completed(checked: CheckedTable, stage: str | None, year: int | None) -> CheckedTable:
    frame = checked.frame
    if stage is not None:
        frame = frame.assign(stage=frame["stage"].replace("", stage))
    if year is not None:
        frame = frame.assign(year=frame["year"].fillna(year))
    return replace(checked, frame=frame)


def _chosen(checked: CheckedTable, stage: str | None, year: int | None, problems: Problems) -> CheckedTable:
    """Return the rows of the stage and year wanted; report when that is not one plan."""
    frame = checked.frame
    keep = np.ones(len(frame), dtype=bool)
    if stage is not None:
        keep &= (frame["stage"] == stage).to_numpy()
    if year is not None:
        keep &= (frame["year"] == year).to_numpy()
    unsaid = np.flatnonzero(keep & ((frame["stage"] == "") | frame["year"].isna()).to_numpy()).tolist()
    checked.report(problems, "load.plan_unsaid", unsaid[:1] if len(unsaid) == keep.sum() else unsaid)
    held = frame[["stage", "year"]].drop_duplicates().dropna()
    pairs = zip(held["stage"].tolist(), held["year"].tolist(), strict=True)
    names = ", ".join(f"{one} {when:.0f}" for one, when in pairs if one)
    if not keep.any():
        code = "plan_absent" if stage is not None else "plan_absent_year"
        problems.add(messages.problem(f"load.{code}", file=checked.file, held=names or "–"))
    elif len(frame[keep][["stage", "year"]].drop_duplicates()) > 1 and not unsaid:
        code = "plan_several" if stage is None else "plan_several_years"
        problems.add(messages.problem(f"load.{code}", file=checked.file, held=names))
    problems.raise_if_failed()
    return checked.kept(keep)


def _check(checked: CheckedTable, district: District, problems: Problems) -> None:
    """Report blocks and schools that do not exist, and schools that do not serve the stage."""
    stage = str(checked.frame["stage"].iloc[0])
    district.stage(stage, file=checked.file, row=int(checked.rows[0]), column=checked.shown("stage"))
    for column, frame in (("block_id", district.block_frame), ("school_id", district.school_frame)):
        if _is_elsewhere(checked, column, frame.index, problems):
            return
    check_ids(checked, "block_id", set(district.block_frame.index), problems, home="blocks")
    check_ids(checked, "school_id", set(district.school_frame.index), problems, home="schools")
    seats: pd.Series[float] = district.school_frame[f"capacity_{stage}"]
    served = set(seats.index[seats.notna()])
    other = checked.frame["school_id"].isin(set(seats.index) - served)
    for school_id, places in checked.frame[other].groupby("school_id", sort=False).groups.items():
        school = district.school_frame.loc[school_id]
        serves = [s.name for s in district.stages if school[f"capacity_{s.name}"] >= 0]
        checked.report(
            problems,
            "load.stage_not_served",
            [int(places[0])],
            column="stage",
            school=f"{school_id} {school['name']}",
            stage=district.stage(stage).label,
            served=stage_names(serves),
        )


def _is_elsewhere(checked: CheckedTable, column: str, known: "pd.Index[str]", problems: Problems) -> bool:
    """Tell whether most ids are unknown, and report that once: a list of all of them hides what is wrong."""
    values = checked.frame.loc[checked.frame[column] != "", column].drop_duplicates()
    unknown = values[~values.isin(known)]
    if len(unknown) <= max(_FEW, len(values) // 2):
        return False
    checked.report(
        problems,
        "load.plan_elsewhere",
        [int(unknown.index[0])],
        column=column,
        unknown=len(unknown),
        every=len(values),
        known=known[0],
    )
    return True
