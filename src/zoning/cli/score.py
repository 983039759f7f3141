"""``zoning score``: the scorecard of a plan."""

from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import AsJson, Folder, Lang, Output

PlanFile = Annotated[str, typer.Argument(metavar="PLAN", show_default=False)]
Against = Annotated[str, typer.Option("--against", metavar="PLAN", show_default=False)]


def run(
    folder: Folder, plan: PlanFile, against: Against = "", lang: Lang = "", as_json: AsJson = False
) -> None:
    """Print coverage, capacity, journeys, stability, shape and policy compliance of a plan."""
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.steps import card_record, show_card, travel, zones_in_force
    from zoning.evaluate import score_plan
    from zoning.forecast import forecast_residents
    from zoning.load import read_district, read_plan

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
        scored = read_plan(plan, district)
        before = read_plan(against, district) if against else None
    stage = district.stage(scored.stage)
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=[scored.year])
    times = travel(output, district, stage)
    card = score_plan(district, scored, demand, times, against=before or zones_in_force(district, stage))
    show_card(output, district, card)
    output.result({"ok": True, "plan_digest": scored.digest, "scorecard": card_record(card)})
