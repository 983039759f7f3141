"""``zoning draw commit`` and ``seats``: promise a draw of children before any randomness exists."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from zoning import messages
from zoning.cli import clock
from zoning.cli.clock import void_text
from zoning.cli.output import AsJson, Lang, Output
from zoning.errors import DrawError

if TYPE_CHECKING:
    from zoning.lottery.bundle import Bundle
    from zoning.lottery.manifest import Kind
    from zoning.lottery.terms import Terms

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
    """Write the public files and the private bundle of a class split."""
    _commit(Output.of(lang, as_json=as_json), "split", (roster, rules), (out, private), rehearsal=rehearsal)


def run_seats(
    roster: RosterFile,
    rules: RulesFile,
    out: Public = "draw-seats",
    private: Private = "",
    rehearsal: Rehearsal = False,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write the public files and the private bundle of a seat draw."""
    _commit(Output.of(lang, as_json=as_json), "seat", (roster, rules), (out, private), rehearsal=rehearsal)


def _commit(
    output: Output, kind: "Kind", files: tuple[str, str], folders: tuple[str, str], *, rehearsal: bool
) -> None:
    from zoning.load import read_roster
    from zoning.lottery.making import make_bundle

    roster, rules = files
    terms = promised_terms(rules, kind, rehearsal=rehearsal)
    promise(output, make_bundle(read_roster(roster), terms), *folders)


def promised_terms(rules: str, kind: "Kind", *, rehearsal: bool) -> "Terms":
    """Return the rules of a commitment that is published now, with the program that is installed.

    Raises
    ------
    DrawError
        When the terms are refused or the rules are backdated.
    """
    from zoning.lottery.rehearsal import rehearsed
    from zoning.lottery.terms import read_terms
    from zoning.publish.program import installed_program

    now = clock.clock()
    terms = read_terms(rules, kind=kind, now=now)
    terms = replace(terms, manifest=replace(terms.manifest, program=installed_program()))
    if rehearsal:
        return replace(terms, manifest=rehearsed(terms.manifest))
    if terms.manifest.published < now - _GRACE_S:
        when = datetime.fromtimestamp(terms.manifest.published, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        raise DrawError(messages.text("draw.backdated", time=when))
    return terms


def promise(output: Output, bundle: "Bundle", out: str, private: str) -> None:
    """Write a commitment and say what to do with it."""
    from zoning.lottery import digest_groups
    from zoning.publish.ceremony import write_commitment

    manifest = bundle.public.manifest
    home = private or f"{out.rstrip('/')}-private"
    files = write_commitment(bundle, private=home, public=out)
    issued = sum(one["number"] != one["record"]["sid"] for one in bundle.children)
    if issued and manifest.mode != "rehearsal":
        output.say(messages.text("draw.issued", count=issued))
    groups = digest_groups(manifest.commitment)
    is_rehearsal = manifest.mode == "rehearsal"
    if is_rehearsal:
        output.show(void_text())
    if manifest.mode == "lowtech":
        output.show(messages.text("draw.lowtech"))
    count = len(bundle.children) or len(manifest.items)
    output.show(messages.text("draw.committed", count=count, public=out, private=home, groups=groups))
    output.files(files)
    document = {"ok": True, "void": is_rehearsal, "children": len(bundle.children), "issued": issued}
    names = [path.as_posix() for path in files]
    output.result(document | {"commitment": groups.replace(" ", ""), "private": home, "files": names})
