"""The certificate of coverage: what breaks it, what does not, and that no fault escapes it."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import square_town

import zoning
from zoning.district import District
from zoning.load.matching import AddressBook
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.public import assemble
from zoning.public.coverage.addresses import check_ranges, entries_of
from zoning.public.coverage.certificate import Certificate, certify
from zoning.public.near_lines import near_zones

COUNTY = zoning.sample_district()
COLUMNS = ["block_id", "kind", "name", "from", "to", "parity", "exception_stage", "exception_school"]


def addresses(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return an addresses table; rows are filled up with what a blank cell reads as."""
    blank = ("", "street", "", np.nan, np.nan, "all", "", "")
    return pd.DataFrame([(*row, *blank[len(row) :]) for row in rows], columns=COLUMNS)


def town(*rows: tuple[Any, ...], **more: Any) -> District:  # noqa: ANN401 - parts of the fixture
    """Return a town of 3 × 4 blocks, none near a line, with two schools and an addresses table."""
    table = addresses(*(rows or (("b000000", "estate", "甲园"), ("b000003", "estate", "乙园"))))
    given = {"schools": ((0, 0), (2, 3))} | more
    district = primary_only(square_town(3, 4, tables={"addresses": table}, **given))
    return replace(district, notice=replace(district.notice, near_line_m=15.0))


def primary_only(district: District) -> District:
    """Return a district that plans primary schools only."""
    return replace(district, stages=(district.stage("primary"),))


def halves(district: District, year: int = 2027) -> Plan:
    """Return a plan that gives each block to the school on its side."""
    ids = district.block_frame.index
    return Plan.of("primary", year, {block: "s0" if block[-1] in "01" else "s1" for block in ids})


def of(district: District, plan: Plan, *before: Plan) -> Certificate:
    """Return the certificate of one plan."""
    return certify(assemble(district, [plan], before=before))


def test_a_seamless_plan_passes_and_says_so_in_both_languages() -> None:
    """A plan without gap passes, with every block and address counted once."""
    district = town()
    found = of(district, halves(district))
    assert found.ok
    assert found.counts == {}
    assert found.stages[0].counts == {
        "blocks": 12, "in_one_zone": 12, "in_shared_zone": 0, "undeclared": 0, "without": 0,
        "schools": 2, "entries": 2, "resolved": 2, "exceptions": 0,
    }  # fmt: skip
    assert "核验通过" in found.text("zh")
    assert "PASSED" in found.text("en")
    assert found.text() == found.text("zh") + "\n" + found.text("en")


def test_the_sample_county_passes_with_its_exceptions_and_shared_zone() -> None:
    """The published year decides; gaps of the zones in force beside it are listed and do not."""
    now = [Plan.current(COUNTY, stage=stage.name) for stage in COUNTY.stages]
    primary = dict(now[1].rows)
    filled = {block: primary.get(block, ("P001",)) for block in COUNTY.block_frame.index}
    new = [plan.for_year(2027) for plan in now]
    new[1] = Plan.of("primary", 2027, filled)
    found = certify(assemble(COUNTY, new, before=now))
    assert found.ok
    assert found.of_year(2027)
    assert not found.of_year(2026)
    by_stage = {(one.stage, one.year): one for one in found.stages}
    assert by_stage["primary", 2027].counts["exceptions"] == 4
    assert by_stage["primary", 2027].counts["in_shared_zone"] == 6
    assert by_stage["primary", 2027].counts["resolved"] == 1587
    gaps = [one.block_id for one in by_stage["primary", 2026].findings if one.kind == "block_without"]
    assert sorted(gaps) == sorted(set(COUNTY.block_frame.index) - set(primary))


def test_rows_are_those_of_the_file() -> None:
    """A finding names the row that the planner sees in the file, whatever order the table is kept in."""
    folder = COUNTY.place.folder
    assert folder is not None
    lines = (folder / "addresses.csv").read_text(encoding="utf-8-sig").splitlines()
    for entry in entries_of(COUNTY)[::97]:
        cells = lines[entry.row - 1].split(",")
        assert (cells[0], cells[2]) == (entry.block_id, entry.name)


