"""``zoning draw audit``: many draws of the committed roster, and the draw that counted among them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli.draw_run import BundleFolder
from zoning.cli.output import AsJson, Lang, Output

if TYPE_CHECKING:
    from zoning.lottery.audit_report import Audit

Draws = Annotated[int, typer.Option("--draws", min=1)]
Series = Annotated[int, typer.Option("--series", min=0)]
Named = Annotated[str, typer.Option("--named", metavar="FILE", show_default=False)]
Report = Annotated[str, typer.Option("--out", metavar="DIR", show_default=False)]


def run(
    bundle: BundleFolder,
    draws: Draws = 1000,
    series: Series = 1,
    named: Named = "",
    report: Report = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Show how equal chances are, and after a draw how it looks among others; exit 1 when a rule was broken.

    Raises
    ------
    typer.Exit
        When a stratum misses its even share or a school overflows too far (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.load.lists import read_list
    from zoning.lottery.audit_draw import audit_draw
    from zoning.lottery.bundle import open_bundle
    from zoning.publish.ceremony import earlier_transcript
    from zoning.publish.draw_report import write_audit

    opened = open_bundle(bundle)
    earlier = earlier_transcript(opened, (Path(bundle),))
    listed = read_list(named) if named else None
    with output.progress(messages.text("draw_audit.simulating", draws=f"{draws:,}")):
        audit = audit_draw(opened, draws=draws, series=series, transcript=earlier, named=listed)
    files = write_audit(audit, opened.public.manifest, report) if report else ()
    if not as_json:
        _show(output, audit)
    if files:
        output.files(files)
    document = audit.as_json()
    if files:
        document["files"] = [path.as_posix() for path in files]
    output.result(document)
    if not audit.ok:
        raise typer.Exit(1)


def _show(output: Output, audit: "Audit") -> None:
    """Print every table with its verdict, and the result in short."""
    from zoning.cli.clock import void_text
    from zoning.errors import Text
    from zoning.publish.draw_report import notes, summary
    from zoning.publish.draw_tables import sections

    if audit.void:
        output.show(void_text())
    for section in sections(audit):
        output.show(section.title)  # not the table's own, which would be broken to the width of a narrow one
        if section.rows:
            rows = [[c.of(output.lang) if isinstance(c, Text) else c for c in row] for row in section.rows]
            output.table(Text("", ""), section.header, rows)
        for said in section.verdict:
            output.show(Text(f"  {said.en}", f"  {said.zh}"))
        output.show(Text("", ""))
    for said in (*notes(audit), *summary(audit)):
        output.show(said)
