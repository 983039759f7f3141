"""``zoning plan``: zones for one stage or all."""

import math
from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Out, Output
from zoning.errors import ZoningError

StageName = Annotated[str, typer.Option("--stage", metavar="primary|…|all")]
Year = Annotated[int, typer.Option("--year", show_default=False)]
Seed = Annotated[int, typer.Option("--seed", min=0)]
Seconds = Annotated[float | None, typer.Option("--seconds", min=0.0, show_default=False)]
Iterations = Annotated[int | None, typer.Option("--iterations", min=0, show_default=False)]
Gap = Annotated[float | None, typer.Option("--gap", metavar="SHARE", min=0.0, show_default=False)]


def run(
    folder: Folder,
    stage: StageName = "all",
    year: Year = 0,
    seed: Seed = 7,
    seconds: Seconds = None,
    iterations: Iterations = None,
    gap: Gap = None,
    out: Out = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Propose zones and write them as tables, layers, figures and an atlas.

    Raises
    ------
    ZoningError
        When a time limit or a gap is not a number.
    typer.Exit
        When a stage has no plan or a plan over its seats (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    for name, value in (("--seconds", seconds), ("--gap", gap)):
        if value is not None and not math.isfinite(value):
            raise ZoningError(messages.text("cli.not_finite", name=name))
    from zoning.cli.planning import Search, plan_stages
    from zoning.cli.steps import output_folder, stages_of
    from zoning.load import read_district

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
    output.problems(district.findings)
    parts = [one.name for one in stages_of(district, stage)]
    into = output_folder(folder, out, parts=parts)
    search = Search(year or district.place.year + 1, seed, iterations, seconds, gap)
    complete, document = plan_stages(output, district, stage, search, folder=into)
    output.result(document)
    if not complete:
        raise typer.Exit(INFEASIBLE)
