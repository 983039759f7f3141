"""Words that all printed pages of a draw share: local times, seed sources, marks, sections of a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, Literal

from zoning import messages
from zoning.errors import Language, Text
from zoning.lottery import Manifest
from zoning.lottery.rehearsal import VOID
from zoning.lottery.source_forms import read_source
from zoning.lottery.sources import Drand

__all__ = [
    "Part",
    "Section",
    "listed",
    "local_date",
    "local_time",
    "many",
    "mode_warnings",
    "other_at",
    "plain",
    "said",
    "sections_data",
    "source_text",
    "thrown_at",
    "void_mark",
]

DAY_S: Final = 86_400
WALL_DAYS: Final = 30
"""Days after a draw when its lists come down from the wall."""
SPLITS: Final = 1000
"""Finished splits of the low-tech mode."""
_LATEST: Final = 253402300799 - DAY_S
"""A day before the end of the year 9999, when manifests end: later times have no local date everywhere."""
_EAST: Final = timezone(timedelta(hours=8))
_BY_HAND: Final = ("dice", "balls")


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a page.

    Parameters
    ----------
    kind
        How it is set: a paragraph, an item of a list, a numbered step, a warning, digits to compare, or a
        fact beside its label.
    text
        What it says.
    label
        Of a fact.
    """

    kind: Literal["text", "item", "step", "warning", "digits", "fact", "qr"]
    text: Text
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it.

    Parameters
    ----------
    title
        The heading; empty for what stands before the first one.
    parts
        Its paragraphs in order.
    """

    title: Text
    parts: tuple[Part, ...]


def said(name: str, /, **fields: object) -> Text:
    """Return a sentence of the printed pages.

    Raises
    ------
    KeyError
        When the catalogue has no such sentence.
    """
    return messages.text(f"draw_notice.{name}", **fields)


def plain(value: object) -> Text:
    """Return what stands the same in both languages, such as a name or a number."""
    return Text(str(value), str(value))


def many(kind: Literal["text", "item", "step"], text: Text) -> tuple[Part, ...]:
    r"""Return the lines of a sentence of several lines, one part each.

    Raises
    ------
    ValueError
        When one language has more lines than the other.

    Examples
    --------
    >>> [part.text.zh for part in many("item", Text("one\ntwo", "一\n二"))]
    ['一', '二']
    """
    lines = zip(text.en.split("\n"), text.zh.split("\n"), strict=True)
    return tuple(Part(kind, Text(en, zh)) for en, zh in lines)


def listed(items: Iterable[Text]) -> Text:
    """Return texts in a row, as each language separates them."""
    found = tuple(items)
    return Text(", ".join(t.en for t in found), "、".join(t.zh for t in found))


def _local(seconds: int) -> tuple[datetime, str]:
    zone = _EAST if seconds <= _LATEST else UTC
    return datetime.fromtimestamp(seconds, zone), "UTC+08:00" if zone is _EAST else "UTC"


def _date_fields(time: datetime) -> dict[str, object]:
    months, days = said("months"), said("days")
    return {
        "year": time.year,
        "month": Text(months.en.split()[time.month - 1], months.zh.split()[time.month - 1]),
        "day": time.day,
        "weekday": Text(days.en.split()[time.weekday()], days.zh.split()[time.weekday()]),
    }


def local_time(seconds: int) -> Text:
    """Return a time as China reads it, with its offset; seconds only where they are not zero.

    Parameters
    ----------
    seconds
        Since 1970 UTC.

    Examples
    --------
    >>> local_time(1692803367).zh
    '2023年8月23日（星期三）23:09:27（UTC+08:00）'
    >>> local_time(1787623200).en
    'Tuesday 25 August 2026, 10:00 (UTC+08:00)'
    """
    time, zone = _local(seconds)
    clock = f"{time:%H:%M:%S}" if time.second else f"{time:%H:%M}"
    return said("time", clock=clock, zone=zone, **_date_fields(time))


def local_date(seconds: int) -> Text:
    """Return the day of a time as China reads it.

    Parameters
    ----------
    seconds
        Since 1970 UTC.

    Examples
    --------
    >>> local_date(1692803367).en
    'Wednesday 23 August 2023'
    """
    return said("date", **_date_fields(_local(min(seconds, _LATEST))[0]))


def is_usual(source: Mapping[str, Any]) -> bool:
    """Tell whether a drand source, as the manifest's file holds it, is a round of quicknet."""
    drand = read_source(dict(source), "source")
    return isinstance(drand, Drand) and drand.is_usual


def source_text(source: Mapping[str, Any]) -> Text:
    """Return what a seed source is and when it speaks.

    Parameters
    ----------
    source
        As the manifest's file holds it.
    """
    fields = {key: value for key, value in source.items() if key not in ("at", "type", "pools")}
    fields["time"] = local_time(source["at"])
    kind = source["type"]
    if kind == "drand" and not is_usual(source):
        return said("source_other_drand", **fields)
    if kind == "drand":
        fields["chain"] = said("quicknet")
    if kind == "lottery":
        pools = [said("pool", drawn=drawn, of=of) for drawn, of in source["pools"]]
        fields["pools"] = Text(" + ".join(p.en for p in pools), " + ".join(p.zh for p in pools))
    return said(f"source_{kind}", **fields)


def thrown_at(manifest: Manifest) -> int:
    """Return when the first source is thrown or drawn by hand, seconds since 1970 UTC."""
    return min(source.at for ladder in manifest.sources for source in ladder)


def other_at(manifest: Manifest) -> int:
    """Return when a source that nobody throws may first speak, seconds since 1970 UTC; 0 without one."""
    sources = (source.as_json() for ladder in manifest.sources for source in ladder)
    return min((source["at"] for source in sources if source["type"] not in _BY_HAND), default=0)


def void_mark(manifest: Manifest) -> str:
    """Return what stands across every page of a rehearsal; empty otherwise."""
    return VOID if manifest.mode == "rehearsal" else ""


def mode_warnings(manifest: Manifest) -> tuple[Part, ...]:
    """Return what a page of a rehearsal or of the low-tech mode says before all else."""
    if manifest.mode == "rehearsal":
        return Part("warning", plain(VOID)), Part("warning", said("void"))
    return (Part("warning", said("weaker", splits=f"{SPLITS:,}")),) if manifest.mode == "lowtech" else ()


def sections_data(sections: Sequence[Section], lang: Language) -> list[dict[str, Any]]:
    """Return sections as a template reads them, in one language."""
    return [
        {
            "title": section.title.of(lang),
            "parts": [
                {"kind": p.kind, "text": p.text.of(lang), "label": p.label.of(lang) if p.label else ""}
                for p in section.parts
            ],
        }
        for section in sections
    ]