def test_json_is_canonical_and_complete() -> None:
    """The same publication gives the same bytes, with digests and every finding."""
    district = town()
    plan = halves(district)
    rows = {block: schools for block, schools in plan.rows if block != "b001001"}
    found = of(district, Plan.of("primary", 2027, rows))
    text = found.as_json()
    said = json.loads(text)
    again = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text == again + "\n" == of(district, Plan.of("primary", 2027, rows)).as_json()
    assert said["ok"] is False
    assert said["made_by"].startswith("zoning ")
    assert said["stages"][0]["plan_digest"] == Plan.of("primary", 2027, rows).digest
    first = said["stages"][0]["findings"][0]
    assert (first["kind"], first["block_id"]) == ("block_without", "b001001")
    assert first["geometry"]["type"] == "Point"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_block_taken_away_is_found(data: st.DataObject) -> None:
    """Removing any blocks makes the certificate fail and lists exactly them."""
    district = town()
    plan = halves(district)
    gone = data.draw(st.sets(st.sampled_from(plan.block_ids), min_size=1, max_size=11))
    found = of(district, Plan.of("primary", 2027, {b: s for b, s in plan.rows if b not in gone}))
    assert not found.ok
    assert {one.block_id for one in found.stages[0].findings if one.kind == "block_without"} == gone


@settings(max_examples=40, deadline=None)
@given(st.permutations(sorted(town().block_frame.index)))
def test_moving_blocks_between_schools_never_breaks_coverage(order: list[str]) -> None:
    """Whichever school a block has, it has one: permuting the schools keeps the certificate."""
    district = town()
    plan = halves(district)
    moved = Plan.of("primary", 2027, dict(zip(order, (s for _, s in plan.rows), strict=True)))
    found = of(district, moved)
    assert found.ok
    assert set(found.counts) <= {"detached", "near_line"}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_merging_zones_undeclared_is_a_fault_and_declared_is_none(data: st.DataObject) -> None:
    """A block in two zones is a fault until the two schools share a zone by declaration."""
    district = town()
    plan = halves(district)
    both = data.draw(st.sets(st.sampled_from(plan.block_ids), min_size=1))
    shared = plan.moved(dict.fromkeys(both, ("s0", "s1")))
    found = of(district, shared)
    assert not found.ok
    assert {one.block_id for one in found.stages[0].findings if one.kind == "shared_undeclared"} == both
    declared = replace(district, options={"primary": ZoneOptions(shared=(("s1", "s0"),))})
    after = of(declared, shared)
    assert after.ok
    assert after.stages[0].counts["in_shared_zone"] == len(both)


def test_the_zones_table_declares_a_shared_zone_too() -> None:
    """A zone that is shared today may be shared next year without saying so again."""
    district = town()
    zones = pd.DataFrame(
        {"stage": "primary", "school_id": ["s0", "s1"], "block_id": "b000001", "year": np.nan}
    )
    declared = replace(district, tables={**district.tables, "zones": zones})
    plan = halves(district).moved({"b000001": ("s0", "s1"), "b001001": ("s0", "s1")})
    assert of(declared, plan).ok
    assert of(declared, plan).counts == {"shared_zone": 1}
    assert not of(district, plan).ok


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"closes": [2027.0, np.nan]}, "school_closed"),
        ({"opens": [2028.0, np.nan]}, "school_closed"),
        ({"capacity_primary": [np.nan, 900.0]}, "school_unserved"),
        ({"capacity_primary": [0.0, 900.0]}, "school_no_seats"),
    ],
)
def test_a_school_that_cannot_take_its_zone_is_a_fault(columns: dict[str, Any], kind: str) -> None:
    """A zone of a school that is closed, has no seats or does not serve the stage is no zone."""
    district = town(school_columns=columns)
    found = of(district, halves(district))
    assert found.counts == {kind: 1}
    assert found.stages[0].findings[0].school_id == "s0"
    assert found.stages[0].findings[0].count == 6
    assert not found.ok


