"""``zoning alternatives``: several plans of one stage, and what each costs the others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Out, Output
from zoning.cli.plan import Iterations, Seconds, Seed, Year
from zoning.errors import ZoningError

if TYPE_CHECKING:
    from zoning.district import District
    from zoning.evaluate import Scorecard
    from zoning.plan import Plan
    from zoning.publish import StageResult
    from zoning.zones import Alternatives

StageName = Annotated[str, typer.Option("--stage", metavar="primary|…")]


def run(
    folder: Folder,
    stage: StageName = "primary",
    year: Year = 0,
    seed: Seed = 7,
    seconds: Seconds = None,
    iterations: Iterations = None,
    out: Out = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Propose the nearest, the least changing, the most balanced zones and what lies between; write them.

    Raises
    ------
    ZoningError
        When the stage is none, or more than one.
    typer.Exit
        When the plan asked for is over its seats (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.steps import output_folder, stages_of, travel, years_ahead, zones_in_force
    from zoning.evaluate import score_plan
    from zoning.forecast import forecast_residents
    from zoning.load import read_district
    from zoning.zones import propose_alternatives

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
    if stage == "all":
        known = ", ".join(one.name for one in district.stages)
        raise ZoningError(messages.text("compare.one_stage", known=known))
    chosen = stages_of(district, stage)[0]
    into = output_folder(folder, out, parts=["alternatives", f"alternatives/{chosen.name}"])
    planned = year or district.place.year + 1
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=years_ahead(district, planned))
    times, today = travel(output, district, chosen), zones_in_force(district, chosen)
    for note in (*demand.notes, *times.notes):
        output.say_once(note)

    def tell(number: int, count: int) -> None:
        output.say(messages.text("compare.run", number=number + 1, count=count))

    with output.progress(messages.text("compare.finding", stage=chosen.label, year=planned)):
        found = propose_alternatives(
            district, demand, times, stage=chosen.name, year=planned, against=today,
            seed=seed, iterations=iterations, seconds=seconds, progress=tell,
        )  # fmt: skip
    cards = {one.name: score_plan(district, one.proposal.plan, demand, times, against=today) for one in found}
    within = _publish(output, district, found, _results(found, cards, today), into)
    if not within:
        raise typer.Exit(INFEASIBLE)


def _results(
    found: "Alternatives", cards: "dict[str, Scorecard]", today: "Plan | None"
) -> "dict[str, StageResult]":
    """Return each plan with what it was asked for, so that its bound can be checked again from its record.

    A plan that was found with fewer seats is held against the bound of the plan asked for: fewer seats are no
    option of a record.
    """
    from dataclasses import replace

    from zoning.publish import StageResult

    first, results = found["proposed"], {}
    for one in found:
        proposal, options = one.proposal, one.options
        if one.spare < 1:
            options = first.options
            proposal = replace(
                first.proposal,
                plan=proposal.plan,
                cost=cards[one.name]["cost.total"].value,
                excess=proposal.excess,
                reasons=proposal.reasons,
                notes=proposal.notes,
            )
        results[one.name] = StageResult(
            proposal.plan, cards[one.name], proposal, None, today, options, options.prices
        )
    return results


def _publish(
    output: Output,
    district: "District",
    found: "Alternatives",
    results: "dict[str, StageResult]",
    into: Path,
) -> bool:
    """Write and print the plans; return whether the one asked for is within its seats."""
    from zoning.cli.compare import record, show
    from zoning.evaluate import compare_cards
    from zoning.publish.tradeoff import alternative_name, write_alternatives

    plan = found.named[0].proposal.plan
    folder = into / "alternatives" / plan.stage
    with output.progress(messages.text("cli.writing")):
        files = write_alternatives(district, found, results, folder=folder, lang=output.lang)
    compared = compare_cards({one.name: results[one.name].card for one in found.named})
    names = [alternative_name(name) for name in compared.names]
    show(output, compared, district.stage(plan.stage).label, plan.year, names)
    _show_traded(output, found)
    output.files(files[:2])
    within = found["proposed"].proposal.within_seats
    output.result(_record(found, within=within, files=files) | record(compared))
    return within


def _show_traded(output: Output, found: "Alternatives") -> None:
    """Print what is traded, a row a plan, and what was tried in vain."""
    import math

    from zoning.publish import measure_text
    from zoning.publish.tradeoff import alternative_name

    names = ["plan", "journey", "moved", "spread", *(["outside"] if found.bands else []), "gap"]
    header = [messages.text(f"compare.{name}") for name in names]
    rows = []
    for one in found:
        gap = one.proposal.gap
        cells = [(one.journeys_s, "s"), (one.moved, "pupils"), (one.spread, "share")]
        if found.bands:
            cells.append((one.outside, "pupils"))
        rows.append(
            [
                alternative_name(one.name).of(output.lang),
                *(measure_text(value, unit).of(output.lang) for value, unit in cells),
                f"{gap:.2%}" if math.isfinite(gap) else "–",
            ]
        )
    output.table(messages.text("compare.traded"), header, rows)
    if found.left_out:
        output.say(messages.text("compare.left_out", names=", ".join(found.left_out)))


def _record(found: "Alternatives", *, within: bool, files: list[Path]) -> dict[str, object]:
    """Return the alternatives as JSON writes them."""
    import math

    plan = found.named[0].proposal.plan
    return {
        "ok": within,
        "stage": plan.stage,
        "year": plan.year,
        "plans": [
            {
                "name": one.name,
                "plan_digest": one.proposal.plan.digest,
                "journey_s": one.journeys_s,
                "pupils_moved": one.moved,
                "utilisation_spread": one.spread if math.isfinite(one.spread) else None,
                "pupils_outside": one.outside,
                "moved_price_s": one.moved_s,
                "spare": one.spare,
                "cost": one.proposal.cost,
                "bound": one.proposal.bound,
                "gap": one.proposal.gap if math.isfinite(one.proposal.gap) else None,
                "iterations": one.proposal.iterations,
                "seed": one.proposal.seed,
            }
            for one in found
        ],
        "curves": {
            "moves": [one.name for one in found.moves],
            "balance": [one.name for one in found.balance],
            "bands": [one.name for one in found.bands],
        },
        "left_out": list(found.left_out),
        "files": [str(path) for path in files],
    }
