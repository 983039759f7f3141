"""``zoning draw commit``: promise a draw before any randomness exists."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from zoning import messages
from zoning.cli import clock
from zoning.cli.clock import void_text
from zoning.cli.output import AsJson, Lang, Output
from zoning.errors import DrawError

_GRACE_S: Final = 3600
"""How long before now a commitment may say that it was published."""
Private = Annotated[str, typer.Option("--private", metavar="DIR", show_default=False)]
Public = Annotated[str, typer.Option("--out", metavar="DIR", show_default=False)]
RosterFile = Annotated[str, typer.Argument(metavar="ROSTER", show_default=False)]
RulesFile = Annotated[str, typer.Argument(metavar="RULES", show_default=False)]
Rehearsal = Annotated[bool, typer.Option("--rehearsal")]


def run(
    roster: RosterFile,
    rules: RulesFile,
    out: Public = "draw",
    private: Private = "",
    rehearsal: Rehearsal = False,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write the public files and the private bundle of a commitment.

    Raises
    ------
    DrawError
        When the terms or a record are refused, or the rules are backdated.
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.load import read_roster
    from zoning.lottery import digest_groups
    from zoning.lottery.bundle import make_bundle
    from zoning.lottery.rehearsal import rehearsed
    from zoning.lottery.terms import read_terms
    from zoning.publish.ceremony import write_commitment

    now = clock.clock()
    terms = read_terms(rules, now=now)
    if rehearsal:
        terms = replace(terms, manifest=rehearsed(terms.manifest))
    elif terms.manifest.published < now - _GRACE_S:
        when = datetime.fromtimestamp(terms.manifest.published, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        raise DrawError(messages.text("draw.backdated", time=when))
    children = read_roster(roster)
    bundle = make_bundle(children, terms)
    home = private or f"{out.rstrip('/')}-private"
    files = write_commitment(bundle, private=home, public=out)
    issued = sum(a.sid != one["record"]["sid"] for a, one in zip(children, bundle.children, strict=True))
    if issued:
        output.say(messages.text("draw.issued", count=issued))
    groups = digest_groups(bundle.public.manifest.commitment)
    if rehearsal:
        output.show(void_text())
    output.show(messages.text("draw.committed", count=len(children), public=out, private=home, groups=groups))
    output.files(files)
    document = {"ok": True, "void": rehearsal, "children": len(children), "issued": issued}
    names = [path.as_posix() for path in files]
    output.result(document | {"commitment": groups.replace(" ", ""), "private": home, "files": names})
