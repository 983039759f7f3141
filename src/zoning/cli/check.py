"""``zoning check``: every problem of every file at once."""

import typer

from zoning import messages
from zoning.cli.output import BAD_INPUT, AsJson, Folder, Lang, Output, problem_record


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
    stops = [p for p in problems if p.severity != "warning"]
    output.problems(problems)
    done = "cli.check_failed" if stops else "cli.check_passed"
    output.show(messages.text(done, stops=len(stops), warnings=len(problems) - len(stops)))
    output.result({"ok": not stops, "problems": [problem_record(p) for p in problems]})
    if stops:
        raise typer.Exit(BAD_INPUT)
