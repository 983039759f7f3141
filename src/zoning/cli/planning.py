"""Planning one stage or all: forecast, journeys, proposal, scorecard, maps."""

import math
from dataclasses import dataclass
from pathlib import Path

from zoning import messages
from zoning.cli.output import Output, shortage_record
from zoning.cli.proof import binding_record, show_binding
from zoning.cli.steps import (
    MARKS,
    card_record,
    stages_of,
    travel,
    years_ahead,
    zones_in_force,
)
from zoning.cli.watch import watched
from zoning.district import STAGES, District, Stage
from zoning.errors import InfeasibleError, Text
from zoning.evaluate import score_plan, stage_below
from zoning.forecast import Forecast, forecast_residents
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.publish import StageResult, measure_text, publish_atlas, publish_plan
from zoning.zones import ZoneOptions, propose_plan

SUMMARY = (
    "capacity.pupils",
    "shape.zones",
    "capacity.utilisation",
    "capacity.highest",
    "capacity.pupils_over",
    "journeys.mean_s",
    "journeys.p95_s",
    "journeys.longest_s",
    "journeys.beyond_norm",
    "stability.moved_pupils",
    "coverage.unassigned_blocks",
    "shape.detached_parts",
)


@dataclass(frozen=True, slots=True)
class Search:
    """What a run is asked for.

    Parameters
    ----------
    year
        School year to plan.
    seed
        Seed of the search.
    iterations, seconds, gap
        Where the search stops; None for the default.
    options
        What is asked of the zones beyond the policy; None for nothing.
    """

    year: int
    seed: int
    iterations: int | None = None
    seconds: float | None = None
    gap: float | None = None
    options: ZoneOptions | None = None


def plan_stages(
    output: Output,
    district: District,
    wanted: str,
    search: Search,
    *,
    folder: Path,
) -> tuple[bool, dict[str, object]]:
    """Plan and write the stages asked for; return whether all fit their seats, and the JSON result."""
    stages = stages_of(district, wanted)
    if wanted == "all":
        for absent in (stage for stage in STAGES if stage not in stages):
            output.say(messages.text("cli.no_school_of_stage", stage=absent.label))
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=years_ahead(district, search.year))
    for note in demand.notes:
        output.say_once(note)
    results: list[StageResult] = []
    records: list[dict[str, object]] = []
    for stage in stages:
        below = next((r.plan for r in results if r.plan.stage == stage_below(stage.name)), None)
        found, halted = _propose(output, district, demand, stage, search, feeder=below)
        if isinstance(found, InfeasibleError):
            output.say(messages.text("cli.no_plan", stage=stage.label))
            output.say(found.text)
            output.relaxations(found)
            records.append({"stage": stage.name, "ok": False, "stopped": halted, **shortage_record(found)})
        else:
            results.append(found)
            _show(output, district, found)
            records.append({**_record(found), "stopped": halted})
    files = _write(output, district, demand, results, folder) if results else []
    if results:
        _summarise(output, district, results)
        output.files([files[0], *(folder / result.plan.stage for result in results)])
    complete = len(results) == len(stages) and all(r.proposal and r.proposal.within_seats for r in results)
    stopped = any(record["stopped"] for record in records)
    written = [str(path) for path in files]
    return complete, {"ok": complete, "stopped": stopped, "plans": records, "files": written}


def _propose(
    output: Output,
    district: District,
    demand: Forecast,
    stage: Stage,
    search: Search,
    *,
    feeder: Plan | None,
) -> tuple[StageResult | InfeasibleError, bool]:
    """Return the plan of a stage, or why there is none, and whether Ctrl-C stopped the search."""
    times = travel(output, district, stage)
    for note in times.notes:
        output.say_once(note)
    today = zones_in_force(district, stage)
    try:
        with watched(output, messages.text("cli.planning", stage=stage.label, year=search.year)) as watch:
            proposal = propose_plan(
                district,
                demand,
                times,
                stage=stage.name,
                year=search.year,
                against=today,
                feeder=feeder,
                seed=search.seed,
                iterations=search.iterations,
                seconds=search.seconds,
                gap=search.gap,
                options=search.options,
                progress=watch.progress,
            )
    except InfeasibleError as error:
        return error, watch.stopped
    if watch.stopped:
        output.say(messages.text("cli.kept_best", stage=stage.label, cost=proposal.cost / 3600))
    card = score_plan(district, proposal.plan, demand, times, against=today, feeder=feeder)
    options = district.zone_options(stage.name) if search.options is None else search.options
    result = StageResult(
        proposal.plan,
        card,
        proposal,
        times,
        today,
        options,
        prices=options.prices,
        feeder=_priced(options, feeder),
    )
    return result, watch.stopped


