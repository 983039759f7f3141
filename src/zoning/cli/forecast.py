"""``zoning forecast``: children by block, grade and year."""

from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import AsJson, Folder, Lang, Out, Output
from zoning.errors import Text, ZoningError

Years = Annotated[str, typer.Option("--years", metavar="2027-2032", show_default=False)]
HORIZON = 6


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


def run(folder: Folder, years: Years = "", out: Out = "", lang: Lang = "", as_json: AsJson = False) -> None:
    """Write the forecast as a table and print the totals by stage."""
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.steps import output_folder
    from zoning.forecast import forecast_residents
    from zoning.load import read_district
    from zoning.publish import write_forecast

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
    span = years_of(years, district.place.year)
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=span)
    path = write_forecast(district, demand, folder=output_folder(folder, out))
    totals = {
        stage.name: {str(year): round(float(demand.of_stage(stage, year).sum()), 1) for year in span}
        for stage in district.stages
    }
    for note in demand.notes:
        output.say(note)
    header = [messages.text("cli.year"), *(stage.label for stage in district.stages)]
    rows = [[str(y), *(f"{totals[s.name][str(y)]:,.0f}" for s in district.stages)] for y in span]
    output.table(messages.text("cli.totals"), header, rows)
    output.show(Text(str(path), str(path)))
    output.result({"ok": True, "file": str(path), "totals": totals})
