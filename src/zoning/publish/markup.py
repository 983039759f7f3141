"""Pieces of pages that speak both languages without a script: everything is escaped here."""

import html
from collections.abc import Sequence

from zoning.errors import Text

__all__ = ["both", "cell", "head", "section", "table"]


def both(text: Text) -> str:
    """Return a sentence in both languages, one of which the page hides.

    Examples
    --------
    >>> both(Text("a < b", "甲 < 乙"))
    '<span class="en" lang="en">a &lt; b</span><span class="zh" lang="zh-CN">甲 &lt; 乙</span>'
    >>> both(Text("2032", "2032"))
    '2032'
    """
    if text.en == text.zh:
        return html.escape(text.en)
    return (
        f'<span class="en" lang="en">{html.escape(text.en)}</span>'
        f'<span class="zh" lang="zh-CN">{html.escape(text.zh)}</span>'
    )


def cell(value: str, *, kind: str = "") -> str:
    """Return a cell of a number or a short text."""
    named = f' class="{kind}"' if kind else ""
    return f"<td{named}>{html.escape(value)}</td>"


def head(inside: str, *, scope: str, kind: str = "") -> str:
    """Return the heading of a row or a column around markup that is safe already."""
    named = f' class="{kind}"' if kind else ""
    return f'<th scope="{scope}"{named}>{inside}</th>'


def table(
    titles: Sequence[Text],
    rows: Sequence[str],
    *,
    caption: Text,
    kinds: Sequence[str] = (),
    kind: str = "",
) -> str:
    """Return a table of rows that are marked up already.

    Parameters
    ----------
    titles
        Headings of the columns; those of numbers stand at the right.
    rows
        Cells of each row, marked up.
    caption
        What the table shows.
    kinds
        Class of each row, empty for none.
    kind
        Class of the table.
    """
    heads = "".join(
        head(both(title), scope="col", kind="n" if number else "") for number, title in enumerate(titles)
    )
    named = [f' class="{one}"' if one else "" for one in kinds] or [""] * len(rows)
    body = "".join(f"<tr{attribute}>{row}</tr>" for attribute, row in zip(named, rows, strict=True))
    of_kind = f' class="{kind}"' if kind else ""
    said = f"<caption>{both(caption)}</caption>"
    return f"<table{of_kind}>{said}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def section(name: str, title: Text, inside: str, *, kind: str = "") -> str:
    """Return a section with its heading, by which a screen reader calls it.

    Parameters
    ----------
    name
        Stable name; the heading's id is ``h-<name>``.
    title
        The heading.
    inside
        Markup that is safe already.
    kind
        Class of the section.
    """
    of_kind = f' class="{kind}"' if kind else ""
    return (
        f'<section id="{name}"{of_kind} aria-labelledby="h-{name}">'
        f'<h2 id="h-{name}">{both(title)}</h2>{inside}</section>'
    )
