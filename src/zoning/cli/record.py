"""``zoning record``: whether published files are those of their record, and the record is unchanged."""

import re
from pathlib import Path
from typing import Annotated

import typer

from zoning import messages
from zoning.cli.output import INFEASIBLE, AsJson, Lang, Output, problem_record
from zoning.errors import ZoningError

Public = Annotated[str, typer.Argument(metavar="PUBLIC", show_default=False)]
Head = Annotated[str, typer.Option("--head", metavar="SHA256", show_default=False)]


def run(public: Public, head: Head = "", lang: Lang = "", as_json: AsJson = False) -> None:
    """Check the record of a public folder and every file that it names.

    Raises
    ------
    ZoningError
        When the head that was printed has another form (exit 2).
    typer.Exit
        When the record or a file was changed, or a file is missing or strange (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    head = head.strip()
    if head and not re.fullmatch("[0-9A-Fa-f]{64}", head):
        raise ZoningError(messages.text("public_ledger.head_form", value=head[:64]))
    from zoning.public.chain import files_of, lines_of, record_head
    from zoning.public.record_folder import check_record, record_bytes

    problems = check_record(public, head=head)
    output.problems(problems)
    document = {"ok": not problems, "problems": [problem_record(one) for one in problems]}
    if problems:
        output.show(messages.text("public.record_fails", count=len(problems)))
        output.result(document)
        raise typer.Exit(INFEASIBLE)
    data = record_bytes(Path(public))
    output.show(messages.text("public.record_holds", files=len(files_of(data)), lines=len(lines_of(data))))
    output.show(messages.text("public.head", head=record_head(data)))
    output.result(document | {"files": files_of(data), "head": record_head(data)})
