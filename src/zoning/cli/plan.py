"""``zoning plan``: zones for one stage or all."""

from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Out, Output

StageName = Annotated[str, typer.Option("--stage", metavar="primary|…|all")]
Year = Annotated[int, typer.Option("--year", show_default=False)]
Seed = Annotated[int, typer.Option("--seed", min=0)]
Seconds = Annotated[float | None, typer.Option("--seconds", min=0.0, show_default=False)]
Iterations = Annotated[int | None, typer.Option("--iterations", min=0, show_default=False)]


def run(
    folder: Folder,
    stage: StageName = "all",
    year: Year = 0,
    seed: Seed = 7,
    seconds: Seconds = None,
    iterations: Iterations = None,
    out: Out = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Propose zones and write them as tables, layers, figures and an atlas.

    Raises
    ------
    typer.Exit
        When a stage has no plan or a plan over its seats (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.planning import Search, plan_stages
    from zoning.cli.steps import output_folder, stages_of
    from zoning.load import read_district

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
    output.problems(district.findings)
    parts = [one.name for one in stages_of(district, stage)]
    into = output_folder(folder, out, parts=parts)
    search = Search(year or district.place.year + 1, seed, iterations, seconds)
    complete, document = plan_stages(output, district, stage, search, folder=into)
    output.result(document)
    if not complete:
        raise typer.Exit(INFEASIBLE)
