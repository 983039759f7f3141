"""The draw of the demo: a rehearsal of the whole ceremony with the sample roster, every output void."""

import hashlib
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Final

from zoning import messages
from zoning.cli.clock import void_text
from zoning.cli.output import Output

__all__ = ["rehearse_draw"]

_DRAWS: Final = 200
"""Simulated draws of the demo's audit: enough to look at, a second to compute."""


def rehearse_draw(output: Output, inputs: Path, folder: Path) -> dict[str, object]:
    """Commit, run, verify and audit a class split of the sample roster; return what JSON says of it.

    Receipt codes are ones that anybody can compute, so that the demo gives the same bytes everywhere; the
    children are invented.

    Parameters
    ----------
    output
        Where the steps are shown.
    inputs
        The sample folder, with its roster and ``draw.toml``.
    folder
        The public folder; the private one stands beside it.
    """
    from zoning.load import read_roster
    from zoning.lottery import run_draw, verify_draw
    from zoning.lottery.audit_draw import audit_draw
    from zoning.lottery.bundle import public_octets
    from zoning.lottery.making import issue_codes, make_bundle
    from zoning.lottery.records import code_of
    from zoning.lottery.rehearsal import RECORDED, rehearsed
    from zoning.lottery.terms import read_terms
    from zoning.publish.ceremony import write_commitment, write_transcript
    from zoning.publish.draw_report import write_audit
    from zoning.publish.program import installed_program

    private = folder.with_name(f"{folder.name}-private")
    with output.progress(messages.text("cli.rehearsing")):
        roster = read_roster(inputs)
        terms = read_terms(inputs / "draw.toml", kind="split", now=0)
        manifest = rehearsed(replace(terms.manifest, program=installed_program()))
        known = (code_of(hashlib.sha256(b"sample %d" % n).digest()[:16]) for n in itertools.count())
        codes = issue_codes(roster, new=lambda: next(known))
        bundle = make_bundle(roster, replace(terms, manifest=manifest), codes=codes)
        write_commitment(bundle, private=private, public=folder)
        due = max(source.at for ladder in manifest.sources for source in ladder)
        transcript = run_draw(bundle.public, RECORDED, now=due)
        files = write_transcript(bundle, transcript, private=private, public=folder)
        named = {name.removesuffix(".json"): data for name, data in public_octets(bundle.public).items()}
        verify_draw(transcript.octets(), named)
        audit = audit_draw(bundle, draws=_DRAWS, transcript=transcript)
        reports = write_audit(audit, manifest, folder)
    output.show(void_text())
    output.show(messages.text("draw.drawn", count=len(transcript.result), file=folder / "transcript.json"))
    output.files([folder / "draw.html", folder / "wall.pdf", folder / f"audit-{output.lang}.pdf"])
    return {
        "void": True,
        "results": len(transcript.result),
        "commitment": transcript.commitment,
        "root": transcript.root,
        "files": [path.as_posix() for path in (*files, *reports)],
    }