def test_schools_and_blocks_that_do_not_exist_are_faults() -> None:
    """A plan of another data set is not silently cut down to what is known."""
    district = town()
    plan = halves(district)
    strange = Plan.of("primary", 2027, {**dict(plan.rows), "b000000": "x9", "zz": "s0"})
    found = of(district, strange)
    assert found.counts == {"block_without": 1, "block_unknown": 1, "school_unknown": 1}


@pytest.mark.parametrize(
    ("school", "columns", "kind"),
    [
        ("x9", {}, "school_unknown"),
        ("s1", {"closes": [np.nan, 2027.0]}, "school_closed"),
        ("s1", {"capacity_primary": [900.0, np.nan]}, "school_unserved"),
        ("s1", {"capacity_primary": [900.0, 0.0]}, "school_no_seats"),
    ],
)
def test_exception_schools_are_held_to_the_same(school: str, columns: dict[str, Any], kind: str) -> None:
    """An exception for an address cannot lead to a school that takes nobody."""
    rows = [
        ("b000000", "street", "中路", 1, 9, "odd"),
        ("b000000", "street", "中路", 3, 5, "odd", "primary", school),
    ]
    district = town(*rows, school_columns=columns)
    whole = Plan.of("primary", 2027, dict.fromkeys(district.block_frame.index, "s0"))
    found = of(district, whole)
    assert found.counts == {kind: 1}
    assert found.stages[0].findings[0].row == 3
    assert found.stages[0].counts["exceptions"] == 1


def test_an_address_of_a_block_without_school_is_listed_with_its_row() -> None:
    """Whoever lives where no zone reaches is found by address too, unless an exception helps them."""
    rows = [
        ("b000000", "street", "中路", 1, 9, "odd"),
        ("b000000", "street", "中路", 1, 9, "odd", "primary", "s1"),
        ("b000000", "estate", "甲园"),
    ]
    district = town(*rows)
    plan = halves(district)
    found = of(district, Plan.of("primary", 2027, {b: s for b, s in plan.rows if b != "b000000"}))
    assert [one.row for one in found.stages[0].findings if one.kind == "address_no_school"] == [4]


def test_overlaps_of_the_map_are_faults_and_holes_are_told() -> None:
    """Land that two zones claim is a fault with its area; land of no block is told."""
    district = town()
    blocks = district.blocks
    wider = blocks.geometry.to_numpy().copy()
    at = list(blocks.index).index("b001001")
    wider[at] = shapely.box(*np.add(wider[at].bounds, (0, 0, 20, 0)))
    hole = list(blocks.index).index("b001002")
    wider[hole] = shapely.difference(wider[hole], wider[hole].buffer(-200))
    changed = replace(district, block_frame=blocks.set_geometry(wider, crs=blocks.crs))
    found = of(changed, halves(district))
    said = {one.kind: one for one in found.stages[0].findings}
    assert not found.ok
    assert said["overlap"].value == pytest.approx(20 * 500)
    assert {said["overlap"].block_id, said["overlap"].other_id} == {"b001001", "b001002"}
    assert said["source_hole"].value == pytest.approx(100 * 100)
    assert said["overlap"].shape is not None


def test_a_corridor_that_no_block_has_is_told() -> None:
    """A strip right through the town is listed with its area, though it is open to the outside."""
    district = town()
    assert "source_gap" not in of(district, halves(district)).counts
    blocks = district.blocks
    west, low, _, high = blocks.total_bounds
    corridor = shapely.box(west + 480, low - 1, west + 520, high + 1)
    cut = shapely.difference(blocks.geometry.to_numpy(), corridor)
    changed = replace(district, block_frame=blocks.set_geometry(cut, crs=blocks.crs))
    found = of(changed, halves(changed)).stages[0].findings
    (gap,) = [one for one in found if one.kind == "source_gap"]
    assert gap.value == pytest.approx(40 * (high - low), rel=0.05)
    assert of(changed, halves(changed)).ok


