"""The list of affected addresses: those whose answer changes, as text that no spreadsheet runs."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook
from tests.public.published import PUPILS, QUARTERS, SOME_MOVED, addresses_of, grid, publication_of

import zoning
from zoning.plan import Plan
from zoning.public import Publication, PublishedYear, SchoolFinder, change_ledger
from zoning.public.ledger.affected import affected_addresses
from zoning.public.ledger.book import affected_workbook, ledger_workbook

HOSTILE = ("=HYPERLINK(1)", "@sum", "-1+2", "\u202eabc", "很长" * 20)


def county_publication() -> Publication:
    """Return the sample county with a quarter of the town moved, around the street with exceptions."""
    county = zoning.sample_district()
    before = {stage: Plan.current(county, stage=stage) for stage in ("primary", "junior")}
    city = [b for b in before["primary"].block_ids if county.block_frame["town"].loc[b] == "汀阳镇"]
    primary = before["primary"].for_year(2027).moved(dict.fromkeys(city[::4], "P003"))
    street = addresses_at(county, "新华路")
    primary = primary.moved(dict.fromkeys(street, "P005"))
    junior = before["junior"].for_year(2027).moved(dict.fromkeys(city[1::9], "J002"))
    return Publication(
        county,
        PublishedYear(2027, {"primary": primary, "junior": junior}),
        PublishedYear(2026, before),
    )


def addresses_at(county: zoning.District, name: str) -> list[str]:
    """Return the blocks of a street."""
    table = county.table("addresses")
    assert table is not None
    return sorted(set(table.loc[table["name"] == name, "block_id"]))


def asked(row: pd.Series) -> list[int | None]:
    """Return the numbers of an entry."""
    if pd.isna(row["from"]):
        return [None]
    side = {"odd": 1, "even": 0}.get(row["parity"])
    return [n for n in range(int(row["from"]), int(row["to"]) + 1) if side in {None, n % 2}]


def test_every_address_whose_answer_changes_is_listed_and_no_other() -> None:
    """Asked one by one, the finders of both years change for exactly the listed numbers and stages."""
    published = county_publication()
    assert published.other is not None
    county, table = published.district, published.district.table("addresses")
    assert table is not None
    old = SchoolFinder(county, published.other.plans)
    new = SchoolFinder(county, published.main.plans)
    towns = county.block_frame["town"]
    wanted = set()
    for _, row in table.iterrows():
        for number in asked(row):
            address = f"{towns[row['block_id']]}{row['name']}" + ("" if number is None else f"{number}号")
            for a, b in zip(old.find(address), new.find(address), strict=True):
                if a.schools != b.schools:
                    wanted.add((a.stage, towns[row["block_id"]], row["name"], number, a.schools, b.schools))
    listed = set()
    for one in affected_addresses(published):
        row = pd.Series({"from": one.first, "to": one.last, "parity": one.parity}, dtype=object)
        for number in asked(row):
            if not one.unsure:
                listed.add((one.stage, one.town, one.name.zh, number, one.before, one.after))
    assert wanted
    assert listed == wanted


def test_an_exception_keeps_its_numbers_off_the_list() -> None:
    """Numbers of a moved block that have an exception keep their school; the rest is told in stretches."""
    told = [one for one in affected_addresses(county_publication()) if one.name.zh == "新华路"]
    primary = {
        n for one in told if one.stage == "primary" for n in range(one.first or 0, (one.last or 0) + 1, 2)
    }
    assert primary
    assert 11 not in primary
    assert 10 not in primary


def test_a_name_in_two_places_is_listed_with_a_remark() -> None:
    """The page cannot answer a name that stands in several blocks; the list tells by block and says so."""
    rows = [
        ("b000001", "estate", "甲苑", np.nan, np.nan, "all"),
        ("b000000", "estate", "甲苑", np.nan, np.nan, "all"),
    ]
    district = grid(tables={"addresses": addresses_of(rows)})
    (one,) = affected_addresses(publication_of(district, QUARTERS, SOME_MOVED, PUPILS))
    assert (one.block_id, one.before, one.after, one.unsure) == ("b000001", ("s0",), ("s1",), True)


def test_without_addresses_or_another_year_there_is_no_list() -> None:
    """A place without an addresses table, or a first year, gets an empty list and a sentence in the book."""
    published = publication_of(grid(), QUARTERS, SOME_MOVED, PUPILS)
    assert affected_addresses(published) == ()
    assert affected_addresses(replace(published, other=None)) == ()
    sheet = CalamineWorkbook.from_filelike(
        BytesIO(affected_workbook(published, change_ledger(published)))
    ).get_sheet_by_index(0)
    assert sheet.to_python()[1][0] == "没有地址变更对口学校。 No address changes its school."


def test_the_lists_read_back_as_text_in_both_languages() -> None:
    """Names that look like formulas stay text, ids and numbers too, heads speak both languages."""
    kinds = ("street", "street", "estate", "village", "other")
    rows = [
        (
            "b000001",
            kind,
            name,
            1.0 if kind == "street" else np.nan,
            9.0 if kind == "street" else np.nan,
            "odd",
        )
        for kind, name in zip(kinds, HOSTILE, strict=True)
    ]
    district = grid(tables={"addresses": addresses_of(rows)})
    published = publication_of(district, QUARTERS, SOME_MOVED, PUPILS)
    ledger = change_ledger(published)
    data = affected_workbook(published, ledger)
    assert data == affected_workbook(published, ledger)
    head, *body = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert head[:3] == ["学段 Stage", "学段（英文） Stage (English)", "乡镇 Town"]
    assert (head[9], head[12]) == ("原学校 School before 2026-27", "新学校 School after 2027-28")
    names = {row[4] for row in body}
    assert names == {name for name in HOSTILE if name in names}
    assert "=HYPERLINK(1)" in names
    assert all(isinstance(cell, str) for row in body for cell in row)
    assert body[0][8:14] == ["s0", "第1学校", "School 1", "s1", "第2学校", "School 2"]


def test_the_ledger_book_holds_what_the_ledger_says() -> None:
    """Summary, blocks, schools, towns and notes are sheets; a hidden count is words and never a number."""
    published = publication_of(grid(), QUARTERS, SOME_MOVED, [3.0, 2.0, *PUPILS[2:]])
    ledger = change_ledger(published)
    data = ledger_workbook(ledger)
    assert data == ledger_workbook(ledger)
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    assert book.sheet_names == [
        "汇总 Summary", "变化单元 Moved blocks", "按学校 By school", "按乡镇 By town", "说明 Notes",
    ]  # fmt: skip
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    blocks = [dict(zip(sheets["变化单元 Moved blocks"][0], row, strict=True))
              for row in sheets["变化单元 Moved blocks"][1:]]  # fmt: skip
    told = {row["规划单元 Block"]: row["涉及儿童数 Children with another school"] for row in blocks}
    shown = {one.block_id: one.children for one in ledger}
    assert told["b000001"] == "不公布 not shown"
    assert {b: c for b, c in told.items() if not isinstance(c, str)} == {
        b: c for b, c in shown.items() if c is not None
    }
    assert len(sheets["按学校 By school"]) == 1 + len(ledger["primary"].schools)
    notes = [row[2] for row in sheets["说明 Notes"]]
    assert "Whoever is enrolled stays." in notes
    assert ledger.digest in notes
    first = replace(published, other=None)
    empty = CalamineWorkbook.from_filelike(BytesIO(ledger_workbook(change_ledger(first))))
    assert any("nothing is listed" in str(row) for row in empty.get_sheet_by_name("说明 Notes").to_python())
