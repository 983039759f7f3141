"""The consultation pack says what changes, why, who may stay, how to comment, and the same each time."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import numpy as np
import pytest
from tests.public.published import (
    NOTICE,
    PUPILS,
    QUARTERS,
    SOME_MOVED,
    addresses_of,
    grid,
    publication_of,
)

from zoning.district import PublicNotice
from zoning.errors import Language, Text
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.public import Publication, change_ledger
from zoning.public.consultation.pack import consultation
from zoning.public.consultation.parts import document_of

ROWS = [
    ("b000001", "estate", "甲苑", np.nan, np.nan, "all"),
    ("b000001", "street", "东路", 1.0, 9.0, "odd"),
    ("b000001", "street", "东路", 20.0, 20.0, "even"),
    ("b000002", "village", "丙村", np.nan, np.nan, "all"),
]


@pytest.fixture(scope="module")
def published() -> Publication:
    """Return a town of which three blocks change."""
    district = grid(tables={"addresses": addresses_of(ROWS)})
    return publication_of(district, QUARTERS, SOME_MOVED, PUPILS)


@pytest.fixture(scope="module")
def packs(published: Publication) -> dict[str, bytes]:
    """Return the files of both languages."""
    ledger = change_ledger(published)
    return consultation(published, ledger, lang="zh") | consultation(published, ledger, lang="en")


def words_of(data: bytes) -> str:
    """Return all text of a Word file, tables included."""
    word = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in word.paragraphs] + cells)


def said(published: Publication, lang: Language = "en") -> str:
    """Return everything that a document says, as one text."""
    return str(document_of(published, change_ledger(published), {}, lang=lang))


def test_both_languages_come_as_pdf_and_word(packs: dict[str, bytes]) -> None:
    """A planner gets four files, each of its kind."""
    assert set(packs) == {f"consultation-{lang}.{kind}" for lang in ("zh", "en") for kind in ("pdf", "docx")}
    assert all(packs[name].startswith(b"%PDF" if name.endswith("pdf") else b"PK") for name in packs)


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Square: proposed school zones for 2027-28", "Square Education Office", "000-5550100",
                "https://example.org/find", "Comments are welcome until 30 April 2027",
                "post box at the office", "Entry rules, clause 5", "Whoever is enrolled stays.",
                "may go to the same school",
                "EN 东路 (odd 1–9; even 20); EN 甲苑", "School 1 → School 2", "Nothing is decided yet",
                "What happens next", "More schools share the zone.",
            ],
        ),
        (
            "zh",
            [
                "方镇 2027-28 学年学区调整方案（征求意见稿）", "方镇教育办", "2027年4月30日", "教育办意见箱",
                "招生办法第五条", "在校生留原校。", "东路（单号 1–9；双号 20）、甲苑",
                "第1学校 → 第2学校", "下一步",
            ],
        ),
    ],
)  # fmt: skip
def test_word_opens_and_says_it(packs: dict[str, bytes], lang: str, wanted: list[str]) -> None:
    """The file opens, and names office, date, rule, transition, places, schools and what follows."""
    text = words_of(packs[f"consultation-{lang}.docx"])
    assert [part for part in wanted if part not in text] == []


def test_word_is_built_for_readers_of_all_kinds(packs: dict[str, bytes]) -> None:
    """Headings are headings, every picture has words, every table repeats its head, the title is set."""
    word = docx.Document(io.BytesIO(packs["consultation-en.docx"]))
    levels = [p.style.name for p in word.paragraphs if p.style is not None and "Heading" in str(p.style.name)]
    assert levels[0] == "Heading 1"
    assert levels.count("Heading 1") == 1
    assert len(word.inline_shapes) >= 3
    with zipfile.ZipFile(io.BytesIO(packs["consultation-en.docx"])) as archive:
        xml = archive.read("word/document.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert len(re.findall(r'<wp:docPr [^>]*descr="[^"]{20,}', xml)) == len(word.inline_shapes)
    assert xml.count("<w:tblHeader/>") == len(word.tables) - 1  # all but the box of the summary
    assert word.core_properties.title == "Square: proposed school zones for 2027-28"


def test_the_same_publication_gives_the_same_bytes(published: Publication, packs: dict[str, bytes]) -> None:
    """Whoever checks the published files with the record finds the same digests."""
    again = consultation(published, change_ledger(published), lang="en")
    assert again == {name: packs[name] for name in again}


def test_what_is_decided_is_not_called_a_proposal(published: Publication) -> None:
    """Without an address or a date for comments nobody is invited to comment on what is settled."""
    decided = replace(NOTICE, comments_to=Text("", ""), comments_until="")
    text = said(replace(published, district=replace(published.district, notice=decided)))
    assert "changes of school zones" in text
    assert "No time for comments is stated" in text
    assert "proposal" not in text
    silent = said(replace(published, district=replace(published.district, notice=PublicNotice())))
    assert "Please ask your school or the education office." in silent


def test_a_year_without_changes_or_without_a_year_before_is_a_document_too(published: Publication) -> None:
    """Nothing to say is said, instead of an empty table or an error."""
    same = publication_of(published.district, QUARTERS, QUARTERS, PUPILS)
    assert "No zone changes for 2027-28." in said(same)
    first = replace(published, other=None)
    files = consultation(first, change_ledger(first), lang="zh")
    assert "没有可与 2027-28 学年比较的另一年学区" in words_of(files["consultation-zh.docx"])


def test_a_choice_that_ends_everywhere_is_said_as_such(published: Publication) -> None:
    """Where every home had a choice of three and now one school, no other home is said to keep its own."""
    three = [(0, 1, 2)] * 16
    gone = publication_of(published.district, three, [0] * 16, PUPILS)
    assert "小学：16 个规划单元可选学校由 3 所变为 1 所。" in said(gone, "zh")
    assert "had a choice of 3 and now have 1: 16." in said(gone)
    assert "其他住址" not in said(gone, "zh")
    assert "All other homes" not in said(gone)
    assert "其他住址的对口学校不变" in said(published, "zh")


def test_other_homes_are_spoken_of_where_there_are_any(published: Publication) -> None:
    """A stage that changes as a whole does not stand under the sentence that the rest stays."""
    district = published.district
    ids = district.block_frame.index
    wide, one = (Plan.of("junior", y, dict.fromkeys(ids, s)) for y, s in ((2026, ["s0", "s1"]), (2027, "s0")))
    assert published.other is not None
    both = replace(
        published,
        main=replace(published.main, plans={**published.main.plans, "junior": one}),
        other=replace(published.other, plans={**published.other.plans, "junior": wide}),
    )
    assert "'小学：其他住址的对口学校不变。" in said(both, "zh")


def test_staying_as_it_was_is_no_reason_for_a_change(published: Publication) -> None:
    """Stability explains why a nearer school was not taken, and never why a home changes its school."""
    why = dict.fromkeys(published.district.block_frame.index, Reason("stability", "s0", 60.0, Text("x", "x")))
    steady = replace(published, main=replace(published.main, reasons={"primary": why}))
    assert "保持学区稳定" not in said(steady, "zh")
    assert "stays as it was" not in said(steady)


def test_large_numbers_have_separators(published: Publication) -> None:
    """A county with a thousand blocks reads as easily in the blocks as in the children."""
    ledger = change_ledger(published)
    stage = ledger.stages[0]
    many = replace(stage, total=replace(stage.total, blocks=1200, nearer=3559))
    document = str(document_of(published, replace(ledger, stages=(many,)), {}, lang="en"))
    assert "blocks of homes: 1,200" in document
    assert "'3,559'" in document
    assert "'1200'" not in document


def test_hidden_and_unknown_counts_are_dashes(published: Publication) -> None:
    """Few children are no number in the document, and what nobody counted is none either."""
    few = publication_of(published.district, QUARTERS, SOME_MOVED, [3.0, 2.0, *PUPILS[2:]])
    parts = document_of(few, change_ledger(few), {}, lang="en")["parts"]
    rows = [
        row for part in parts if part["kind"] == "table" and part["name"] == "areas" for row in part["rows"]
    ]
    assert "–" in {row[3] for row in rows}
    assert not {str(n) for n in range(1, 5)} & {row[3] for row in rows}
    unknown = publication_of(published.district, QUARTERS, SOME_MOVED)
    assert "The number of children is not shown." in said(unknown)


def test_hostile_names_are_text() -> None:
    """Markup, quotes and control characters in names end in neither file as anything but text."""
    names = ("#panic()", "<w:p/>]]>", "a\x0bb\u202e", "$x$ *b* _c_ \\", "很" * 40)
    rows = [("b000001", "estate", name, np.nan, np.nan, "all") for name in names]
    district = grid(tables={"addresses": addresses_of(rows)})
    blocks = district.blocks
    blocks["name"] = names[0]
    schools = district.schools
    schools["name"] = list(names[:4])
    district = replace(district, block_frame=blocks, school_frame=schools)
    published = publication_of(district, QUARTERS, SOME_MOVED, PUPILS)
    files = consultation(published, change_ledger(published), lang="zh")
    text = words_of(files["consultation-zh.docx"])
    for name in ("#panic()", "<w:p/>]]>", "ab", "$x$ *b* _c_ \\", "很" * 40):
        assert name in text
