"""``zoning demo``: the sample county, everything that exists so far."""

from pathlib import Path
from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Lang, Output

Where = Annotated[str, typer.Argument(metavar="[DIR]", show_default=False)]
SEED = 7


def run(folder: Where = "maps/sample", lang: Lang = "", as_json: AsJson = False) -> None:
    """Make the sample county, forecast, plan every stage, rehearse a draw, write maps and say what to open.

    Raises
    ------
    typer.Exit
        When a stage has no plan or a plan over its seats (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.demo_draw import rehearse_draw
    from zoning.cli.forecast import forecast_district, years_of, zones_of
    from zoning.cli.planning import Search, plan_stages
    from zoning.load import read_district
    from zoning.load.sample import write_sample
    from zoning.publish import Asked

    inputs = Path(folder) / "input"
    with output.progress(messages.text("cli.making_sample")):
        write_sample(inputs, seed=SEED)
    with output.progress(messages.text("cli.reading", folder=inputs)):
        county = read_district(inputs)
    asked = Asked(tuple(years_of("", county.place.year)), seed=SEED)
    forecast = forecast_district(
        output, county, asked, plans=zones_of(county, []), folder=Path(folder) / "forecast"
    )
    search = Search(county.place.year + 1, SEED)
    complete, document = plan_stages(output, county, "all", search, folder=Path(folder))
    draw = rehearse_draw(output, inputs, Path(folder) / "draw")
    output.result(document | {"forecast": forecast, "draw": draw})
    if not complete:
        raise typer.Exit(INFEASIBLE)
