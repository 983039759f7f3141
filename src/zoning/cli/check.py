"""``zoning check``: every problem of every file at once."""

import typer

from zoning import messages
from zoning.cli.output import BAD_INPUT, AsJson, Folder, Lang, Output, problem_record
from zoning.errors import StreetsError


def run(folder: Folder, lang: Lang = "", as_json: AsJson = False) -> None:
    """Report every problem of an input folder; exit 2 when it cannot be read.

    Raises
    ------
    typer.Exit
        When the folder cannot be read (exit 2).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.load import check_folder

    with output.progress(messages.text("cli.reading", folder=folder)):
        problems = check_folder(folder)
    stops = sum(p.severity != "warning" for p in problems)
    output.problems(problems)
    records = [problem_record(p) for p in problems]
    if not stops:  # the streets take longest, and need blocks and schools to be compared with
        found = _street_records(output, folder)
        stops = len(found)
        records = found + records
    done = "cli.check_failed" if stops else "cli.check_passed"
    warnings = sum(p.severity == "warning" for p in problems)
    output.show(messages.text(done, stops=stops, warnings=warnings, folder=folder))
    output.result({"ok": not stops, "problems": records})
    if stops:
        raise typer.Exit(BAD_INPUT)


def _street_records(output: Output, folder: str) -> list[dict[str, object]]:
    """Say what is odd about the street map; return why it cannot be used, nothing when it can."""
    from zoning.cli.steps import travel
    from zoning.load import read_district

    district = read_district(folder)
    if district.streets is None:
        return []
    try:
        for stage in {district.policy.of(stage.name).mode: stage for stage in district.stages}.values():
            for note in travel(output, district, stage).notes:
                output.say_once(note)
    except StreetsError as error:
        output.say(error.text)
        place = {"file": district.streets.name, "row": None, "column": None, "value": None}
        record = {"severity": "error", "code": "travel.streets", **place}
        return [{**record, "en": error.text.en, "zh": error.text.zh}]
    return []
