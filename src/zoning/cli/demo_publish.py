"""The publication of the demo, and the page that links everything that the demo made."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from zoning import messages
from zoning.cli.output import Output
from zoning.errors import Text

if TYPE_CHECKING:
    from zoning.district import District

__all__ = ["publish_demo"]

_SHEETS: Final = 4
"""Schools whose sheets the demo prints; `zoning publish` prints all."""
_LINKED: Final = (
    ("parents", ("public/index.html", "public/finder-{year}.html")),
    ("draw", ("draw/draw.html", "draw/wall.pdf", "draw/procedure-{lang}.pdf", "draw/audit-{lang}.pdf")),
    ("planner", ("atlas.html", "forecast/summary.html", "office/report-{lang}.pdf", "office/report.xlsx")),
    ("stages", ("kindergarten/plan.xlsx", "primary/plan.xlsx", "junior/plan.xlsx", "senior/plan.xlsx")),
)
"""What the index links, by group."""


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
    from zoning.publish.index_page import Link, Links, index_page

    year = county.place.year + 1
    groups = []
    for name, patterns in _LINKED:
        paths = [pattern.format(year=year, lang=output.lang) for pattern in patterns]
        links = tuple(Link(path, _label(path)) for path in paths if (folder / path).is_file())
        title, lead = (messages.text(f"cli.index_{part}_{name}") for part in ("title", "lead"))
        groups.append(Links(name, title, lead, links))
    title = messages.text("cli.index_title", place=county.place.name)
    footer = messages.text("cli.index_footer")
    return index_page(title, Text("zoning demo", "zoning demo"), groups, footer=footer, lang=output.lang)


def _label(path: str) -> Text:
    """Return what a file is; its name decides."""
    words = {
        "public/index.html": "contents", "finder": "finder", "draw.html": "draw", "wall": "wall",
        "procedure": "procedure", "audit": "audit", "atlas": "atlas", "summary": "forecast",
        "report.xlsx": "report_book", "report-": "report",
        **{stage: stage for stage in ("kindergarten", "primary", "junior", "senior")},
    }  # fmt: skip
    return messages.text(f"cli.index_file_{next(word for part, word in words.items() if part in path)}")
