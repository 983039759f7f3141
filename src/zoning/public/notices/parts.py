"""What a notice is made of, and words that several parts use."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from zoning.errors import Text
from zoning.public.publication import Publication
from zoning.units import school_year

__all__ = ["Notice", "Section", "as_heading", "between", "in_a_row", "stages_text", "title_of"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a notice under one heading.

    Parameters
    ----------
    heading
        Its heading, without number.
    lines
        Paragraphs.
    heads, rows
        Titles and cells of a table; empty for none.
    entries
        Names, each with what is said of it.
    """

    heading: Text
    lines: tuple[Text, ...] = ()
    heads: tuple[Text, ...] = ()
    rows: tuple[tuple[Text, ...], ...] = field(default=(), repr=False)
    entries: tuple[tuple[Text, Text], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """One of the parts: its name in files, its title and its sections."""

    name: str
    title: Text
    sections: tuple[Section, ...] = field(repr=False)


def as_heading(text: Text) -> Text:
    """Return a text as it begins a heading: English with a capital letter.

    Examples
    --------
    >>> as_heading(Text("primary school", "小学")).en
    'Primary school'
    """
    return Text(text.en[:1].upper() + text.en[1:], text.zh)


def between(text: Text) -> Text:
    """Return a text as it stands between Chinese words: with a blank beside Latin letters and digits.

    Examples
    --------
    >>> between(Text("", "zoning@example.org")).zh, between(Text("", "305 室")).zh
    (' zoning@example.org ', ' 305 室')
    """
    start, end = (" " if one.isascii() and one.isalnum() else "" for one in (text.zh[:1], text.zh[-1:]))
    return Text(text.en, f"{start}{text.zh}{end}")


def in_a_row(texts: Iterable[Text], *, zh: str = "、", en: str = ", ") -> Text:
    """Return texts joined in each language.

    Examples
    --------
    >>> in_a_row([Text("one", "一"), Text("two", "二")]).zh
    '一、二'
    """
    every = list(texts)
    return Text(en.join(t.en for t in every), zh.join(t.zh for t in every))


def stages_text(publication: Publication) -> Text:
    """Return the published stages in a row."""
    district = publication.district
    return in_a_row(district.stage(stage).label for stage in publication.main.plans)


def title_of(publication: Publication) -> dict[str, object]:
    """Return the fields of a title: place and school year."""
    return {"place": publication.district.place.name, "year": school_year(publication.main.year)}
