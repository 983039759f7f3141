"""The list of affected addresses: those whose answer changes, as text that no spreadsheet runs."""

import re
from dataclasses import replace
from io import BytesIO

import numpy as np
from python_calamine import CalamineWorkbook
from tests.public.published import PUPILS, QUARTERS, SOME_MOVED, addresses_of, grid, publication_of

import zoning
from zoning.plan import Plan
from zoning.public import Publication, PublishedYear, SchoolFinder, change_ledger
from zoning.public.ledger.book import affected_workbook, ledger_workbook
from zoning.public.lists import address_table
from zoning.public.notices.result import result_sections

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


def numbers_of(said: str, highest: int) -> set[int | None]:
    """Return the numbers up to the highest that a cell names, such as ``单号 1–9、15 起；双号 2–8``."""
    if not said:
        return {None}
    found: set[int | None] = set()
    for part in said.split("；"):
        step = 2 if part.startswith(("单号", "双号")) else 1
        for first, last, onwards in re.findall(r"(\d+)(?:–(\d+)| (起))?", part):
            found |= set(range(int(first), highest + 1 if onwards else int(last or first) + 1, step))
    return {number for number in found if number is None or number <= highest}


def listed(published: Publication, highest: int) -> list[tuple[str, str, str, int | None, str, str]]:
    """Return stage, town, name, number and schools of every address in the workbook, one by one."""
    data = affected_workbook(published, change_ledger(published))
    _, *rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    labels = {stage.label.zh: stage.name for stage in published.district.stages}
    return [
        (labels[str(row[0])], str(row[2]), str(row[4]), number, str(row[8]), str(row[11]))
        for row in rows
        for number in numbers_of(str(row[6]), highest)
        if not row[15]
    ]


def by_brute_force(published: Publication, highest: int) -> set[tuple[str, str, str, int | None, str, str]]:
    """Return the same by asking the finders of both years for every name and every number of it."""
    assert published.other is not None
    county, table = published.district, published.district.table("addresses")
    assert table is not None
    old, new = (SchoolFinder(county, one.plans) for one in (published.other, published.main))
    towns = county.block_frame["town"]
    ranged = table[["from", "to"]].notna().any(axis=1) | (table["parity"] != "all")
    names = {
        (str(towns[block]), str(name), bool(one))
        for block, name, one in zip(table["block_id"], table["name"], ranged, strict=True)
    }
    found = set()
    for town, name, has_numbers in names:
        for number in range(1, highest + 1) if has_numbers else [None]:
            address = f"{town}{name}" + ("" if number is None else f"{number}号")
            for a, b in zip(old.find(address), new.find(address), strict=True):
                if a.schools != b.schools:
                    found.add((a.stage, town, name, number, ";".join(a.schools), ";".join(b.schools)))
    return found


def test_every_address_whose_answer_changes_is_listed_once_and_no_other() -> None:
    """Asked number by number, the finders of both years change for exactly the listed numbers and stages."""
    published = county_publication()
    told, wanted = listed(published, 600), by_brute_force(published, 600)
    assert {stage for stage, *_ in wanted} == {"primary", "junior"}
    assert set(told) == wanted
    assert len(told) == len(set(told))


def test_exceptions_inside_open_and_long_ranges_stay_off_the_list() -> None:
    """Streets without a last number, with thousands and without any are looked through all the way."""
    rows = [
        ("b000001", "street", "长路", 1.0, 19_999.0, "odd", "", ""),
        ("b000001", "street", "长路", 7_001.0, 7_099.0, "odd", "primary", "s3"),
        ("b000001", "street", "开路", 301.0, np.nan, "all", "", ""),
        ("b000001", "street", "开路", 400.0, 450.0, "even", "primary", "s0"),
        ("b000001", "street", "前路", np.nan, 90.0, "all", "", ""),
        ("b000001", "street", "前路", 11.0, 13.0, "all", "junior", "s3"),
        ("b000001", "street", "单边路", np.nan, np.nan, "odd", "", ""),
        ("b000001", "street", "单边路", 5.0, 5.0, "odd", "primary", "s2"),
        ("b000000", "street", "开路", 1.0, 300.0, "all", "", ""),
    ]  # fmt: skip
    table = addresses_of([row[:6] for row in rows])
    table["exception_stage"], table["exception_school"] = [row[6] for row in rows], [row[7] for row in rows]
    published = publication_of(grid(tables={"addresses": table}), QUARTERS, SOME_MOVED)
    told, wanted = listed(published, 20_050), by_brute_force(published, 20_050)
    assert set(told) == wanted
    assert len(told) == len(set(told))
    named = {(name, number) for _, _, name, number, _, _ in told}
    assert {("长路", 6_999), ("长路", 7_101), ("开路", 8_000), ("前路", 12), ("单边路", 3)} <= named
    assert not {("长路", 7_051), ("开路", 430), ("单边路", 5), ("开路", 299)} & named


def test_a_name_in_two_places_is_listed_with_a_remark() -> None:
    """The page cannot answer a name that stands in several blocks; the list tells by block and says so."""
    rows = [
        ("b000001", "estate", "甲苑", np.nan, np.nan, "all"),
        ("b000000", "estate", "甲苑", np.nan, np.nan, "all"),
    ]
    district = grid(tables={"addresses": addresses_of(rows)})
    published = publication_of(district, QUARTERS, SOME_MOVED, PUPILS)
    data = affected_workbook(published, change_ledger(published))
    _, row = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert (row[4], row[8], row[11], row[14]) == ("甲苑", "s0", "s1", "b000001")
    assert "several places" in str(row[15])


def test_without_addresses_or_another_year_there_is_no_list() -> None:
    """A place without an addresses table, or a first year, gets an empty list and a sentence in the book."""
    published = publication_of(grid(), QUARTERS, SOME_MOVED, PUPILS)
    for one in (published, replace(published, other=None)):
        book = CalamineWorkbook.from_filelike(BytesIO(affected_workbook(one, change_ledger(one))))
        rows = book.get_sheet_by_index(0).to_python()
        assert len(rows) == 2
        assert rows[1][0] == "没有地址变更对口学校。 No address changes its school."


def test_the_lists_read_back_as_text_in_both_languages() -> None:
    """Names that look like formulas stay text, ids and numbers too, heads speak both languages."""
    kinds = ("street", "street", "estate", "village", "village")
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


def test_notice_list_and_table_tell_of_the_same_addresses() -> None:
    """The notice counts the rows of the list, and the table of all addresses changes at the same names."""
    published = county_publication()
    ledger = change_ledger(published)
    data = affected_workbook(published, ledger)
    _, *rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    table = address_table(published)
    sections = result_sections(published, ledger)
    for stage, section in zip(published.main.plans, sections, strict=False):
        own = [row for row in rows if row[0] == published.district.stage(stage).label.zh]
        assert f"affected-addresses-2027.xlsx，共 {len(own):,} 条" in " ".join(
            line.zh for line in section.lines
        )
        assert f"are {len(own):,} rows of affected-addresses-2027.xlsx" in " ".join(
            line.en for line in section.lines
        )
        moved = table[table[f"{stage}_2027"] != table[f"{stage}_2026"]]
        assert {(row[4], row[14]) for row in own} == set(zip(moved["name"], moved["block_id"], strict=True))
        assert 0 < len(own) <= len(moved)
