"""Sheets of single schools: A4 for the gate in each language, and a long picture for messaging apps."""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, Literal

from zoning import messages
from zoning.errors import DataError, Language, Text
from zoning.public.publication import Publication
from zoning.public.served import Change, SchoolAddresses
from zoning.public.sheets import content as sheet_content
from zoning.public.sheets.backdrop import Backdrop
from zoning.public.sheets.drawing import zone_drawing
from zoning.publish.context import context_lines
from zoning.publish.typeset import let_go, picture, typeset
from zoning.units import school_year

__all__ = ["TALLEST", "school_files", "school_sheets"]

TALLEST: Final = 16_000
"""Pixels; a longer picture is refused or squeezed by messaging apps, so its lists are cut and say so."""
_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_COLOURS: Final = 64
_FEW: Final = 40
"""Rows of a list, and names of a town, that stay when a picture would be too tall."""
_LETTERS: Final = 22
"""Chinese letters that stand in a line of the picture."""
_MOST_LINES: Final = 320
Form = Literal["pdf", "png"]
_Data = dict[str, Any]
"""What a template reads."""


@dataclass(frozen=True)
class _Pack:
    """What the sheets of all schools share."""

    publication: Publication
    backdrops: Mapping[str, Backdrop] = field(repr=False)
    served: Mapping[str, Mapping[str, SchoolAddresses]] = field(repr=False)
    changes: Mapping[str, tuple[Change, ...]] = field(repr=False)

    @classmethod
    def of(cls, publication: Publication) -> "_Pack":
        """Return what is measured once for all schools."""
        main, district = publication.main, publication.district
        lines = context_lines(district, tolerance_m=6.0)
        return cls(
            publication,
            {stage: Backdrop(district, plan, lines) for stage, plan in main.plans.items()},
            {stage: publication.lists.served(main.year, stage) for stage in main.plans},
            {stage: publication.lists.changed(stage) for stage in main.plans},
        )

    def stages_of(self, school: str) -> list[str]:
        """Return the stages for which some address leads to the school."""
        return [stage for stage, by_school in self.served.items() if school in by_school]


def school_sheets(
    publication: Publication, *, schools: Sequence[str] | None = None, pictures: bool = True
) -> dict[str, bytes]:
    """Return the print pack by file name: two PDF and a picture a school.

    ``print/P001-2027-zh.pdf`` and ``…-en.pdf`` are A4; ``print/P001-2027.png`` is 1080 pixels wide, in
    Chinese. The same publication gives the same bytes.

    Parameters
    ----------
    publication
        What is published.
    schools
        Ids of the schools wanted; every school that some address leads to when left out.
    pictures
        Whether to make the long pictures.

    Raises
    ------
    DataError
        When no address leads to a school.
    """
    return dict(school_files(publication, schools=schools, pictures=pictures))


