"""``zoning draw run``: draw what was committed, once it is due."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli import clock
from zoning.cli.clock import void_text
from zoning.cli.draw_commit import Public
from zoning.cli.output import AsJson, Lang, Output
from zoning.errors import DrawError

if TYPE_CHECKING:
    from zoning.lottery import Revealed

BundleFolder = Annotated[str, typer.Argument(metavar="PRIVATE", show_default=False)]
Sources = Annotated[list[str] | None, typer.Option("--source", metavar="VALUE", show_default=False)]
Now = Annotated[str, typer.Option("--now", metavar="TIME", show_default=False)]
RosterNow = Annotated[str, typer.Option("--roster", metavar="FILE", show_default=False)]


def run(
    bundle: BundleFolder,
    source: Sources = None,
    out: Public = "",
    roster: RosterNow = "",
    now: Now = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write the transcript of a draw that is due.

    Raises
    ------
    DrawError
        When the draw is not due, was run before, its roster was changed, or a source is missing or weak.
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.lottery import run_draw
    from zoning.lottery.bundle import open_bundle
    from zoning.lottery.rehearsal import RECORDED
    from zoning.publish.ceremony import earlier_transcript, write_transcript

    home = Path(bundle)
    shown = Path(out or home.with_name(home.name.removesuffix("-private") or "draw"))
    if shown == home:
        shown = Path("draw")
    opened = open_bundle(home)
    manifest = opened.public.manifest
    is_rehearsal = manifest.mode == "rehearsal"
    if now and not is_rehearsal:
        raise DrawError(messages.text("draw.clock_told"))
    if roster:
        from zoning.load import read_roster

        opened.check_roster(read_roster(roster))
    said = RECORDED if is_rehearsal and not source else tuple(_revealed(word) for word in source or ())
    earlier = earlier_transcript(opened, (home, shown))
    time = clock.told(now) if now else clock.clock()
    transcript = run_draw(opened.public, said, now=time, earlier=earlier, scores=opened.scores)
    files = write_transcript(opened, transcript, private=home, public=shown)
    if is_rehearsal:
        output.show(void_text())
    file = (shown / "transcript.json").as_posix()
    output.show(messages.text("draw.drawn", count=len(transcript.result), file=file))
    output.files(files)
    output.result(
        {
            "ok": True,
            "void": transcript.void,
            "results": len(transcript.result),
            "attempt": transcript.attempt,
            "root": transcript.root,
            "commitment": transcript.commitment,
            "files": [path.as_posix() for path in files],
        }
    )


def _revealed(word: str) -> "Revealed":
    """Return what a source said as typed: a value, or the rung of a stand-in and its value."""
    from zoning.lottery import Revealed

    rung, colon, value = word.partition(":")
    return Revealed(value, int(rung)) if colon and rung.isdecimal() else Revealed(word)
