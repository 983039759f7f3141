"""``zoning find``: the school of an address, as the page for parents says it."""

from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Output
from zoning.errors import Text

if TYPE_CHECKING:
    from zoning.district import District
    from zoning.public import Answer

PlanPath = Annotated[str, typer.Argument(metavar="PLAN", show_default=False)]
Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS…", show_default=False)]
Year = Annotated[int, typer.Option("--year", show_default=False)]


def run(
    folder: Folder,
    plan: PlanPath,
    address: Addresses,
    year: Year = 0,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Print the schools of each address for every stage; exit 1 when one has no answer.

    Raises
    ------
    typer.Exit
        When an address matches nothing or several things, or its block has no school (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.cli.publishing import read_plans_of
    from zoning.load import read_district
    from zoning.public import SchoolFinder

    with output.progress(messages.text("cli.reading", folder=folder)):
        district = read_district(folder)
        sources = read_plans_of([plan], district, year=year or None)
    finder = SchoolFinder(district, {one.plan.stage: one.plan for one in sources})
    found = [(word, answer) for word in address for answer in finder.find(word)]
    _show(output, district, found, sources[0].plan.year)
    ok = all(answer.schools for _, answer in found)
    output.result({"ok": ok, "answers": [_record(word, answer) for word, answer in found]})
    if not ok:
        raise typer.Exit(INFEASIBLE)


def _show(output: Output, district: "District", found: list[tuple[str, "Answer"]], year: int) -> None:
    names = {
        school: name_of(zh, en).of(output.lang)
        for school, zh, en in district.school_frame[["name", "name_en"]].itertuples()
    }
    columns = ("address", "stage", "school", "basis", "match")
    header = [messages.text(f"public.find_{name}") for name in columns]
    rows = [
        [
            word,
            district.stage(answer.stage).label.of(output.lang),
            ", ".join(names[school] for school in answer.schools),
            messages.text(f"public.basis_{answer.basis}").of(output.lang),
            messages.text(f"public.match_{answer.quality}").of(output.lang),
        ]
        for word, answer in found
    ]
    output.table(messages.text("public.find_title", year=year), header, rows)


def _record(word: str, answer: "Answer") -> dict[str, object]:
    return {
        "address": word,
        "stage": answer.stage,
        "schools": list(answer.schools),
        "block_id": answer.block_id,
        "match": answer.quality,
        "basis": answer.basis,
    }


def name_of(zh: object, en: object) -> Text:
    """Return the name of a school; the Chinese one where there is no English one."""
    return Text(str(en) or str(zh), str(zh))
