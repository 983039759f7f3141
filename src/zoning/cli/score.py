"""``zoning score``: the scorecard of a plan."""

from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Output
from zoning.errors import Problems, ZoningError

PlanFile = Annotated[str, typer.Argument(metavar="PLAN", show_default=False)]
Against = Annotated[str, typer.Option("--against", metavar="PLAN", show_default=False)]
StageName = Annotated[str, typer.Option("--stage", metavar="primary|…", show_default=False)]
Year = Annotated[int, typer.Option("--year", show_default=False)]


def run(
    folder: Folder,
    plan: PlanFile,
    against: Against = "",
    stage: StageName = "",
    year: Year = 0,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Print coverage, capacity, journeys, stability, shape and policy compliance of a plan.

    Where ``plan.json`` stands beside the plan, its bound is checked again.

    Raises
    ------
    ZoningError
        When the plan to compare with is for another stage.
    typer.Exit
        When the bound, the plan or the data differ from the record (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.proof import read_proof, recheck, recheck_json, show_recheck, years_for
    from zoning.cli.steps import card_record, show_card, stages_of, travel, zones_in_force
    from zoning.evaluate import score_plan
    from zoning.forecast import forecast_residents
    from zoning.load import read_district, read_plan

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
        wanted = stages_of(district, stage)[0].name if stage else None
        found = Problems()
        scored = read_plan(plan, district, stage=wanted, year=year or None, findings=found)
        before = read_plan(against, district) if against else None
        record = read_proof(output, plan, district, scored)
    # Columns that a GIS adds to a layer are of no concern to whoever redraws it.
    output.problems([one for one in found.items if not one.code.startswith("load.unknown_column")])
    of_stage = district.stage(scored.stage)
    if before is not None and before.stage != scored.stage:
        other = district.stage(before.stage).label
        raise ZoningError(messages.text("cli.other_stage", file=against, found=other, wanted=of_stage.label))
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=years_for(district, scored.year, record))
    times = travel(output, district, of_stage)
    for note in (*demand.notes, *times.notes):
        output.say_once(note)
    card = score_plan(district, scored, demand, times, against=before or zones_in_force(district, of_stage))
    show_card(output, district, card)
    checked = None if record is None else recheck(output, record, district, demand, times)
    ok = checked is None or checked.ok
    document = {"ok": ok, "plan_digest": scored.digest, "scorecard": card_record(card)}
    if checked is not None:
        show_recheck(output, checked)
        document["recheck"] = recheck_json(checked)
    output.result(document)
    if not ok:
        raise typer.Exit(INFEASIBLE)
