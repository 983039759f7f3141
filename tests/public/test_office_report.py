"""The report for the office: verdicts with their clauses, what was proved, seats, changes; a workbook."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from tests.public.print_town import HOSTILE, NOTICE, town_publication

from zoning.load.records import PlanRecord
from zoning.public import Publication
from zoning.public.office.report import office_report
from zoning.public.office.stage import stage_report


def record_of(
    publication: Publication, *, digest: str = "", data: str = "", excess: float = 0.0
) -> PlanRecord:
    """Return a record of the plan of primary schools."""
    plan = publication.main.plans["primary"]
    return PlanRecord(
        plan, digest or plan.digest, data, cost=1.02e6, bound=1e6, excess=excess, seed=7, iterations=9
    )


@pytest.fixture(scope="module")
def publication() -> Publication:
    """The small town."""
    return town_publication()


@pytest.fixture(scope="module")
def files(publication: Publication) -> dict[str, bytes]:
    """Its report."""
    return office_report(publication, records={"primary": record_of(publication)})


def test_the_report_says_what_was_measured_proved_and_cited(files: dict[str, bytes]) -> None:
    """Verdicts, gap, rule and digest stand in the PDF of each language."""
    for lang, words in (
        ("zh", ("符合", "无限值", "至多高出 2.000 %")),
        ("en", ("ok", "no norm", "at most 2.000 %")),
    ):
        pages = [page.extract_text() for page in PdfReader(BytesIO(files[f"report-{lang}.pdf"])).pages]
        text = "".join("".join(pages).split())
        for word in (*words, NOTICE.rule.of("zh" if lang == "zh" else "en"), "2027-28"):
            assert "".join(word.split()) in text, word


def test_verdicts_come_from_the_scorecard(publication: Publication) -> None:
    """Each measure keeps its own verdict and clause; a limit that only advises is no failure."""
    found = stage_report(publication, "primary", None, "en")
    rows = {row[0]: row for group in found["groups"] for row in group["rows"]}  # type: ignore[attr-defined]
    for measure in publication.main.cards["primary"]:
        kind = {True: "ok", False: "not"}.get(measure.ok, "none" if measure.limit is None else "advice")  # type: ignore[call-overload]
        assert rows[measure.label.en][3] == kind
        assert rows[measure.label.en][5] == measure.source


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "nothing is claimed"),
        ({"digest": "0" * 64}, "belongs to another plan"),
        ({"excess": 3.0}, "3.0 pupils over the seats"),
        ({"data": "0" * 64}, "proved of other data"),
        ({}, "at most 2.000 % above it"),
    ],
)
def test_a_gap_is_stated_only_for_the_plan_it_was_proved_of(
    publication: Publication, given: dict[str, object] | None, said: str
) -> None:
    """No record, a record of another plan, a plan over its seats: none of them prints a gap."""
    record = None if given is None else record_of(publication, **given)  # type: ignore[arg-type]
    proof = stage_report(publication, "primary", record, "en")["proof"]
    assert said in proof["said"]  # type: ignore[index]


def test_schools_over_their_seats_in_later_years_are_named(publication: Publication) -> None:
    """A plan that keeps its seats in its own year says so of that year, and names who is over them later."""
    demand = publication.demand
    assert demand is not None
    at = demand.years.index(2027)
    mean = demand.mean.copy()
    mean[:, :, at] *= 0.05
    mean[:, :, at + 1] *= 8
    found = stage_report(replace(publication, demand=replace(demand, mean=mean)), "primary", None, "zh")
    assert not any(row["over"] for row in found["seats"]["rows"])  # type: ignore[index]
    assert not any("2028" in line for line in found["over"])  # type: ignore[attr-defined]
    assert [line.split("：")[0] for line in found["later"]] == ["第1学校", "第2学校"]  # type: ignore[attr-defined]
    assert all("2028-29 学年预计" in line for line in found["later"])  # type: ignore[attr-defined]


def test_nothing_over_is_said_of_the_published_year_only(publication: Publication) -> None:
    """The sentence that nothing is over names its year, for the forecast of others may say otherwise."""
    demand = publication.demand
    assert demand is not None
    kept = [replace(m, ok=True) for m in publication.main.cards["primary"] if m.ok is False]
    card = replace(publication.main.cards["primary"], measures=tuple(kept))
    quiet = replace(publication, main=replace(publication.main, cards={"primary": card}))
    found = stage_report(
        replace(quiet, demand=replace(demand, mean=demand.mean * 0.05)), "primary", None, "en"
    )
    assert found["over"] == [
        (
            "Nothing in 2027-28: every figure with a binding limit keeps it, and no school has more pupils"
            " than seats in that year."
        )
    ]


def test_small_groups_of_children_are_left_out(publication: Publication) -> None:
    """Children of pairs of schools below the threshold are hidden, whole schools are shown."""
    assert publication.demand is not None
    few = replace(publication.demand, mean=publication.demand.mean * 0.05)
    found = stage_report(replace(publication, demand=few), "primary", None, "en")
    assert {row[3] for row in found["changes"]["rows"]} == {"not shown"}  # type: ignore[index]
    assert all("not shown" not in row["cells"] for row in found["seats"]["rows"])  # type: ignore[index]


def test_the_workbook_holds_scores_schools_and_norms(files: dict[str, bytes]) -> None:
    """A sheet a stage of scores and of schools, and every norm with its clause."""
    book = CalamineWorkbook.from_filelike(BytesIO(files["report.xlsx"]))
    assert book.sheet_names == ["概况", "评分表 小学", "学校 小学", "评分表 初中", "学校 初中", "规范条款"]
    norms = book.get_sheet_by_name("规范条款").to_python()
    assert any("GB 50099-2011" in str(cell) for row in norms for cell in row)
    schools = book.get_sheet_by_name("学校 小学").to_python()
    assert [row[0] for row in schools[1:]] == ["s0", "s1"]


def test_the_same_publication_gives_the_same_report(
    publication: Publication, files: dict[str, bytes]
) -> None:
    """A report made again is the same, byte by byte."""
    assert office_report(publication, records={"primary": record_of(publication)}) == files


def test_a_report_without_measures_still_stands() -> None:
    """Hostile names, no children and no times: the report prints what there is."""
    bare = replace(town_publication(HOSTILE), demand=None, times={}, other=None)
    bare = replace(bare, main=replace(bare.main, cards={}, reasons={}))
    found = office_report(bare, lang="en")
    assert all(found.values())
    assert CalamineWorkbook.from_filelike(BytesIO(found["report.xlsx"])).sheet_names == ["Facts", "Norms"]
