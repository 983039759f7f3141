"""A school's list on the page, its sheet, the lists and the finder name the same addresses, by number."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.public.conftest import county, later
from tests.public.test_school_sheets import listed_on

from zoning.plan import Plan
from zoning.public import Publication, SchoolFinder, assemble, finder_page, served_addresses
from zoning.public.ranges import Span
from zoning.public.sheets.content import stage_content

pytestmark = pytest.mark.browser

HIGHEST = 600
Listed = dict[tuple[str, int | None], set[str]]
ONLY_BY_EXCEPTION = "K001"
"""A kindergarten, given single addresses of primary pupils: no plan zones anybody to it for that stage."""


@pytest.fixture(scope="module")
def excepted() -> Publication:
    """The sample county in two years, with exceptions of several stages, some where no other entry stands."""
    district = county()
    table = district.table("addresses")
    assert table is not None
    streets = table.index[(table["kind"] == "street") & (table["exception_stage"].fillna("") == "")]
    table = table.copy()
    # Whole stretches that are an exception of one stage only: every other stage follows the block.
    for at, (stage, school) in zip(
        streets[::150],
        [
            ("junior", "J001"),
            ("primary", "P002"),
            ("senior", "H001"),
            ("junior", "J002"),
            ("primary", "P003"),
        ],
        strict=False,
    ):
        table.loc[at, ["exception_stage", "exception_school"]] = stage, school
    inside = table.loc[streets[10::170]].assign(exception_stage="junior", exception_school="J003")
    inside["to"] = inside["from"]
    odd = table.loc[streets[7:8]].assign(exception_stage="primary", exception_school=ONLY_BY_EXCEPTION)
    table = pd.concat([table, inside, odd], ignore_index=True)
    district = replace(district, tables={**district.tables, "addresses": table})
    before = [Plan.current(district, stage=stage.name) for stage in district.stages]
    return assemble(district, [later(district, plan) for plan in before], before=before)


@pytest.fixture(scope="module")
def page(chromium: Any, excepted: Publication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:  # noqa: ANN401 - playwright is optional
    """Its page in a browser."""
    path: Path = tmp_path_factory.mktemp("lists") / "finder-2027.html"
    path.write_bytes(finder_page(excepted).encode())
    tab = chromium.new_page()
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-ready]")
    yield tab
    tab.close()


def by_number(rows: Iterable[tuple[str, str, tuple[Span, ...]]], school: str, found: Listed) -> None:
    """Add the names, with town, and single numbers of a school's list."""
    for name, town, spans in rows:
        if not spans:
            found[town + name, None].add(school)
        for number in range(1, HIGHEST + 1) if spans else ():
            if any(span.holds(number) for span in spans):
                found[town + name, number].add(school)


def on_page(page: Any, publication: Publication, year: int) -> dict[str, Listed]:  # noqa: ANN401 - as above
    """Return by stage what the page lists of every school."""
    found: dict[str, Listed] = {stage: defaultdict(set) for stage in publication.main.plans}
    schools = list(publication.district.school_frame.index)
    every = page.evaluate("([all, year]) => all.map((s) => schoolFinder.listed(s, year))", [schools, year])
    for school, of_stages in zip(schools, every, strict=True):
        for stage, rows in zip(found, of_stages, strict=True):
            for name, town, first, last, parity in rows:
                side = ("all", "odd", "even")[parity]
                spans = () if first is None else (Span(first, last, side),)  # type: ignore[arg-type]
                by_number([(name, town, spans)], school, found[stage])
    return found