def test_blocks_near_a_line_are_listed_with_their_share() -> None:
    """A block near another zone is told with how much of its ground is, and that is no fault."""
    district = town(side_m=60.0)
    district = replace(district, notice=replace(district.notice, near_line_m=49.0))
    found = of(district, halves(district))
    near = [one for one in found.stages[0].findings if one.kind == "near_line"]
    assert found.ok
    assert {one.block_id[-1] for one in near} == {"1", "2"}
    assert all(one.value == pytest.approx(100 * 49 / 60) for one in near)
    far = replace(district, notice=replace(district.notice, near_line_m=5.9))
    assert "near_line" not in of(far, halves(far)).counts


def test_how_the_other_side_is_cut_changes_no_warning() -> None:
    """A block is as near a zone of many small blocks as one of a single large block."""
    district = town()
    blocks = district.blocks
    kept = blocks.loc[["b000001"]]
    _, low, east, high = kept.total_bounds
    strips = [shapely.box(east, low + y, east + 500, low + y + 125) for y in range(0, 500, 125)]
    for shapes in ([shapely.box(east, low, east + 500, high)], strips):
        ids = ["b000001", *(f"c{n}" for n in range(len(shapes)))]
        frame = kept.iloc[[0] * len(ids)].set_axis(ids, axis=0)
        frame = frame.set_geometry([kept.geometry.iloc[0], *shapes], crs=blocks.crs)
        made = replace(district, block_frame=frame, notice=replace(district.notice, near_line_m=60.0))
        plan = Plan.of("primary", 2027, dict.fromkeys(ids[1:], "s1") | {"b000001": "s0"})
        near = near_zones(made, [plan])[0]
        assert near["b000001", ("s1",)].share == pytest.approx(60 / 500)
        assert set(near) >= {("c0", ("s0",))}


@pytest.mark.parametrize(
    ("rows", "kinds", "row"),
    [
        ([("b000000", "street", "中路", 9, 1)], {"range_empty"}, 2),
        ([("b000000", "street", "中路", 2, 2, "odd")], {"range_empty"}, 2),
        (
            [("b000000", "estate", "甲园"), ("b000003", "estate", "甲园")],
            {"address_several", "name_twice"},
            3,
        ),
        (
            [("b000000", "street", "中路", 1, 20), ("b000003", "street", "中路", 20, 30)],
            {"address_several", "range_overlap"},
            3,
        ),
        (
            [
                ("b000000", "street", "中路", 1, 20),
                ("b000000", "street", "中路", 1, 9, "all", "primary", "s0"),
                ("b000000", "street", "中路", 9, 9, "all", "primary", "s1"),
            ],
            {"address_several", "range_overlap"},
            4,
        ),
    ],
)  # fmt: skip
def test_entries_that_match_nothing_or_two_things_are_faults(
    rows: list[tuple[Any, ...]], kinds: set[str], row: int
) -> None:
    """The table itself is asked: what finds nothing or two things breaks the certificate, with its row."""
    district = town(*rows)
    found = of(district, halves(district))
    assert not found.ok
    assert {one.kind for one in found.addresses if one.is_fault} == kinds
    assert row in {one.row for one in found.addresses}


def test_an_entry_that_leads_elsewhere_is_a_fault() -> None:
    """A name that a longer name of another block swallows is found by asking, not by reading."""
    rows = [("b000000", "estate", "花园"), ("b000003", "estate", "A花园")]
    district = town(*rows)
    found = of(district, halves(district))
    assert [(one.kind, one.row, one.other_id) for one in found.addresses] == [
        ("address_elsewhere", 2, "b000003")
    ]


