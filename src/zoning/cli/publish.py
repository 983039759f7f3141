"""``zoning publish``: the page where parents find their school, and the public record around it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli import clock
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Output
from zoning.errors import DataError, Problems, Text

if TYPE_CHECKING:
    from zoning.district import District
    from zoning.load import PlanRecord
    from zoning.public import Publication
    from zoning.public.make import MadePublication
    from zoning.public.sources import PlanSource

PlanFiles = Annotated[list[str], typer.Argument(metavar="PLAN…", show_default=False)]
Out = Annotated[str, typer.Option("--out", metavar="DIR", show_default=False)]
Before = Annotated[list[str] | None, typer.Option("--before", metavar="PLAN", show_default=False)]
Overrides = Annotated[list[str] | None, typer.Option("--override", metavar="CODE=REASON", show_default=False)]
Year = Annotated[int, typer.Option("--year", show_default=False)]
Replaces = Annotated[str, typer.Option("--replaces", metavar="LINE", show_default=False)]
Because = Annotated[str, typer.Option("--because", metavar="REASON", show_default=False)]
NoPrint = Annotated[bool, typer.Option("--no-print")]


def run(
    folder: Folder,
    plans: PlanFiles,
    before: Before = None,
    year: Year = 0,
    out: Out = "",
    no_print: NoPrint = False,
    override: Overrides = None,
    replaces: Replaces = "",
    because: Because = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Make everything that is published of a year's zones, look it through, and write it or nothing.

    Raises
    ------
    typer.Exit
        When the gate refuses the publication (exit 1); nothing is written then.
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.publishing import overrides_of, read_plans_of
    from zoning.cli.steps import output_folder
    from zoning.load import read_district
    from zoning.load.matching import addresses_of
    from zoning.public import read_record

    overrides = overrides_of(override or [])
    home = output_folder(folder, out, parts=("public", "office"))
    record = read_record(home / "public", reason=because)
    found = Problems()
    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
        addresses_of(district)  # refused now, not after minutes of forecast and journeys
        sources = read_plans_of(plans, district, year=year or None, findings=found)
        earlier = read_plans_of(before, district) if before else ()
    output.problems([one for one in found.items if not one.code.startswith("load.unknown_column")])
    publication = assemble_measured(output, district, sources, earlier)
    made = make(
        output,
        publication,
        sources,
        folder,
        record=record,
        overrides=overrides,
        sheets=() if no_print else None,
        replaces=replaces,
        because=because,
    )
    document = report(output, made, home)
    output.result(document)
    if not made.gate.ok:
        raise typer.Exit(INFEASIBLE)


def assemble_measured(
    output: Output, district: "District", sources: Sequence["PlanSource"], earlier: Sequence["PlanSource"]
) -> "Publication":
    """Return a publication with its forecast, journeys, scores and reasons."""
    from zoning.cli.steps import travel, years_ahead, zones_in_force
    from zoning.forecast import forecast_residents
    from zoning.public import assemble

    plans = [one.plan for one in sources]
    with output.progress(messages.text("cli.forecasting")):
        demand = forecast_residents(district, years=years_ahead(district, plans[0].year))
    stages = [district.stage(plan.stage) for plan in plans]
    times = {stage.name: travel(output, district, stage) for stage in stages}
    force = [] if earlier else [zones_in_force(district, stage) for stage in stages]
    before = [one.plan for one in earlier] + [p for p in force if p is not None and p.year < plans[0].year]
    with output.progress(messages.text("public.explaining")):
        return assemble(district, plans, before=before, times=times, demand=demand)


def make(
    output: Output,
    publication: "Publication",
    sources: Sequence["PlanSource"],
    folder: str | Path,
    *,
    record: bytes = b"",
    overrides: dict[str, str] | None = None,
    sheets: Sequence[str] | None = None,
    replaces: str = "",
    because: str = "",
) -> "MadePublication":
    """Return everything of a publication, looked through."""
    from zoning.public.make import make_publication

    with output.progress(messages.text("public.making")):
        return make_publication(
            publication,
            today=datetime.fromtimestamp(clock.clock(), UTC).astimezone().date(),
            inputs=folder,
            sources=sources,
            records=_records(publication.district, sources),
            overrides=overrides,
            sheets=sheets,
            record=record,
            replaces=replaces,
            reason=because,
            lang=output.lang,
        )


def _records(district: "District", sources: Sequence["PlanSource"]) -> "dict[str, PlanRecord]":
    """Return what was proved of each plan, where a record that can be read lies beside it."""
    from zoning.load.records import read_record, record_beside

    found = {}
    for one in sources:
        beside = record_beside(Path(one.file))
        if beside is None:
            continue
        try:
            found[one.plan.stage] = read_record(beside, district)
        except DataError:
            continue  # the gate says what is wrong with it
    return found


def report(output: Output, made: "MadePublication", home: Path) -> dict[str, object]:
    """Write a publication that may be published, say what the gate found, and return it for JSON."""
    import json

    from zoning.public.chain import RECORD, record_head
    from zoning.public.make import INDEX
    from zoning.public.record_folder import strange_files
    from zoning.public.written import write_publication

    said = made.gate.text(output.lang).rstrip("\n")
    output.show(Text(said, said))
    document: dict[str, object] = {"ok": made.gate.ok, "gate": json.loads(made.gate.as_json())}
    if not made.gate.ok:
        output.show(messages.text("public.refused"))
        return document | {"files": []}
    files = write_publication(made, home)
    public = home / "public"
    finder = next(path for path in files if path.name.startswith("finder-"))
    strange = strange_files(public)
    if strange:
        output.show(messages.text("public.strange", files=", ".join(strange), count=len(strange)))
    output.show(messages.text("public.head", head=record_head(made.public[RECORD])))
    output.files([public / INDEX, finder, home / "office"])
    return document | {"files": [path.as_posix() for path in files], "strange": strange}