def school_files(
    publication: Publication, *, schools: Sequence[str] | None = None, pictures: bool = True
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of :func:`school_sheets` one by one, so that progress can be shown.

    Parameters
    ----------
    publication, schools, pictures
        As for :func:`school_sheets`.

    Raises
    ------
    DataError
        When no address leads to a school.
    """
    pack = _Pack.of(publication)
    every = sorted({school for by_school in pack.served.values() for school in by_school})
    wanted = every if schools is None else list(schools)
    unknown = [school for school in wanted if school not in set(every)]
    if unknown:
        raise DataError(
            [messages.problem("public_print.no_school", file="plan", value=one) for one in unknown]
        )
    for school in wanted:
        start = f"print/{file_stem(school)}-{publication.main.year}"
        for lang in _LANGUAGES:
            data, files = _sheet(pack, school, lang, "pdf")
            yield f"{start}-{lang}.pdf", typeset("school_sheet", data, lang=lang, files=files)
        if pictures:
            yield f"{start}.png", _long_picture(pack, school)
    let_go()


def file_stem(school: str) -> str:
    """Return a school's id as a file may be named: no separator, dot or blank stays as it is.

    Examples
    --------
    >>> file_stem("P001"), file_stem("一小"), file_stem("../P 1")
    ('P001', '一小', '%2E%2E%2FP%201')
    """
    return re.sub(r"[^\w-]", lambda found: f"%{ord(found[0]):02X}", school)


def _sheet(pack: _Pack, school: str, lang: Language, form: Form) -> tuple[_Data, dict[str, bytes]]:
    """Return the data of a sheet and its pictures."""
    publication = pack.publication
    stages = pack.stages_of(school)
    files, look = {}, {"ratio": 0.62, "letter": 17.0} if form == "pdf" else {"ratio": 0.9, "letter": 29.0}
    for stage in (one for one in stages if school in publication.main.plans[one].school_ids):
        files[f"map-{stage}.svg"] = zone_drawing(pack.backdrops[stage], school, lang=lang, **look)
    link = sheet_content.deep_link(publication, stages[0], school)
    if link:
        files["qr.svg"] = _code(link)
    return {**_head(publication, school, stages, lang, link), "cut": False, "stages": [
        sheet_content.stage_content(
            publication, school, (stage, pack.served[stage][school], pack.changes[stage]), lang
        )
        for stage in stages
    ]}, files  # fmt: skip


def _head(
    publication: Publication, school: str, stages: Sequence[str], lang: Language, link: str
) -> dict[str, object]:
    name, notice = sheet_content.school_name(publication, school), publication.district.notice
    year = school_year(publication.main.year)
    labels = [publication.district.stage(stage).label for stage in stages]
    label = Text(" / ".join(t.en for t in labels), "、".join(t.zh for t in labels))
    foot = messages.text("public_print.foot", school=name, year=year, phone=notice.phone or "–")
    other = name.of("en" if lang == "zh" else "zh")
    return {
        "title": messages.text("public_print.sheet_title", school=name, year=year).of(lang),
        "place": publication.district.place.name.of(lang),
        "school": name.of(lang),
        "other": other if other != name.of(lang) else "",
        "subtitle": messages.text("public_print.stage_heading", stage=label, year=year).of(lang),
        "facts": [(a.of(lang), b.of(lang)) for a, b in sheet_content.facts_of(publication, school)],
        "words": sheet_content.sheet_words(lang),
        "link": link,
        "qr": "qr.svg" if link else None,
        "foot": foot.of(lang),
        "disclaimer": sheet_content.disclaimer_of(publication).of(lang),
        "digests": sheet_content.foot_of(publication, school, stages).of(lang),
    }


def _code(link: str) -> bytes:
    import segno  # noqa: PLC0415 - waits until a code is drawn

    found = BytesIO()
    segno.make(link, error="m", micro=False).save(found, kind="svg", scale=4, border=2)
    return found.getvalue()


def _long_picture(pack: _Pack, school: str) -> bytes:
    """Return the long picture, its lists cut where it would pass the tallest that apps take."""
    data, files = _sheet(pack, school, "zh", "png")
    few = _FEW
    while _lines(data) > _MOST_LINES and few:
        data, few = _cut(data, few), few // 2
    found = picture("school_long", data, lang="zh", files=files)
    while _height(found) > TALLEST and few:
        data, few = _cut(data, few), few // 2
        found = picture("school_long", data, lang="zh", files=files)
    return _lighter(found)


def _height(png: bytes) -> int:
    """Return the height that the head of a PNG states, pixels."""
    return int(struct.unpack(">I", png[20:24])[0])


def _lines(data: _Data) -> int:
    """Return about how many lines of the picture the lists take, before anything is drawn."""
    rows = [row for stage in data["stages"] for section in stage["sections"] for row in section["rows"]]
    return sum(
        sum(2 + len(cell) // _LETTERS for cell in ([row] if isinstance(row, str) else row)) for row in rows
    )


def _cut(data: _Data, few: int) -> _Data:
    """Return a sheet with the first rows of each list, and the first names of each town."""

    def of_section(section: _Data) -> _Data:
        rows = section["rows"][:few]
        if section["form"] == "lists":
            rows = [[town, "、".join(names.split("、")[:few])] for town, names in rows]
        return {**section, "rows": rows}

    stages = [{**stage, "sections": [*map(of_section, stage["sections"])]} for stage in data["stages"]]
    return {**data, "cut": True, "stages": stages}


def _lighter(png: bytes) -> bytes:
    """Return a picture with a palette of few colours: a third of the bytes, the same to the eye."""
    from PIL import Image  # noqa: PLC0415 - waits until a picture is made

    found = BytesIO()
    with Image.open(BytesIO(png)) as full:
        few = full.convert("RGB").quantize(
            _COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        few.save(found, "PNG", compress_level=6)
    return found.getvalue()
