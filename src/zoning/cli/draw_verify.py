"""``zoning draw verify``: from public files alone."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from zoning import messages
from zoning.cli.clock import void_text
from zoning.cli.output import AsJson, Lang, Output
from zoning.errors import DrawError, Text, ZoningError

if TYPE_CHECKING:
    from zoning.lottery import Verified

_REFUTED: Final = 1
TranscriptFile = Annotated[str, typer.Argument(metavar="TRANSCRIPT", show_default=False)]
Follows = Annotated[str, typer.Option("--follows", metavar="TRANSCRIPT", show_default=False)]
Promised = Annotated[str, typer.Option("--promised", metavar="DIGEST", show_default=False)]


def run(
    transcript: TranscriptFile,
    promised: Promised = "",
    follows: Follows = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Compute a draw again from the files beside its transcript.

    Raises
    ------
    DrawError
        When a file is missing or the promised digest is none (exit 2).
    typer.Exit
        When the draw does not verify (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.lottery import check_follows, read_public_files, verify_draw

    if promised and not re.fullmatch(r"[0-9a-f]{64}", "".join(promised.lower().split())):
        raise DrawError(messages.text("draw.bad_promise"))
    data, files = read_public_files(transcript)
    earlier = read_public_files(follows) if follows else None
    try:
        found = _with_splits(verify_draw(data, files, promised=promised), Path(transcript).parent)
        if earlier is not None:
            found = check_follows(found, verify_draw(*earlier))
    except ZoningError as error:
        said = messages.text("draw.not_verified", reason=error.text)
        output.show(said)
        output.result({"ok": False, "reason": _both(error.text)})
        raise typer.Exit(_REFUTED) from None
    if found.transcript.void:
        output.show(void_text())
    for title, sentences in (("verified", found.proved), ("cannot_prove", found.unproved)):
        output.show(messages.text(f"draw.{title}"))
        for text in sentences:
            output.show(Text(f"  - {text.en}", f"  - {text.zh}"))
    output.result(
        {
            "ok": True,
            "void": found.transcript.void,
            "commitment": found.transcript.commitment,
            "root": found.transcript.root,
            "proved": [_both(text) for text in found.proved],
            "unproved": [_both(text) for text in found.unproved],
        }
    )


def _with_splits(found: "Verified", folder: Path) -> "Verified":
    """Return what was verified, with the splits of a low-tech draw that lie beside it."""
    from zoning.lottery.lowtech import SPLITS, check_splits

    if found.committed.manifest.mode != "lowtech" or not (folder / SPLITS).is_file():
        return found
    check_splits(found.committed, (folder / SPLITS).read_bytes())
    return replace(found, proved=(*found.proved, messages.text("draw.proved_splits")))


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
