"""``zoning compare``: two or more plans side by side on the scorecard."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli.output import AsJson, Folder, Lang, Output
from zoning.errors import Text, ZoningError

if TYPE_CHECKING:
    from zoning.district import District
    from zoning.evaluate import Compared, Comparison
    from zoning.plan import Plan

PlanFiles = Annotated[list[str], typer.Argument(metavar="PLAN PLAN…", show_default=False)]
StageName = Annotated[str, typer.Option("--stage", metavar="primary|…", show_default=False)]
Year = Annotated[int, typer.Option("--year", show_default=False)]
BEST = " ★"


def run(
    folder: Folder,
    plans: PlanFiles,
    stage: StageName = "",
    year: Year = 0,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Print the scorecards of several plans of one stage side by side, all with the pupils of one year.

    Raises
    ------
    ZoningError
        When there are fewer than two plans, or they are for different stages.
    """
    output = Output.of(lang, as_json=as_json)
    if len(plans) < 2:
        raise ZoningError(messages.text("compare.two_plans"))
    from zoning.cli.steps import travel, years_ahead, zones_in_force
    from zoning.evaluate import compare_cards, score_plan
    from zoning.forecast import forecast_residents
    from zoning.load import read_district

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
        found = read_plans(output, district, plans, stage, year)
    first = next(iter(found.values()))
    of_stage = district.stage(first.stage)
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=years_ahead(district, first.year))
    times = travel(output, district, of_stage)
    for note in (*demand.notes, *times.notes):
        output.say_once(note)
    today = zones_in_force(district, of_stage)
    cards = {name: score_plan(district, one, demand, times, against=today) for name, one in found.items()}
    compared = compare_cards(cards)
    show(output, compared, of_stage.label, first.year, [Text(name, name) for name in found])
    digests = [{"name": name, "plan_digest": one.digest} for name, one in found.items()]
    output.result(
        {"ok": True, "stage": first.stage, "year": first.year, "plans": digests, **record(compared)}
    )


def read_plans(
    output: Output, district: "District", files: list[str], stage: str, year: int
) -> "dict[str, Plan]":
    """Return the plans by name, all of one stage and for one year: the one asked for, else the first plan's.

    Raises
    ------
    ZoningError
        When a plan is for another stage than the first.
    """
    from zoning.cli.steps import stages_of

    wanted = stages_of(district, stage)[0].name if stage else None
    read = [_read(file, district, wanted, year) for file in files]
    first = read[0]
    planned = year or first.year
    for file, one in zip(files, read, strict=True):
        if one.stage != first.stage:
            labels = {"found": district.stage(one.stage).label, "wanted": district.stage(first.stage).label}
            raise ZoningError(messages.text("cli.other_stage", file=file, **labels))
        if one.year != planned:
            output.say(messages.text("compare.other_year", file=file, found=one.year, wanted=planned))
    return dict(zip(names_of(files), (one.for_year(planned) for one in read), strict=True))


def _read(file: str, district: "District", stage: str | None, year: int) -> "Plan":
    """Return a plan; of several years in one file the one asked for, else whatever year there is."""
    from zoning.errors import DataError
    from zoning.load import read_plan

    try:
        return read_plan(file, district, stage=stage, year=year or None)
    except DataError as error:
        absent = ("load.plan_absent", "load.plan_absent_year")
        if not year or any(problem.code not in absent for problem in error.problems):
            raise
        return read_plan(file, district, stage=stage)


def names_of(files: list[str]) -> list[str]:
    """Return a short name for each file: its own, that of its folder for a plan.csv; never the same twice.

    Examples
    --------
    >>> names_of(["a/nearest/plan.csv", "mine.gpkg", "b/nearest/plan.csv"])
    ['a/nearest/plan.csv', 'mine', 'b/nearest/plan.csv']
    """
    paths = [Path(file) for file in files]
    short = [path.parent.name if path.stem == "plan" and path.parent.name else path.stem for path in paths]
    names = [name if short.count(name) == 1 else file for name, file in zip(short, files, strict=True)]
    return [
        name if names.count(name) == 1 else f"{name} ({names[: number + 1].count(name)})"
        for number, name in enumerate(names)
    ]


def show(output: Output, compared: "Comparison", stage: Text, year: int, names: list[Text]) -> None:
    """Print the comparison: a row a measure, a column a plan, the best marked; two plans with differences."""
    from zoning.cli.steps import MARKS
    from zoning.publish import measure_text

    header = [messages.text("cli.measure"), *names]
    if len(names) == 2:
        header.append(messages.text("compare.difference"))
    rows = []
    for row in compared.rows:
        cells = [
            measure_text(value, row.unit).of(output.lang) + MARKS[ok] + (BEST if best else "")
            for value, ok, best in zip(row.figures, row.ok, row.best, strict=True)
        ]
        if len(names) == 2:
            cells.append(_difference(row).of(output.lang) if row.differs else "")
        rows.append([row.label.of(output.lang), *cells])
    output.table(messages.text("compare.title", stage=stage, year=year), header, rows)


def _difference(row: "Compared") -> Text:
    """Return what the second plan has more than the first, with its sign; shares in points."""
    from zoning.publish import measure_text

    more = row.differences[1]
    if row.unit == "share":
        return messages.text("compare.points", value=more * 100)
    text = measure_text(more, row.unit)
    return Text(f"+{text.en}", f"+{text.zh}") if more > 0 else text


def record(compared: "Comparison") -> dict[str, object]:
    """Return a comparison as JSON writes it; what is not finite becomes null."""
    import math

    def plain(values: tuple[float, ...]) -> list[float | None]:
        return [value if math.isfinite(value) else None for value in values]

    return {
        "measures": [
            {
                "id": row.id,
                "en": row.label.en,
                "zh": row.label.zh,
                "unit": row.unit,
                "values": plain(row.figures),
                "differences": plain(row.differences),
                "ok": list(row.ok),
                "best": list(row.best),
            }
            for row in compared.rows
        ]
    }
