"""The proof of a plan in the terminal: what binds, and a stored bound checked again."""

import math
from collections.abc import Mapping

from zoning import messages
from zoning.cli.output import Output, problem_record
from zoning.cli.steps import years_ahead
from zoning.district import District
from zoning.forecast import Forecast
from zoning.load import PlanRecord, read_record
from zoning.load.fields import read_object
from zoning.load.records import record_beside
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.publish.binding import binding_rules, unit_name
from zoning.publish.plans import name_column
from zoning.travel import TravelTimes
from zoning.zones.recheck import Recheck, recheck_record

__all__ = [
    "binding_record",
    "read_proof",
    "recheck",
    "recheck_json",
    "show_binding",
    "show_recheck",
    "years_for",
]

_DEAREST = 8


def show_binding(output: Output, district: District, stage: str, proposal: Proposal) -> None:
    """Print the dearest limits: what one unit more would save, minutes a day."""
    every = binding_rules(proposal)
    if not every:
        return
    frame = district.school_frame
    names = dict(zip(frame.index, name_column(frame, output.lang), strict=True))
    header = [messages.text(f"cli.{name}") for name in ("binds_school", "binds_rule", "binds_saves")]
    rows = [
        [unit_name(one.school_id, names, output.lang), one.label.of(output.lang), f"{one.minutes:,.1f}"]
        for one in every[:_DEAREST]
    ]
    label = district.stage(stage).label
    code = "cli.binds" if len(every) <= _DEAREST else "cli.binds_dearest"
    output.table(messages.text(code, stage=label, shown=len(rows), count=len(every)), header, rows)
    seats = next((one for one in every if one.rule == "capacity" and not one.is_lower), None)
    if seats is not None:
        school = unit_name(seats.school_id, names, output.lang)
        output.show(messages.text("cli.one_more_seat", school=school, minutes=seats.minutes))


def binding_record(proposal: Proposal) -> list[dict[str, object]]:
    """Return what binds as JSON writes it, dearest first."""
    return [
        {
            "rule": one.rule,
            "en": one.label.en,
            "zh": one.label.zh,
            "school_id": one.school_id,
            "lower": one.is_lower,
            "minutes_a_day": one.minutes,
        }
        for one in binding_rules(proposal)
    ]


def read_proof(output: Output, path: str, district: District, plan: Plan) -> PlanRecord | None:
    """Return the record beside a plan file; None where there is none, or none of that plan with a proof.

    A record of another stage or year is told.

    Raises
    ------
    DataError
        When the record cannot be read.
    """
    beside = record_beside(path)
    if beside is None:
        return None
    said = read_object(beside)
    if isinstance(said, Mapping) and (said.get("stage"), said.get("year")) != (plan.stage, plan.year):
        held = f"{plan.stage} {plan.year}"
        output.say(messages.text("cli.other_record", file=beside.name, wanted=held))
        return None
    record = read_record(path, district, plan=plan)
    return None if record.certificate is None else record


def years_for(district: District, year: int, record: PlanRecord | None) -> tuple[int, ...]:
    """Return the school years to forecast: those of every command, and those that the options name."""
    ahead = years_ahead(district, year)
    asked = () if record is None else record.options.get("years", ())
    return tuple(sorted({*ahead, *asked}))


def recheck(
    output: Output, record: PlanRecord, district: District, demand: Forecast, times: TravelTimes
) -> Recheck:
    """Check the bound of a record again, with a line of progress."""
    with output.progress(messages.text("cli.rechecking")):
        return recheck_record(record, district, demand, times)


def show_recheck(output: Output, checked: Recheck) -> None:
    """Print the bound checked again, and every finding."""
    counts = {"prices": checked.prices, "cuts": checked.cuts, "blocks": checked.blocks}
    fields = {"bound": checked.bound / 3600, **counts}
    if math.isfinite(checked.gap):
        output.show(messages.text("cli.rechecked", gap=checked.gap, **fields))
    else:
        output.show(messages.text("cli.rechecked_no_gap", **fields))
    output.problems(checked.findings)


def recheck_json(checked: Recheck) -> dict[str, object]:
    """Return a bound checked again as JSON writes it."""
    return {
        "ok": checked.ok,
        "cost": _finite(checked.cost),
        "bound": _finite(checked.bound),
        "gap": _finite(checked.gap),
        "pupils_over": checked.over,
        "multipliers": checked.prices,
        "cuts": checked.cuts,
        "block_prices": checked.blocks,
        "findings": [problem_record(one) for one in checked.findings],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
