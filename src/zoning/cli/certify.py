"""``zoning certify``: whether every block and address has exactly one zone, or one declared shared zone."""

import json
from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Output
from zoning.errors import Problems, Text

PlanFiles = Annotated[list[str], typer.Argument(metavar="PLAN…", show_default=False)]
Year = Annotated[int, typer.Option("--year", show_default=False)]


def run(
    folder: Folder,
    plans: PlanFiles,
    year: Year = 0,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Certify the plans of all stages of one year: gaps, overlaps, schools, addresses.

    Raises
    ------
    typer.Exit
        When the coverage is broken (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.publishing import read_plans_of
    from zoning.load import read_district
    from zoning.public import assemble
    from zoning.public.coverage.certificate import certify

    found = Problems()
    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
        sources = read_plans_of(plans, district, year=year or None, findings=found)
    output.problems([one for one in found.items if not one.code.startswith("load.unknown_column")])
    with output.progress(messages.text("public_gate.certifying")):
        certificate = certify(assemble(district, [one.plan for one in sources]))
    said = certificate.text(output.lang).rstrip("\n")
    output.show(Text(said, said))
    output.result(json.loads(certificate.as_json()))
    if not certificate.ok:
        raise typer.Exit(INFEASIBLE)
