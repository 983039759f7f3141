"""What the commands of a publication share: plans of all stages, from a folder or from files."""

from collections.abc import Sequence
from pathlib import Path

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problems, ZoningError
from zoning.load import read_plan
from zoning.load.fields import read_object
from zoning.load.plans import file_of
from zoning.load.records import record_beside
from zoning.plan import Plan
from zoning.public.sources import PlanSource

__all__ = ["overrides_of", "read_plans_of"]


def read_plans_of(
    paths: Sequence[str | Path],
    district: District,
    *,
    year: int | None = None,
    findings: Problems | None = None,
) -> tuple[PlanSource, ...]:
    """Return the plans that folders and files hold, in the order of the stages, each with its record.

    Parameters
    ----------
    paths
        Plan files (as :func:`zoning.load.read_plan` reads them; a file may hold several stages), folders that
        hold a ``plan.csv``, or the folder that ``zoning plan`` wrote with one folder a stage.
    district
        The district.
    year
        School year to take; what the files say when left out.
    findings
        Takes what was assumed; None to go without.

    Raises
    ------
    DataError
        Holding every problem of every file at once; also when a stage stands in two files.
    """
    problems = Problems()
    found: list[PlanSource] = []
    for path in paths:
        files = _files(Path(path), district)
        if not files:
            problems.add(messages.problem("public_gate.no_plan", file=Path(path).as_posix()))
        for file in files:
            try:
                found += _read(file, district, year, problems)
            except DataError as error:
                problems.items.extend(error.problems)
    _refuse_twice(found, problems)
    problems.raise_if_failed()
    if findings is not None:
        findings.items.extend(problems.items)
    order = [stage.name for stage in district.stages]
    return tuple(sorted(found, key=lambda one: order.index(one.plan.stage)))


def overrides_of(words: Sequence[str]) -> dict[str, str]:
    """Return the reason of each code that ``--override CODE=reason`` names.

    Raises
    ------
    ZoningError
        When a word has no ``=``, or a code stands twice.
    DataError
        When a code does not exist, may never be overridden, or has no reason.

    Examples
    --------
    >>> overrides_of(["map_number=sketch without boundaries"])
    {'map_number': 'sketch without boundaries'}
    """
    from zoning.public.gate.checks import override_faults

    found: dict[str, str] = {}
    for word in words:
        code, sign, reason = word.partition("=")
        if not sign or code.strip() in found:
            raise ZoningError(messages.text("public_gate.bad_override", value=word))
        found[code.strip()] = reason.strip()
    faults = [one.problem for one in override_faults(found)]
    if faults:
        raise DataError(faults)
    return found


def _files(path: Path, district: District) -> list[Path]:
    """Return the plan files of a path: itself, its ``plan.csv``, or those of its folders of stages."""
    if not path.is_dir() or (path / "plan.csv").is_file():
        return [path]
    return [folder for stage in district.stages if (folder := path / stage.name / "plan.csv").is_file()]


def _read(path: Path, district: District, year: int | None, problems: Problems) -> list[PlanSource]:
    notes = Problems()
    try:
        plans = [read_plan(path, district, year=year, findings=notes)]
    except DataError as error:
        if {one.code for one in error.problems if one.severity != "warning"} != {"load.plan_several"}:
            raise
        plans = _of_stages(path, district, year)
    known = {(one.code, one.file, one.row, one.column) for one in problems.items}
    problems.items.extend(
        one
        for one in notes.items
        if one.severity == "warning" and (one.code, one.file, one.row, one.column) not in known
    )
    file = file_of(path)
    beside = record_beside(path)
    said = None if beside is None else read_object(beside)
    return [PlanSource(plan, file.as_posix(), said if isinstance(said, dict) else None) for plan in plans]


def _of_stages(path: Path, district: District, year: int | None) -> list[Plan]:
    """Return the plans of a file that holds several stages."""
    plans: list[Plan] = []
    for stage in district.stages:
        try:
            plans.append(read_plan(path, district, stage=stage.name, year=year))
        except DataError as error:
            if any(one.code != "load.plan_absent" and one.severity != "warning" for one in error.problems):
                raise
    return plans


def _refuse_twice(found: Sequence[PlanSource], problems: Problems) -> None:
    first: dict[str, PlanSource] = {}
    for one in found:
        earlier = first.setdefault(one.plan.stage, one)
        if earlier is not one:
            problems.add(
                messages.problem(
                    "public_gate.stage_twice", file=one.file, value=one.plan.stage, other=earlier.file
                )
            )