def _priced(options: ZoneOptions, feeder: Plan | None) -> Plan | None:
    """Return the zones of the stage below where splitting them has a price, which the record then needs."""
    return feeder if options.prices.split_feeder_s > 0 else None


def _show(output: Output, district: District, result: StageResult) -> None:
    proposal = result.proposal
    if proposal is None:
        return
    output.show(
        messages.text(
            "cli.proposal" if proposal.within_seats else "cli.proposal_over",
            stage=district.stage(result.plan.stage).label,
            cost=proposal.cost / 3600,
            bound=proposal.bound / 3600,
            gap=proposal.gap,
            over=proposal.excess,
            seconds=proposal.seconds,
            iterations=proposal.iterations,
            seed=proposal.seed,
        ),
    )
    for note in proposal.notes:
        output.say_once(note)
    show_binding(output, district, result.plan.stage, proposal)


def _summarise(output: Output, district: District, results: list[StageResult]) -> None:
    """Print the figures that a planner looks at first, a column a stage."""
    stages = [district.stage(result.plan.stage) for result in results]
    header = [messages.text("cli.measure"), *(stage.label for stage in stages)]
    rows = []
    for name in SUMMARY:
        found = [{m.id: m for m in result.card}.get(name) for result in results]
        cells = [
            "" if m is None else measure_text(m.value, m.unit).of(output.lang) + MARKS[m.ok] for m in found
        ]
        label = next((m.label.of(output.lang) for m in found if m is not None), "")
        if label:
            rows.append([label, *cells])
    gaps = [_gap(r.proposal).of(output.lang) if r.proposal else "" for r in results]
    rows.append([messages.text("cli.gap").of(output.lang), *gaps])
    output.table(messages.text("cli.summary", year=results[0].plan.year), header, rows)


def _gap(proposal: Proposal) -> Text:
    """Return the gap as the table prints it; a dash and why where none can be stated."""
    if not proposal.within_seats:
        return messages.text("cli.no_gap")
    plain = f"{proposal.gap:.2%}" if math.isfinite(proposal.gap) else "–"
    return Text(plain, plain)


def _record(result: StageResult) -> dict[str, object]:
    proposal = result.proposal
    record: dict[str, object] = {
        "stage": result.plan.stage,
        "year": result.plan.year,
        "ok": proposal is None or proposal.within_seats,
        "plan_digest": result.plan.digest,
        "scorecard": card_record(result.card),
    }
    if proposal is not None:
        record |= {
            "cost": proposal.cost,
            "bound": proposal.bound,
            "gap": proposal.gap if math.isfinite(proposal.gap) else None,
            "pupils_over": proposal.excess,
            "iterations": proposal.iterations,
            "seed": proposal.seed,
            "notes": [{"en": note.en, "zh": note.zh} for note in proposal.notes],
            "binds": binding_record(proposal),
        }
    return record


def _write(
    output: Output,
    district: District,
    demand: Forecast,
    results: list[StageResult],
    folder: Path,
) -> list[Path]:
    with output.progress(messages.text("cli.writing")):
        files = [publish_atlas(district, results, demand, folder=folder, lang=output.lang)]
        for result in results:
            published = publish_plan(
                district,
                result.plan,
                result.card,
                folder=folder / result.plan.stage,
                proposal=result.proposal,
                demand=demand,
                times=result.times,
                against=result.against,
                options=result.options,
                prices=result.prices,
                feeder=result.feeder,
                lang=output.lang,
                atlas=False,
            )
            files.extend(published.paths)
    return files
