"""The steps that several commands share: folders, stages, journeys, scorecards."""

import math
import os
from collections.abc import Iterable
from pathlib import Path

from zoning import messages
from zoning.cli.output import Output
from zoning.district import STAGES, District, Stage
from zoning.errors import DataError, Text, ZoningError
from zoning.evaluate import Scorecard
from zoning.forecast import FURTHEST
from zoning.plan import Plan
from zoning.travel import TravelTimes, measure_travel

HORIZON = 6
MARKS = {True: " ✓", False: " ✗", None: ""}
MODES = {"walk": Text("walking", "步行"), "drive": Text("by bus or car", "乘车")}


def output_folder(folder: str, out: str, *, parts: Iterable[str] = ()) -> Path:
    """Return where a command writes: the folder asked for, else ``maps/`` and the input folder's name.

    Asked for before the work begins, so that nobody waits for a plan that cannot be written.

    Raises
    ------
    ZoningError
        When a file is in the way of the folder or of one of its parts, or the folder may not be written.
    """
    wanted = Path(out) if out else Path("maps") / Path(folder).resolve().name
    for path in (wanted, *(wanted / part for part in parts)):
        there = next(one for one in (path, *path.absolute().parents) if one.exists())
        if not there.is_dir() or not os.access(there, os.W_OK):
            why = messages.text("system.no_permission" if there.is_dir() else "system.no_folder")
            raise ZoningError(messages.text("publish.no_folder", folder=path, reason=why))
    return wanted


def stages_of(district: District, wanted: str) -> tuple[Stage, ...]:
    """Return the stages that an option names.

    Raises
    ------
    ZoningError
        When it names none, or one that no school of the district serves.
    """
    if wanted == "all":
        return district.stages
    found = tuple(stage for stage in STAGES if wanted in (stage.name, stage.label.zh, stage.label.en))
    if found and found[0] not in district.stages:
        raise ZoningError(messages.text("cli.no_school_of_stage", stage=found[0].label))
    if not found:
        known = ", ".join(["all", *(stage.name for stage in district.stages)])
        raise ZoningError(messages.text("cli.bad_stage", value=wanted, known=known))
    return found


def years_ahead(district: District, year: int) -> tuple[int, ...]:
    """Return the school years that are forecast for a plan, so that every command finds the same peak.

    From next year, or the plan's own if that is earlier, to five years after the plan's; near the end of what
    can be forecast the years after the plan's own are left out. Years that the options of zones ask for are
    always there.
    """
    last = max(year, min(year + HORIZON - 1, district.place.year + FURTHEST))
    asked = {one for options in district.options.values() for one in options.years}
    return tuple(sorted({*range(min(year, district.place.year + 1), last + 1), *asked}))


def zones_in_force(district: District, stage: Stage) -> Plan | None:
    """Return the zones in force of a stage, None where there are none."""
    try:
        return Plan.current(district, stage=stage.name)
    except DataError:
        return None


def travel(output: Output, district: District, stage: Stage) -> TravelTimes:
    """Measure the journeys of a stage, with a line of progress."""
    mode = MODES[district.policy.of(stage.name).mode]
    with output.progress(messages.text("cli.measuring", mode=mode, stage=stage.label)):
        return measure_travel(district, stage=stage.name)


def card_record(card: Scorecard) -> list[dict[str, object]]:
    """Return a scorecard as JSON writes it; what is not finite (pupils without a seat) becomes null."""
    return [
        {
            "id": m.id,
            "en": m.label.en,
            "zh": m.label.zh,
            "value": m.value if math.isfinite(m.value) else None,
            "unit": m.unit,
            "limit": m.limit,
            "source": m.source,
            "ok": m.ok,
        }
        for m in card
    ]


def show_card(output: Output, district: District, card: Scorecard) -> None:
    """Print a scorecard as a table."""
    from zoning.publish import measure_text

    title = messages.text("cli.scorecard", stage=district.stage(card.stage).label, year=card.year)
    header = [messages.text(f"cli.{name}") for name in ("measure", "value", "limit", "source")]
    rows = []
    for m in card:
        limit = "" if m.limit is None else measure_text(m.limit, m.unit).of(output.lang)
        value = measure_text(m.value, m.unit).of(output.lang) + MARKS[m.ok]
        rows.append([m.label.of(output.lang), value, limit, m.source])
    output.table(title, header, rows)
