"""Words of the office and of the program are no counts of children; everything else stays refused."""

import io
import re
import tomllib
from dataclasses import replace
from datetime import date
from importlib.resources import files

import docx
import pytest
from tests.public.files import KINDS, planted
from tests.public.print_town import NOTICE, town_publication

from zoning.errors import Text
from zoning.public import make_publication
from zoning.public.coverage.certificate import certify
from zoning.public.gate.cells import Cell
from zoning.public.gate.checks import check_publication
from zoning.public.gate.small_counts import is_small_count, says_count

TODAY = date(2027, 3, 1)
RULE = Text(
    "Admission rules of the county of 2027, clause 6: every address of a home is used by only 1 pupil of a"
    " home in six years, further children of the same parents excepted, and no class takes up to 2 new"
    " pupils after the autumn term has begun",
    "《2027年招生办法》第六条：同一套住房六年内只安排1名学生入学，同一父母的多孩家庭除外，"
    "每班学期中途不超过 2 名学生转入",
)
TRANSITION = Text("A family with 2 children keeps its school.", "有2名学生的家庭不变更学校。")
DISCLAIMER = Text(
    "Of a home 1 pupil is placed.\nAsk the office.", "一套住房安排1名学生。\n以主管部门答复为准。"
)
SPOKEN = replace(
    NOTICE, rule=RULE, transition=TRANSITION, disclaimer=DISCLAIMER, comments_until="2027-05-31"
)  # fmt: skip


PUBLICATION = town_publication(notice=SPOKEN)
CERTIFICATE = certify(PUBLICATION)
GIVEN = dict.fromkeys(("coverage", "address_no_school"), "an invented town")


def codes(name: str, data: bytes) -> set[str]:
    """Return the codes that refuse a file."""
    report = check_publication(
        PUBLICATION, {name: data}, inputs=None, today=TODAY, certificate=CERTIFICATE, overrides=GIVEN
    )
    return {one.code for one in report.refusals}


WORDS = [word for text in (RULE, TRANSITION, DISCLAIMER) for word in (text.zh, text.en)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("word", WORDS)
def test_what_the_office_says_passes_in_every_kind_of_file(kind: str, word: str) -> None:
    """A rule that speaks of one pupil is no count, in a cell, over lines and over the lines of a print."""
    assert codes(*planted(kind, "依据", word)) == set()
    assert codes(*planted(kind, "依据", f"依据：{word}（咨询电话 000-5550100）")) == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "other",
    [
        "只安排1名学生",  # a part of what is said may be a count
        f"{TRANSITION.zh}涉及 3 名学生",
        f"1{TRANSITION.zh}涉及3名学生",
        "有3名学生的家庭不变更学校。",
        "A family with 3 children keeps its school.",
        f"{RULE.en}: 2 pupils",
    ],
)
def test_everything_else_stays_refused(kind: str, other: str) -> None:
    """Only the words as they stand are exempt: parts, other figures and counts beside them are not."""
    assert codes(*planted(kind, "备注", other)) == {"small_count"}


def test_figures_under_a_header_are_counts_whatever_the_office_says() -> None:
    """A number in a column of children is no word."""
    for kind in ("csv", "xlsx", "json", "gpkg"):
        assert codes(*planted(kind, "pupils", 2)) == {"small_count"}


def test_a_document_of_word_and_a_wrapped_text_are_put_together() -> None:
    """A rule over two paragraphs or two lines is still the rule; with a word between it is not."""
    halves = (RULE.en[:96], RULE.en[96:])
    assert says_count(" ".join(halves))
    paper = docx.Document()
    for part in ("2027", *halves):
        paper.add_paragraph(part)
    out = io.BytesIO()
    paper.save(out)
    assert codes("a-2027.docx", out.getvalue()) == set()
    assert codes("a-2027.txt", "\n".join(("2027", *halves)).encode()) == set()
    assert codes("a-2027.txt", "\n".join(("2027", halves[0], "and", halves[1])).encode()) == {"small_count"}


def test_a_whole_publication_of_such_an_office_is_not_refused() -> None:
    """Page, lists, notices, sheets, consultation and ledger carry the rule, and every file passes."""
    made = make_publication(PUBLICATION, today=TODAY, overrides=GIVEN)
    assert [(one.code, one.problem.file) for one in made.gate.refusals] == []
    assert {name.rpartition(".")[2] for name in made.public} >= {
        "html",
        "pdf",
        "docx",
        "xlsx",
        "csv",
        "json",
        "txt",
    }


SENTENCES = [
    (f"{path.name.removesuffix('.toml')}.{key}.{lang}", sentence)
    for path in files("zoning.messages").joinpath("catalogue").iterdir()
    for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    for lang, sentence in entry.items()
]


def test_no_sentence_of_the_program_says_a_count_of_children_by_itself() -> None:
    """Nothing of the catalogue needs to be exempt: what a sentence does not fill in is no small count."""
    filled = {name: re.sub(r"\{(least|below)[^}]*\}", "4", sentence) for name, sentence in SENTENCES}
    bare = {name: re.sub(r"\{[^}]*\}", "…", sentence) for name, sentence in filled.items()}
    assert [name for name, one in bare.items() if is_small_count(Cell(one, "text"), 100)] == []
