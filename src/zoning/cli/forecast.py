"""``zoning forecast``: children by block, grade and year, with intervals, warnings and back-test."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from zoning import messages
from zoning.cli.output import AsJson, Folder, Lang, Out, Output
from zoning.errors import Text, ZoningError

if TYPE_CHECKING:
    from zoning.district import District
    from zoning.plan import Plan
    from zoning.publish import Asked, ForecastBook

Years = Annotated[str, typer.Option("--years", metavar="2027-2032", show_default=False)]
Paths = Annotated[int, typer.Option("--paths", min=1)]
Seed = Annotated[int, typer.Option("--seed", min=0)]
Births = Annotated[str, typer.Option("--births", metavar="low|medium|high")]
Housing = Annotated[str, typer.Option("--housing", metavar="planned|delayed|cancelled")]
Migration = Annotated[str, typer.Option("--migration", metavar="on|off")]
PlanFiles = Annotated[list[str] | None, typer.Option("--plan", metavar="FILE", show_default=False)]
NoFigures = Annotated[bool, typer.Option("--no-figures")]

HORIZON = 6
_CHOICES: Final = {
    "births": ("low", "medium", "high"),
    "housing": ("planned", "delayed", "cancelled"),
    "migration": ("on", "off"),
}


def years_of(text: str, now: int) -> range:
    """Return the school years that an option names, the next six when it is empty.

    Raises
    ------
    ZoningError
        When the text is no span of years.

    Examples
    --------
    >>> years_of("2027-2029", 2026), years_of("", 2026)
    (range(2027, 2030), range(2027, 2033))
    """
    if not text:
        return range(now + 1, now + 1 + HORIZON)
    first, _, last = text.partition("-")
    if not first.isdecimal() or (last and not last.isdecimal()) or int(last or first) < int(first):
        raise ZoningError(messages.text("cli.bad_years", value=text))
    return range(int(first), int(last or first) + 1)


def run(
    folder: Folder,
    years: Years = "",
    paths: Paths = 500,
    seed: Seed = 7,
    births: Births = "medium",
    housing: Housing = "planned",
    migration: Migration = "on",
    plan: PlanFiles = None,
    out: Out = "",
    lang: Lang = "",
    as_json: AsJson = False,
    no_figures: NoFigures = False,
) -> None:
    """Write tables, workbook, figures and summary; print totals, intervals, warnings and past errors."""
    output = Output.of(lang, as_json=as_json)
    _refuse_unknown(births=births, housing=housing, migration=migration)
    from zoning.cli.steps import output_folder
    from zoning.load import read_district
    from zoning.publish import Asked

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
    asked = Asked(tuple(years_of(years, district.place.year)), paths, seed, births, housing, migration)
    into = output_folder(folder, out, parts=["forecast"]) / "forecast"
    plans = zones_of(district, plan or [])
    document = forecast_district(output, district, asked, plans=plans, folder=into, figures=not no_figures)
    output.result(document)


def _refuse_unknown(**chosen: str) -> None:
    for name, value in chosen.items():
        if value not in _CHOICES[name]:
            known = ", ".join(_CHOICES[name])
            raise ZoningError(messages.text("cli.bad_choice", name=f"--{name}", value=value, known=known))


def zones_of(district: "District", files: list[str]) -> "dict[str, Plan]":
    """Return the zones by stage under which schools are looked at: those in force, or the plans given."""
    from zoning.cli.steps import zones_in_force
    from zoning.load import read_plan

    given = [read_plan(file, district) for file in files]
    in_force = {stage.name: zones_in_force(district, stage) for stage in district.stages}
    found = {stage: zones for stage, zones in in_force.items() if zones is not None}
    return found | {one.stage: one for one in given}


def forecast_district(
    output: Output,
    district: "District",
    asked: "Asked",
    *,
    plans: "dict[str, Plan]",
    folder: Path,
    figures: bool = True,
) -> dict[str, object]:
    """Forecast, write and print; return the JSON result.

    Parameters
    ----------
    output
        Where to say things.
    district
        The district.
    asked
        Years, paths, seed, scenario.
    plans
        Zones by stage.
    folder
        Where the files go.
    figures
        Whether to draw figures.
    """
    from zoning.publish import publish_forecast
    from zoning.publish.forecast_facts import forecast_book
    from zoning.publish.forecast_runs import run_backtest, run_forecast, run_scenarios
    from zoning.publish.forecast_tables import book_record

    with output.progress(messages.text("cli.forecasting")):
        demand = run_forecast(district, asked)
    with output.progress(messages.text("cli.scenarios")):
        scenarios = run_scenarios(district, asked, demand)
    with output.progress(messages.text("cli.backtesting")):
        past = run_backtest(district)
    with output.progress(messages.text("cli.summing")):
        book = forecast_book(district, demand, asked=asked, plans=plans, scenarios=scenarios, past=past)
    for note in book.notes:
        output.say_once(note)
    with output.progress(messages.text("cli.writing")):
        written = publish_forecast(district, book, folder=folder, lang=output.lang, figures=figures)
    _show(output, book)
    shown = ["summary", "workbook", *(["figure_county"] if figures else [])]
    output.files([written[kind] for kind in shown])
    return {"ok": True, **book_record(book), "files": [str(path) for path in written.paths]}


def _show(output: Output, book: "ForecastBook") -> None:
    """Print totals with intervals, seat warnings, past errors and what they advise."""
    from zoning.publish.forecast_words import answer_sentence, seats_sentence

    _show_totals(output, book)
    _show_warnings(output, book)
    _show_past(output, book)
    output.show(answer_sentence(book))
    output.show(seats_sentence(book))
    for text in book.advice:
        output.show(text)


def _show_totals(output: Output, book: "ForecastBook") -> None:
    from zoning.publish.forecast_words import count, range_80, word

    header = [messages.text("cli.year")]
    for course in book.county:
        header.append(book.label(course.stage))
        header += [word("key_80")] if book.has_bands else []
    rows = []
    for at, year in enumerate(book.years):
        row = [str(year)]
        for course in book.county:
            row.append(count(course.mean[at]))
            row += [range_80(course, at)] if book.has_bands else []
        rows.append(row)
    output.table(messages.text("cli.totals"), header, rows)


_MOST_WARNED: Final = 15


def _show_warnings(output: Output, book: "ForecastBook") -> None:
    from zoning.publish.forecast_words import chance, level_word, word

    if not book.warned:
        return
    header = [word("column_name"), word("column_stage"), *(Text(str(y), str(y)) for y in book.years)]
    rows = []
    for school in book.warned[:_MOST_WARNED]:
        cells = [
            f"{level_word(level).of(output.lang) if level != 'none' else ''} {chance(float(p))}".strip()
            for level, p in zip(school.warned, school.p_over, strict=True)
        ]
        rows.append([school.name.of(output.lang), book.label(school.stage).of(output.lang), *cells])
    output.table(word("heading_seats"), header, rows)
    left = len(book.warned) - len(rows)
    if left:
        output.show(word("more_schools", count=left))


def _show_past(output: Output, book: "ForecastBook") -> None:
    from zoning.publish.forecast_past import horizons, past_table
    from zoning.publish.forecast_words import word

    groups = past_table(book)
    if not groups:
        return
    header = [word("column_ahead"), *(Text(str(step), str(step)) for step in horizons(book))]
    rows = []
    for title, of_level in groups:
        rows.append([title.of(output.lang), *[""] * (len(header) - 1)])
        rows += [[f"  {name.of(output.lang)}", *cells] for name, cells in of_level]
    output.table(word("heading_past"), header, rows)
