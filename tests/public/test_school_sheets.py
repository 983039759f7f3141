"""School sheets: every address on the sheets of its schools, the office's words on each, names as text."""

import math
import re
import struct
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader
from tests.public.print_town import HOSTILE, NOTICE, town_publication

import zoning
from zoning.district import PublicNotice
from zoning.errors import DataError, Language
from zoning.plan import Plan
from zoning.public import SchoolFinder, assemble
from zoning.public.notices.texts import notices
from zoning.public.sheets.backdrop import Backdrop
from zoning.public.sheets.content import stage_content
from zoning.public.sheets.drawing import zone_drawing
from zoning.public.sheets.school import TALLEST, school_sheets

COUNTY = zoning.sample_district()
PRIMARY = Plan.current(COUNTY, stage="primary")


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without blanks, which depend on how lines break."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def sheets() -> dict[str, bytes]:
    """The print pack of the small town."""
    return school_sheets(town_publication())


def printed_numbers(text: str) -> set[int]:
    """Return the numbers of a cell such as ``29–87、119``."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:–(\d+))?", text):
        found |= set(range(int(first), int(last or first) + 1, 2))
    return found


def listed_on(content: dict[str, object]) -> set[tuple[str, int | None]]:
    """Return every name and number that a sheet lists as served, read from its printed words."""
    found: set[tuple[str, int | None]] = set()
    for section in content["sections"]:  # type: ignore[attr-defined]
        if section["form"] == "streets":
            for name, odd, even in section["rows"]:
                found |= {(name, n) for n in printed_numbers(odd) | printed_numbers(even)}
        elif section["form"] == "lists":
            found |= {(name, None) for _, names in section["rows"] for name in names.split("、")}
        elif section["title"] == "单独约定入读本校的门牌":
            for line in section["rows"]:
                name, _, numbers = line.partition("（周边")[0].partition("：")
                for part in numbers.split("；"):
                    both = not part.startswith(("单号", "双号"))
                    read = printed_numbers(part)
                    found |= {(name, n) for n in (range(min(read), max(read) + 2) if both else read)}
    return found


def test_every_address_stands_on_exactly_the_sheets_of_its_schools() -> None:
    """For every entry of the sample county the printed lists and the finder name the same schools."""
    publication = assemble(COUNTY, [PRIMARY])
    finder = SchoolFinder(COUNTY, {"primary": PRIMARY})
    on_sheets: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for school, served in publication.lists.served(2026, "primary").items():
        for key in listed_on(stage_content(publication, school, ("primary", served, ()), "zh")):
            on_sheets[key].add(school)
    table = COUNTY.table("addresses")
    assert table is not None
    wrong = []
    for name, first, last in table[["name", "from", "to"]].itertuples(index=False):
        for number in [None] if math.isnan(first) else range(int(first), int(last) + 1, 2):
            asked = name if number is None else f"{name}{number}号"
            if on_sheets.get((name, number), set()) != set(finder.find(asked)[0].schools):
                wrong.append(asked)
    assert not wrong


def test_two_languages_and_a_picture_a_school(sheets: dict[str, bytes]) -> None:
    """Each school has its A4 sheet in both languages and its long picture, named by school and year."""
    ends = ("-2027-zh.pdf", "-2027-en.pdf", "-2027.png")
    assert list(sheets) == [f"print/{school}{end}" for school in ("s0", "s1") for end in ends]
    assert struct.unpack(">I", sheets["print/s0-2027.png"][16:20])[0] == 1080
    for name, data in sheets.items():
        if name.endswith(".pdf"):
            width, height = PdfReader(BytesIO(data)).pages[0].mediabox[2:]
            assert (round(float(width)), round(float(height))) == (595, 842)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_says_who_when_and_by_which_rule(sheets: dict[str, bytes], lang: Language) -> None:
    """Year, phone and rule stand on every sheet; phone and year on every page of it."""
    for school in ("s0", "s1"):
        data = sheets[f"print/{school}-2027-{lang}.pdf"]
        for word in ("2027-28", NOTICE.phone, NOTICE.rule.of(lang), NOTICE.office.of(lang)):
            assert "".join(word.split()) in text_of(data), word
        for page in PdfReader(BytesIO(data)).pages:
            assert NOTICE.phone in page.extract_text()
            assert "2027-28" in page.extract_text()


def test_a_sheet_says_what_is_shared_changed_and_excepted(sheets: dict[str, bytes]) -> None:
    """The lists of a sheet are whole: ranges, shared addresses, exceptions both ways, what changed."""
    first, second = (text_of(sheets[f"print/{school}-2027-zh.pdf"]) for school in ("s0", "s1"))
    assert "建设路1–39、47–612–60" in first
    assert "与第2学校共同招生的范围（多校划片）" in first
    assert "建设路：单号41–45：入读第2学校" in first
    assert "调入（原属第2学校）：建设路：双号2–60" in first
    assert "原因：" in first
    assert "在校学生就读至毕业。" in first
    assert "建设路：单号41–45（周边属第1学校招生范围）" in second
    assert "乙镇白亭村" in second
    assert "香樟里（楼号：1–8号）" in second
    assert "初中招生范围" in first
    assert "初中招生范围" not in second


def test_the_code_leads_to_the_school_on_the_page(sheets: dict[str, bytes]) -> None:
    """The picture of the code says where it leads, and a place without a page has no code."""
    objects = every_object(PdfReader(BytesIO(sheets["print/s1-2027-en.pdf"])))
    said = [str(one["/Alt"]) for one in objects if isinstance(one, dict) and "/Alt" in one]
    assert "https://example.org/finder.html#year=2027&stage=primary&school=s1" in said
    assert any(text.startswith("Map of the zone of School 2") for text in said)
    bare = school_sheets(town_publication(notice=PublicNotice()), schools=["s1"], pictures=False)
    assert "Scan" not in text_of(bare["print/s1-2027-en.pdf"])


def every_object(reader: PdfReader) -> list[object]:
    """Return every object of a PDF."""
    return [reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"])))]


def test_the_same_publication_gives_the_same_bytes(sheets: dict[str, bytes]) -> None:
    """A sheet that is printed again differs in nothing, so that digests can be compared."""
    assert school_sheets(town_publication(), schools=["s0"]) == {n: d for n, d in sheets.items() if "s0" in n}


def test_hostile_names_stay_text() -> None:
    """Names that look like markup of the page, the drawing or the template are printed as they are."""
    publication = town_publication(HOSTILE)
    found = school_sheets(publication, schools=["s0"])
    text = text_of(found["print/s0-2027-zh.pdf"])
    assert "</text></svg><script>alert(1)</script>" in text
    assert '#import"x.typ"]*_$"quotes"\\' in text
    drawn = Backdrop(publication.district, publication.main.plans["primary"], {})
    root = ET.fromstring(zone_drawing(drawn, "s0", lang="zh"))  # noqa: S314 - made here
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert any("<script>" in (one.text or "") for one in root.iter())


def test_no_line_is_drawn_at_the_edge_of_the_district() -> None:
    """A zone that is the whole district has no outline: no administrative boundary is drawn."""
    publication = town_publication()
    junior = Backdrop(publication.district, publication.main.plans["junior"], {})
    root = ET.fromstring(zone_drawing(junior, "s0", lang="en"))  # noqa: S314 - made here
    thick = [one for one in root.iter() if one.get("stroke-width") == "4.0"]
    assert [one.get("d") for one in thick] == [""]
    primary = Backdrop(publication.district, publication.main.plans["primary"], {})
    root = ET.fromstring(zone_drawing(primary, "s0", lang="en"))  # noqa: S314 - made here
    assert all(one.get("d") for one in root.iter() if one.get("stroke-width") == "4.0")


def test_a_picture_stays_within_what_apps_take() -> None:
    """A school with very many addresses gets a picture of bearable height that says that it is cut."""
    publication = town_publication()
    count = 3000
    table = pd.DataFrame({
        "block_id": "b000000", "kind": "estate", "name": [f"锦绣家园{n}期小区" for n in range(count)],
        "name_en": "", "from": np.nan, "to": np.nan, "parity": "all",
    })  # fmt: skip
    district = replace(publication.district, tables={"addresses": table})
    crowded = assemble(district, list(publication.main.plans.values()))
    picture = school_sheets(crowded, schools=["s0"])["print/s0-2027.png"]
    assert struct.unpack(">I", picture[20:24])[0] <= TALLEST


def test_a_school_of_single_addresses_has_a_sheet_and_a_line_too() -> None:
    """A school that no block is zoned to, but that an exception names, hides none of its addresses."""
    publication = town_publication()
    zoned = Plan.of("primary", 2027, dict.fromkeys(publication.district.block_frame.index, "s0"))
    excepted = assemble(publication.district, [zoned])
    sheets = school_sheets(excepted, schools=["s1"])
    said = text_of(sheets["print/s1-2027-zh.pdf"])
    assert "本校在该学段没有划片范围" in said
    assert "建设路：单号41–45（周边属第1学校招生范围）" in said
    assert struct.unpack(">I", sheets["print/s1-2027.png"][16:20])[0] == 1080
    text = notices(excepted)["notice-range-zh.txt"].decode()
    (line,) = (one for one in text.splitlines() if one.startswith("　　第2学校"))
    assert line == "　　第2学校：单独约定入读本校的门牌：建设路（单号 41–45）。"


def test_a_school_that_no_address_leads_to_is_refused() -> None:
    """A sheet is never made for a school that nobody is zoned to."""
    with pytest.raises(DataError, match="leads an address to this school"):
        school_sheets(town_publication(), schools=["s9"])
