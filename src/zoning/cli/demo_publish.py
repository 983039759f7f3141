"""The publication of the demo, and the page that links everything that the demo made."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zoning import messages
from zoning.cli.output import Output
from zoning.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zoning.district import District
    from zoning.publish.index_page import Link

__all__ = ["publish_demo"]

_SHEETS: Final = 4
"""Schools whose sheets the demo prints; `zoning publish` prints all."""
_STAGES: Final = ("kindergarten", "primary", "junior", "senior")
_LINKED: Final = {
    "parents": (("finder", "public/finder-*.html"), ("contents", "public/index.html")),
    "draw": (
        ("draw", "draw/draw.html"),
        ("verifier", "draw/verifier.html"),
        ("wall", "draw/wall.pdf"),
        ("procedure", "draw/procedure*"),
        ("checklist", "draw/checklist*"),
        ("audit", "draw/audit*"),
        ("draw_record", "draw/*"),
        ("private", "draw-private/*"),
    ),
    "planner": (
        ("atlas", "atlas.html"),
        ("forecast", "forecast/*.html"),
        ("report", "office/*"),
        ("forecast_tables", "forecast/forecast.*"),
        ("intervals", "forecast/*.parquet"),
        ("figures", "forecast/figures/*"),
    ),
    "stages": tuple((stage, f"{stage}/*") for stage in _STAGES),
    "input": (("input", "input/*"),),
}
"""What the index links, by group: what it is and where its files lie; each file where it fits first."""


def publish_demo(output: Output, county: "District", inputs: Path, folder: Path) -> dict[str, object]:
    """Publish the plans that the demo wrote, write the index, return what JSON says; the record begins anew.

    Parameters
    ----------
    output
        Where the steps are shown.
    county
        The sample county.
    inputs
        Its folder.
    folder
        Where the demo writes.
    """
    from zoning.cli.publish import assemble_measured, make, report
    from zoning.cli.publishing import read_plans_of
    from zoning.publish.whole import write_whole

    sources = read_plans_of([folder], county)
    publication = assemble_measured(output, county, sources, ())
    primary = publication.main.plans["primary"].zones()
    made = make(
        output,
        publication,
        sources,
        inputs,
        sheets=sorted(primary)[:_SHEETS],
    )
    document = report(output, made, folder)
    index = write_whole(folder / "index.html", _index(output, county, folder))
    output.files([index])
    return document


def _index(output: Output, county: "District", folder: Path) -> str:
    from zoning.publish.index_page import Links, index_page

    # What is published has its own contents page.
    left = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    groups = []
    for name, placed in _LINKED.items():
        title, lead = (messages.text(f"cli.index_{part}_{name}") for part in ("title", "lead"))
        groups.append(Links(name, title, lead, tuple(_links(placed, left))))
    title = messages.text("cli.index_title", place=county.place.name)
    footer = messages.text("cli.index_footer")
    return index_page(title, Text("zoning demo", "zoning demo"), groups, footer=footer, lang=output.lang)


def _links(placed: "Iterable[tuple[str, str]]", left: list[str]) -> "Iterator[Link]":
    """Yield the documents of a group, and take their files from those that are left."""
    from zoning.publish.index_page import Link

    for label, pattern in placed:
        found = [path for path in left if fnmatchcase(path, pattern)]
        left[:] = [path for path in left if path not in found]
        if found:
            yield Link(messages.text(f"cli.index_file_{label}"), tuple(found))