def by_finder(publication: Publication, year: int) -> dict[str, Listed]:
    """Return by stage the schools of every name and number, asked one by one, and of blocks without any."""
    district = publication.district
    plans = next(one.plans for one in publication.years if one.year == year)
    finder, towns = SchoolFinder(district, plans), district.block_frame["town"].astype(str)
    table = district.table("addresses")
    assert table is not None
    numbered: dict[tuple[str, str], set[int | None]] = defaultdict(set)
    columns = ["block_id", "name", "from", "to", "parity"]
    for block, name, first, last, parity in table[columns].itertuples(index=False):
        step = 1 if parity == "all" else 2
        every = [None] if math.isnan(first) else range(int(first), int(last) + 1, step)
        numbered[towns[block], name] |= set(every)
    found: dict[str, Listed] = {stage: defaultdict(set) for stage in plans}
    for (town, name), numbers in numbered.items():
        for number in numbers:
            for one in finder.find(f"{town}{name}" + ("" if number is None else f"{number}号")):
                found[one.stage][town + name, number] |= set(one.schools)
    for block in district.block_frame.index.difference(table["block_id"]):
        for stage in plans:
            name = towns[block] + str(district.block_frame.loc[block, "name"])
            found[stage][name, None] |= set(finder.of_block(stage, block)[0])
    return {stage: {key: schools for key, schools in of.items() if schools} for stage, of in found.items()}


def test_page_lists_and_finder_name_the_same_schools(page: Any, excepted: Publication) -> None:  # noqa: ANN401 - as above
    """For every school, stage and year; an exception of one stage hides nothing from another stage."""
    for year in (2026, 2027):
        shown, asked = on_page(page, excepted, year), by_finder(excepted, year)
        for stage in excepted.main.plans:
            listed: Listed = defaultdict(set)
            for school, lists in served_addresses(excepted, year, stage).items():
                by_number(((n.name.zh, n.town, n.spans) for n in lists.served), school, listed)
            assert listed == asked[stage], (stage, year)
            assert shown[stage] == asked[stage], (stage, year)
    assert {ONLY_BY_EXCEPTION} in by_finder(excepted, 2027)["primary"].values()


def test_sheets_print_what_the_page_lists(page: Any, excepted: Publication) -> None:  # noqa: ANN401 - as above
    """Every school with an address on the page has its sheet, with the same names and numbers as words."""
    for stage, shown in on_page(page, excepted, 2027).items():
        served = excepted.lists.served(2027, stage)
        assert {school for schools in shown.values() for school in schools} == set(served)
        towns = sorted(set(excepted.district.block_frame["town"]), key=len, reverse=True)
        bare: Listed = defaultdict(set)
        for (name, number), schools in shown.items():
            town = next(one for one in towns if name.startswith(one))
            bare[name.removeprefix(town), number] |= schools
        printed: Listed = defaultdict(set)
        for school, lists in served.items():
            for name, number in listed_on(stage_content(excepted, school, (stage, lists, ()), "zh")):
                printed[name.partition("（")[0], number].add(school)
        assert printed == bare, stage


def test_a_school_of_single_addresses_says_so_on_the_page(page: Any, excepted: Publication) -> None:  # noqa: ANN401 - as above
    """Its page lists the addresses, and does not say that nobody belongs to it."""
    page.evaluate(f"location.hash = '#year=2027&stage=primary&school={ONLY_BY_EXCEPTION}'")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert "以下门牌按单独约定对应这所学校" in page.inner_text("#answer")
    assert "例外" in page.inner_text("#details .places")
    assert ONLY_BY_EXCEPTION in excepted.lists.served(2027, "primary")


def test_a_street_is_asked_by_number_for_every_stage(page: Any, excepted: Publication) -> None:  # noqa: ANN401 - as above
    """Where a name alone does not tell, all its numbers are shown, exceptions of other stages too."""
    table = excepted.district.table("addresses")
    assert table is not None
    lone = table[(table["exception_stage"] == "junior") & (table["from"] < table["to"])].iloc[0]
    for shown in ("#answer, #details", None):
        number = "" if shown else "99999号"
        page.evaluate(f"location.hash = '#year=2027&stage=primary&q={lone['name']}{number}'")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        ranges = page.evaluate("[...document.querySelectorAll('.ranges li')].map((one) => one.innerText)")
        wanted = int(lone["from"])
        spans = [tuple(map(int, one.split("号")[0].split("–"))) for one in ranges if "–" in one]
        assert any(first <= wanted <= last for first, last in spans), ranges
