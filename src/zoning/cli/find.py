"""``zoning find``: the school of an address, as the page for parents says it."""

from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Folder, Lang, Output
from zoning.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    lost = {word: _cure(district, word, answer) for word, answer in found if not answer.schools}
    for _, said in lost.values():
        output.show(said)
    office = district.notice.office
    document = {
        "ok": ok,
        "year": sources[0].plan.year,
        "plans": {one.plan.stage: one.plan.digest for one in sources},
        "office": {"en": office.en, "zh": office.zh, "phone": district.notice.phone},
    }
    answers = [_record(district, word, answer, lost) for word, answer in found]
    output.result(document | {"answers": answers})
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


def _cure(district: "District", word: str, answer: "Answer") -> tuple[tuple[str, ...], Text]:
    """Return names like an address without an answer, and the sentence with them and whom to ask."""
    from zoning.public.alike_names import alike_names

    if answer.block_id:
        names: tuple[str, ...] = ()
        said = messages.text("public.find_no_zone", address=word, block=answer.block_id)
    else:
        names = alike_names(district, word)
        kind = "several" if answer.quality == "several" else "alike" if names else "nothing"
        listed = Text("; ".join(names), "；".join(names))
        said = messages.text(f"public.find_{kind}", address=word, names=listed)
    notice = district.notice
    if notice.phone:
        fields = {"office": name_of(notice.office.zh, notice.office.en), "phone": notice.phone}
        ask = messages.text("public.find_ask", **fields)
        said = Text(f"{said.en} {ask.en}", f"{said.zh}{ask.zh}")
    return names, said


def _record(
    district: "District", word: str, answer: "Answer", lost: "Mapping[str, tuple[tuple[str, ...], Text]]"
) -> dict[str, object]:
    frame = district.school_frame
    record: dict[str, object] = {
        "address": word,
        "stage": answer.stage,
        "schools": list(answer.schools),
        "names": [
            {"en": str(frame.at[school, "name_en"]), "zh": str(frame.at[school, "name"])}
            for school in answer.schools
        ],
        "block_id": answer.block_id,
        "match": answer.quality,
        "basis": answer.basis,
    }
    if not answer.schools:
        names, said = lost[word]
        record |= {"alike": list(names), "cure": {"en": said.en, "zh": said.zh}}
    return record


def name_of(zh: object, en: object) -> Text:
    """Return the name of a school; the Chinese one where there is no English one."""
    return Text(str(en) or str(zh), str(zh))