def test_holes_between_ranges_and_names_of_two_towns_are_told() -> None:
    """Missing numbers and streets that need their town break nothing and are listed."""
    rows = [
        ("b000000", "street", "中路", 1, 9, "odd"),
        ("b000001", "street", "中路", 15, 19, "odd"),
        ("b000001", "street", "中路", 2, 20, "even"),
        ("b000000", "estate", "甲园"),
        ("b000003", "estate", "甲园"),
    ]
    towns = ["A镇" if c < 2 else "B镇" for _ in range(3) for c in range(4)]
    district = town(*rows, towns=towns)
    found = of(district, halves(district))
    assert found.ok
    assert [(one.kind, one.row) for one in found.addresses] == [("number_hole", 3), ("needs_town", 6)]
    hole = found.addresses[0].numbers
    assert hole is not None
    assert (hole.first, hole.last, hole.parity) == (11, 13, "odd")


ranges = st.lists(
    st.tuples(
        st.sampled_from(["b000000", "b000001", "b000003"]),
        st.integers(0, 12) | st.none(),
        st.integers(0, 12) | st.none(),
        st.sampled_from(["odd", "even", "all"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(ranges)
def test_overlaps_are_those_that_asking_every_number_finds(rows: list[tuple[Any, ...]]) -> None:
    """The sweep over ranges finds exactly the numbers for which the address book has two blocks."""
    table = addresses(
        *(
            (block, "street", "中路", np.nan if a is None else a, np.nan if b is None else b, side)
            for block, a, b, side in rows
            if (a, b, side) != (None, None, "all")
        )
    )
    district = square_town(3, 4, tables={"addresses": table})
    book = AddressBook(table, district.block_frame["town"])
    asked = {n for n in range(1, 20) if book.match(f"中路{n}号").quality == "several"}
    found = [one for one in check_ranges(entries_of(district)) if one.kind == "range_overlap"]
    claimed = set()
    for one in found:
        assert one.numbers is not None
        last = 19 if one.numbers.last is None else one.numbers.last
        step = 1 if one.numbers.parity == "all" else 2
        claimed |= set(range(one.numbers.first, last + 1, step))
    assert claimed - {0} == asked


def test_without_an_addresses_table_blocks_alone_are_certified() -> None:
    """A place without addresses gets a certificate that says so."""
    district = replace(town(), tables={})
    found = of(district, halves(district))
    assert found.ok
    assert found.counts == {"no_addresses": 1}
    assert "There is no addresses table" in found.text("en")


def test_a_stage_whose_addresses_have_no_answer_is_not_called_passed() -> None:
    """Every block may have its school while parents of some address find none: the stage says both."""
    district = town(("b000000", "estate", "甲园"), ("b000003", "estate", "甲园"))
    found = of(district, halves(district))
    assert "2027 学年小学：规划单元通过，地址未通过（2 条无唯一结果" in found.text("zh")
    assert "blocks passed, addresses FAILED (2 without" in found.text("en")
    assert "小学：通过" not in found.text("zh")


def test_stages_without_a_plan_are_told() -> None:
    """A stage that nobody publishes is named, so that its absence is meant."""
    found = certify(assemble(COUNTY, [Plan.current(COUNTY, stage="junior")]))
    names = [one.name for one in found.addresses if one.kind == "stage_without_plan"]
    assert sorted(names) == ["kindergarten", "primary", "senior"]
    assert "幼儿园" in found.text("zh")


def test_long_lists_are_cut_in_the_text_and_whole_in_the_json() -> None:
    """A report stays readable; the file for machines keeps everything."""
    district = square_town(5, 8, schools=((0, 0),))
    found = of(district, Plan.of("primary", 2027, {"b000000": "s0"}))
    assert "… and 19 more" in found.text("en")
    assert "另有 19 项" in found.text("zh")
    assert len(json.loads(found.as_json())["stages"][0]["findings"]) == 39
