"""``zoning draw late``, ``teachers`` and ``inspect``: the draws beside that of the classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoning import messages
from zoning.cli.draw_commit import Private, Public, Rehearsal, RosterFile, RulesFile, promise, promised_terms
from zoning.cli.output import AsJson, Lang, Output
from zoning.errors import DrawError

if TYPE_CHECKING:
    from zoning.lottery.making import Drawn

After = Annotated[list[str] | None, typer.Option("--after", metavar="PRIVATE", show_default=False)]
Teachers = Annotated[str, typer.Argument(metavar="TEACHERS", show_default=False)]
Schools = Annotated[str, typer.Argument(metavar="SCHOOLS", show_default=False)]


def run_late(
    roster: RosterFile,
    rules: RulesFile,
    after: After = None,
    out: Public = "draw-late",
    private: Private = "",
    rehearsal: Rehearsal = False,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write the commitment of a closed batch of late arrivals."""
    output = Output.of(lang, as_json=as_json)
    from zoning.load import read_roster
    from zoning.lottery.making import make_late_bundle

    terms = promised_terms(rules, "late", rehearsal=rehearsal)
    promise(output, make_late_bundle(read_roster(roster), terms, _drawn(after)), out, private)


def run_teachers(
    teachers: Teachers,
    rules: RulesFile,
    after: After = None,
    out: Public = "draw-teachers",
    private: Private = "",
    rehearsal: Rehearsal = False,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write the commitment of the draw by which head teachers get their classes.

    Raises
    ------
    DrawError
        When not exactly one class split is named.
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.load import read_list
    from zoning.lottery.making import make_list_bundle

    terms = promised_terms(rules, "teacher", rehearsal=rehearsal)
    earlier = _drawn(after)
    if len(earlier) != 1:
        raise DrawError(messages.text("draw.no_chain"))
    promise(output, make_list_bundle(read_list(teachers), terms, split=earlier[0]), out, private)


def run_inspect(
    schools: Schools,
    rules: RulesFile,
    out: Public = "draw-inspect",
    private: Private = "",
    rehearsal: Rehearsal = False,
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Write the commitment of a random choice of schools to inspect."""
    output = Output.of(lang, as_json=as_json)
    from zoning.lottery.making import make_list_bundle

    terms = promised_terms(rules, "inspect", rehearsal=rehearsal)
    promise(output, make_list_bundle(_schools(schools), terms), out, private)


def _schools(path: str) -> Sequence[str]:
    """Return the schools of a district that are open in its year, or of a list."""
    from zoning.load import read_district, read_list

    if not Path(path).is_dir():
        return read_list(path)
    county = read_district(path)
    year = county.place.year
    return sorted(
        {str(name) for stage in county.stages for name in county.schools_of(stage.name, year).index}
    )


def _drawn(folders: list[str] | None) -> list["Drawn"]:
    """Return earlier draws with their transcripts."""
    from zoning.lottery.bundle import open_bundle
    from zoning.lottery.making import Drawn
    from zoning.publish.ceremony import earlier_transcript

    found = []
    for folder in folders or []:
        bundle = open_bundle(folder)
        transcript = earlier_transcript(bundle, (Path(folder),))
        if transcript is None:
            raise DrawError(messages.text("draw.not_drawn", folder=folder))
        found.append(Drawn(bundle, transcript))
    return found
