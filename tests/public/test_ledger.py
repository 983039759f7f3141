"""The change ledger: every block that changes, the scorecard's numbers, and no small count to work out."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.public.published import (
    PUPILS,
    QUARTERS,
    SOME_MOVED,
    addresses_of,
    grid,
    plan_of,
    publication_of,
)
from tests.towns import demand_of, straight_times

import zoning
from zoning.errors import Text
from zoning.evaluate import score_plan
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.public import Ledger, Publication, PublishedYear, assemble, change_ledger, ledger_table
from zoning.public.notices.result import zone_children
from zoning.publish.stages import journey_s, pupils_by_school

GRID, OPEN = grid(), grid(hide_below=0)
ROW = grid(2, 5, hide_below=3)
SETTLED = [0, 1, 2, 3]
"""The last four blocks always stay where they are, so that no zone is small."""

one_school = st.integers(0, 3)
some_schools = st.one_of(one_school, st.lists(one_school, min_size=1, max_size=3, unique=True).map(tuple))
zones = st.lists(st.one_of(some_schools, st.none()), min_size=16, max_size=16)
children = st.lists(st.integers(0, 40).map(float), min_size=16, max_size=16)
quick = settings(max_examples=40, deadline=None)


def sums(ledger: Ledger, name: str) -> list[int | None]:
    """Return a number of every school of the only stage."""
    return [getattr(one, name) for one in ledger["primary"].schools]


@quick
@given(zones, children)
def test_a_plan_against_itself_changes_nothing(plan: list[object], pupils: list[float]) -> None:
    """Zones that stay as they are give an empty ledger, with zeros and not with dashes."""
    assume(any(one is not None for one in plan))
    ledger = change_ledger(publication_of(GRID, plan, plan, pupils))
    assert ledger.empty
    assert ledger.areas == ledger["primary"].schools == ledger["primary"].towns == ()
    total = ledger["primary"].total
    assert (total.blocks, total.children_moved, total.children_entered, total.children_left) == (0, 0, 0, 0)


@quick
@given(zones, zones, children)
def test_the_other_way_round_is_the_mirror(
    before: list[object], after: list[object], pupils: list[float]
) -> None:
    """What one year gains from the other, the other loses to it; of single schools children too."""
    assume(any(one is not None for one in before) and any(one is not None for one in after))
    there = change_ledger(publication_of(OPEN, before, after, pupils))["primary"]
    back = change_ledger(publication_of(OPEN, after, before, pupils))["primary"]
    kinds = {
        "moved": "moved",
        "widened": "narrowed",
        "narrowed": "widened",
        "entered": "left",
        "left": "entered",
    }
    told = {(c.block_id, c.before, c.after, c.kind, c.minutes_before, c.metres_after) for c in there.changes}
    mirror = {
        (c.block_id, c.after, c.before, kinds[c.kind], c.minutes_after, c.metres_before) for c in back.changes
    }
    assert told == mirror
    gained = {(s.school, s.blocks_gained, s.blocks_lost) for s in there.schools}
    lost = {(s.school, s.blocks_lost, s.blocks_gained) for s in back.schools}
    assert {one for one in gained if any(one[1:])} == {one for one in lost if any(one[1:])}
    assert (there.new_schools, there.closed_schools) == (back.closed_schools, back.new_schools)
    if not any(isinstance(one, tuple) for one in (*before, *after)):
        assert {(c.block_id, c.children) for c in there.changes} == {
            (c.block_id, c.children) for c in back.changes
        }


@quick
@given(zones, zones, st.lists(st.integers(0, 3).map(lambda n: n * 12.0), min_size=16, max_size=16))
def test_children_of_schools_towns_and_areas_add_up(
    before: list[object], after: list[object], pupils: list[float]
) -> None:
    """Gained and kept is the zone now, lost and kept the zone before; areas and towns are the stage."""
    assume(any(one is not None for one in before) and any(one is not None for one in after))
    district = replace(GRID, policy=replace(GRID.policy, hide_below=0))
    ledger = change_ledger(publication_of(district, before, after, pupils))
    stage, total = ledger["primary"], ledger["primary"].total
    none_hidden = [total.children_moved, total.children_entered, total.children_left]
    moved, entered, left = (count or 0 for count in none_hidden)
    rounding = 0.5 * (len(stage.schools) + 1)
    gained, lost = (sum(filter(None, sums(ledger, f"children_{kind}"))) for kind in ("gained", "lost"))
    assert abs(gained - entered - (lost - left)) <= 2 * rounding
    assert gained >= moved + entered - rounding
    if not any(isinstance(one, tuple) for one in (*before, *after)):
        assert abs(gained - moved - entered) <= rounding
    assert abs(sum(area.children or 0 for area in stage.areas) - moved - entered - left) <= len(stage.areas)
    assert abs(sum(town.children or 0 for town in stage.towns) - moved) <= 1.5
    assert sum(town.blocks for town in stage.towns) == total.blocks == len(stage.changes)
    assert total.blocks_moved + total.blocks_entered + total.blocks_left == total.blocks
    now, then = (
        dict(zip(district.school_frame.index, pupils_by_school_of(district, zones, pupils), strict=True))
        for zones in (after, before)
    )
    for one in stage.schools:
        came, went, stayed = one.children_gained, one.children_lost, one.children_stayed
        assert came is not None
        assert went is not None
        assert stayed is not None
        assert abs(came + stayed - now[one.school]) <= 1
        assert abs(went + stayed - then[one.school]) <= 1


def pupils_by_school_of(district: zoning.District, after: list[object], pupils: list[float]) -> list[float]:
    """Return the children of every school's zone as the atlas prints them."""
    demand = demand_of(district, pupils, years=(2026, 2027))
    found = pupils_by_school(district, plan_of(district, after, 2027), demand)
    return [float(count) for count in found[:, 1]]


@pytest.mark.parametrize(
    "options",
    [ZoneOptions(), ZoneOptions(grandfathered=True), ZoneOptions(deduct_private=True)],
    ids=["all", "grandfathered", "private"],
)
def test_children_and_blocks_are_those_of_the_scorecard(options: ZoneOptions) -> None:
    """One number, one place: the ledger prints what the scorecard measures, under every option."""
    district = replace(grid(), options={"primary": options})
    demand = demand_of(district, [9 * n for n in PUPILS], years=(2026, 2027))
    before, after = plan_of(district, QUARTERS, 2026), plan_of(district, SOME_MOVED, 2027)
    published = assemble(
        district, [after], before=[before], times={"primary": straight_times(district)}, demand=demand
    )
    total = change_ledger(published)["primary"].total
    card = published.main.cards["primary"]
    assert card == score_plan(district, after, demand, straight_times(district), against=before)
    assert total.children_moved == round(card["stability.moved_pupils"].value)
    assert total.blocks_moved == card["stability.moved_blocks"].value == 3


def test_a_school_that_leaves_a_shared_zone_loses_its_children() -> None:
    """From two schools to one of them nobody has to move, and the zone of the other is smaller yet."""
    shared, quarter = (0, 1), [*[1] * 3, *[2] * 6, *[3] * 6]
    pupils = [80.0, *[30.0] * 15]
    stage = change_ledger(publication_of(grid(), [shared, *quarter], [0, *quarter], pupils))["primary"]
    assert [(one.kind, one.children) for one in stage.changes] == [("narrowed", 0)]
    assert stage.total.children_moved == 0
    told = {
        one.school: (one.children_gained, one.children_lost, one.children_stayed) for one in stage.schools
    }
    assert told == {"s0": (50, 0, 30), "s1": (0, 50, 90)}


@pytest.mark.parametrize("option", ["deduct_private", "deduct_designated", "grandfathered"])
def test_who_is_not_counted_is_said_without_a_number(option: str) -> None:
    """The children who are left out may be few, and notice and ledger leave out the same ones."""
    ages = [(block, 2026, age) for block in grid().block_frame.index for age in range(6, 12)]
    residents = pd.DataFrame(ages, columns=["block_id", "year", "age"]).assign(residents=10, migrants=0)
    residents.loc[4, "migrants"] = 2
    residents["registered"] = residents["residents"] - residents["migrants"]
    district = grid(tables={"residents": residents})
    frame = district.school_frame.assign(designated_for_migrants=[False, False, False, True])
    district = replace(district, school_frame=frame, options={"primary": ZoneOptions(**{option: True})})
    publication = publication_of(district, QUARTERS, [*QUARTERS[:5], 1, *QUARTERS[6:]], [60.0] * 16)
    ledger = change_ledger(publication)
    (note,) = ledger["primary"].notes
    assert not any(character.isdigit() for character in note.en + note.zh)
    schools = publication.main.plans["primary"].school_ids
    zones = dict(zip(schools, zone_children(publication, "primary", ledger), strict=True))
    for one in ledger["primary"].schools:
        assert zones[one.school] == (one.children_gained or 0) + (one.children_stayed or 0)


def test_the_sample_county_says_what_its_scorecard_says() -> None:
    """On a whole county with a shared zone and a gap the numbers agree, and so do the minutes."""
    county = zoning.sample_district()
    before = Plan.current(county, stage="primary")
    blocks = list(before.block_ids)
    moves = dict.fromkeys(blocks[5:40], "P002") | {blocks[50]: ["P001", "P002"], blocks[51]: "P003"}
    after = before.for_year(2027).moved(moves)
    times = {"primary": straight_times(county)}
    demand = demand_of(county, np.linspace(30, 0.2, len(county.block_frame)).tolist())
    published = Publication(
        county,
        PublishedYear(2027, {"primary": after}),
        PublishedYear(2026, {"primary": before}),
        times,
        demand,
    )
    card = score_plan(county, after, demand, times["primary"], against=before)
    stage = change_ledger(published)["primary"]
    assert stage.total.children_moved == round(card["stability.moved_pupils"].value)
    assert stage.total.blocks_moved == card["stability.moved_blocks"].value
    old = dict(zip(county.block_frame.index, journey_s(before, times["primary"]) / 60, strict=True))
    new = dict(zip(county.block_frame.index, journey_s(after, times["primary"]) / 60, strict=True))
    for one in stage.changes:
        assert one.minutes_before == round(float(old[one.block_id]), 1)
        assert one.minutes_after == round(float(new[one.block_id]), 1)


def hidden_cases(
    publication: Publication, ledger: Ledger, pupils: list[float], *, page: bool
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return hidden blocks, all assignments of 1..12 to them that fit what is shown, and true values."""
    stage = ledger["primary"]
    cells = {one.block_id: one.children for one in stage.changes}
    hidden = [block for block, count in cells.items() if count is None]
    assume(0 < len(hidden) <= 5)
    true = dict(zip(publication.district.block_frame.index, pupils, strict=True))
    grids = np.array(list(itertools.product(range(1, 13), repeat=len(hidden))))
    column = {block: grids[:, at] for at, block in enumerate(hidden)}
    fits = np.ones(len(grids), dtype=bool)

    def total(blocks: list[str]) -> np.ndarray:
        parts = [column[b] if cells[b] is None else np.full(len(grids), cells[b]) for b in blocks]
        return np.sum(parts, axis=0) if parts else np.zeros(len(grids))

    shown = [(list(area.blocks), area.children) for area in stage.areas]
    shown += [([c.block_id for c in stage.changes if c.town == t.town], t.children) for t in stage.towns]
    everything = [c.block_id for c in stage.changes]
    shown.append((everything, stage.total.children_moved))
    after = publication.main.plans["primary"]
    for one in stage.schools:
        gains = [c.block_id for c in stage.changes if one.school in c.after]
        losses = [c.block_id for c in stage.changes if one.school in c.before]
        shown += [(gains, one.children_gained), (losses, one.children_lost)]
        zone = sum(true[block] for block in after.zones().get(one.school, ()))
        if not page or zone < publication.district.policy.hide_below:
            continue
        # The children of a zone stand on the page: those who stay give those who come.
        if one.children_stayed is None:
            fits &= total(gains) < zone
        else:
            shown.append((gains, int(zone) - one.children_stayed))
    for blocks, count in shown:
        if count is not None:
            fits &= total(blocks) == count
    return hidden, grids[fits], np.array([true[block] for block in hidden])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(one_school, min_size=6, max_size=6),
    st.lists(one_school, min_size=6, max_size=6),
    st.lists(st.integers(0, 6).map(float), min_size=6, max_size=6),
)
def test_no_hidden_count_can_be_worked_out(before: list[int], after: list[int], pupils: list[float]) -> None:
    """By brute force over all that is shown, a small count may be no small one, and never is certain."""
    pupils = [*pupils, 20.0, 20.0, 20.0, 20.0]
    publication = publication_of(ROW, [*before, *SETTLED], [*after, *SETTLED], pupils)
    ledger = change_ledger(publication)
    for one in ledger:
        true = pupils[list(ROW.block_frame.index).index(one.block_id)]
        assert one.children in {None, true}
        assert not (one.children is not None and 0 < one.children < 3)
    hidden, fits, true = hidden_cases(publication, ledger, pupils, page=False)
    _, page, _ = hidden_cases(publication, ledger, pupils, page=True)
    assert (page == true).all(axis=1).any()
    for at, block in enumerate(hidden):
        if true[at] < 3:
            assert fits[:, at].max() >= 3, (block, fits)
            assert len(np.unique(page[:, at])) > 1, (block, page)


@quick
@given(zones, zones, st.lists(st.integers(0, 9).map(float), min_size=16, max_size=16))
def test_nothing_small_is_printed(before: list[object], after: list[object], pupils: list[float]) -> None:
    """No number of children between one and the threshold stands anywhere in the JSON."""
    assume(any(one is not None for one in before) and any(one is not None for one in after))
    ledger = change_ledger(publication_of(GRID, before, after, pupils))
    record = json.loads(ledger.as_json())
    stage = record["stages"][0]
    rows = [*stage["changes"], *stage["areas"], *stage["schools"], *stage["towns"], stage["total"]]
    counts = [value for row in rows for name, value in row.items() if name.startswith("children")]
    assert not [count for count in counts if count is not None and 0 < count < 5]
    assert json.loads(ledger.as_json()) == record
    assert ledger == change_ledger(publication_of(GRID, before, after, pupils))


def test_kinds_areas_and_new_schools_are_named() -> None:
    """A block that moves, that comes to be shared, enters or leaves is told as what it is."""
    before = [*QUARTERS[:3], None, *QUARTERS[4:]]
    after = [*SOME_MOVED[:3], 1, *SOME_MOVED[4:15], None]
    stage = change_ledger(publication_of(OPEN, before, after, PUPILS))["primary"]
    assert {one.block_id: one.kind for one in stage.changes} == {
        "b000001": "moved", "b000002": "widened", "b001001": "moved", "b000003": "entered", "b003003": "left",
    }  # fmt: skip
    assert [area.number for area in stage.areas] == [1, 2, 3, 4, 5]
    assert {one.area for one in stage.changes} == {1, 2, 3, 4, 5}
    assert (stage.new_schools, stage.closed_schools) == ((), ())
    total = stage.total
    assert (total.blocks_moved, total.blocks_entered, total.blocks_left) == (3, 1, 1)
    assert (total.children_entered, total.children_left) == (13, 25)
    closed = change_ledger(publication_of(GRID, QUARTERS, [0] * 16, PUPILS))["primary"]
    assert closed.closed_schools == ("s1", "s2", "s3")


def test_a_block_and_a_school_that_are_gone_are_still_told() -> None:
    """Zones of last year may name what the map no longer has; the ledger says so instead of failing."""
    publication = publication_of(OPEN, QUARTERS, SOME_MOVED, PUPILS)
    assert publication.other is not None
    old = dict(publication.other.plans["primary"].rows)
    gone = Plan.of("primary", 2026, old | {"b000000": "closed school", "b999999": "s0"})
    other = PublishedYear(2026, {"primary": gone})
    stage = change_ledger(replace(publication, other=other))["primary"]
    told = {one.block_id: one for one in stage.changes}
    assert (told["b999999"].kind, told["b999999"].town, told["b999999"].children) == ("left", "", 0)
    assert told["b000000"].minutes_before is None
    assert told["b000000"].children == 10
    assert stage.closed_schools == ("closed school",)


def test_without_another_year_the_ledger_is_empty_and_says_so() -> None:
    """A first publication has nothing to compare with; that is a sentence, not an error."""
    publication = replace(publication_of(GRID, QUARTERS, SOME_MOVED, PUPILS), other=None)
    ledger = change_ledger(publication)
    assert ledger.empty
    assert ledger.year_before is None
    assert ledger.notes[0].en == (
        "There are no zones of another year to compare 2027-28 with, so nothing is listed."
    )
    other = PublishedYear(2026, {})
    stage = change_ledger(replace(publication, other=other))["primary"]
    assert "not known for primary school" in stage.notes[0].en


def test_without_children_or_times_nothing_is_invented() -> None:
    """What nobody forecast or measured is unknown, which is not the same as hidden or zero."""
    stage = change_ledger(publication_of(GRID, QUARTERS, SOME_MOVED, timed=False))["primary"]
    assert not stage.counted
    assert {one.children for one in stage.changes} == {None}
    assert {one.minutes_after for one in stage.changes} == {None}
    assert all(one.metres_after is not None for one in stage.changes)
    assert len(stage.notes) == 2


def test_a_reason_does_not_give_a_hidden_count_away() -> None:
    """The full reason of a block counts pupils; where its own are hidden the short one stands there."""
    pupils = [3.0, 2.0, *PUPILS[2:]]
    publication = publication_of(GRID, QUARTERS, SOME_MOVED, pupils)
    why = {
        block: Reason(
            "capacity", "s0", 60.0, Text("with this block 7 pupils over", "再划入本单元将超出 7 人")
        )
        for block in GRID.block_frame.index
    }
    main = replace(publication.main, reasons={"primary": why})
    told = {one.block_id: one for one in change_ledger(replace(publication, main=main))}
    assert told["b000001"].children is None
    assert told["b000001"].reason.en == "A nearer school has no free places for this area."
    assert told["b001001"].reason == why["b001001"].text


@pytest.mark.parametrize(
    ("notice", "grandfathered", "said"),
    [
        ({}, False, ["not stated here", "Nothing is stated about brothers"]),
        ({}, True, ["already enrolled stay", "Nothing is stated about brothers"]),
        ({"transition": Text("Six years.", "六年。")}, False, ["Six years.", "Nothing is stated"]),
        ({"siblings_stay": True}, True, ["already enrolled stay", "may go to the same school"]),
        ({"siblings_stay": False}, True, ["already enrolled stay", "school of the new zone"]),
    ],
)
def test_who_may_stay_is_what_office_and_options_say(
    notice: dict[str, object], *, grandfathered: bool, said: list[str]
) -> None:
    """Nobody is promised a place that neither the office nor the plan's options give."""
    words = zoning.district.PublicNotice(**notice)  # type: ignore[arg-type]
    options = {"primary": ZoneOptions(grandfathered=grandfathered)}
    district = replace(GRID, notice=words, options=options)
    stays = change_ledger(publication_of(district, QUARTERS, SOME_MOVED, PUPILS))["primary"].stays
    assert len(stays) == len(said)
    for text, part in zip(stays, said, strict=True):
        assert part in text.en


def test_the_table_has_a_row_a_change() -> None:
    """An analyst gets the ledger as a frame with whole numbers that may be missing."""
    ledger = change_ledger(publication_of(GRID, QUARTERS, SOME_MOVED, [3.0] * 2 + PUPILS[2:]))
    frame = ledger_table(ledger)
    assert len(frame) == 3
    assert str(frame["children"].dtype) == "Int64"
    assert frame["children"].isna().any()
    assert ledger_table(change_ledger(publication_of(GRID, QUARTERS, QUARTERS, PUPILS))).empty


def test_addresses_do_not_matter_to_the_ledger() -> None:
    """The ledger is of blocks: with or without an addresses table it is the same."""
    table: pd.DataFrame = addresses_of([("b000001", "estate", "甲苑", np.nan, np.nan, "all")])
    with_table = change_ledger(
        publication_of(grid(tables={"addresses": table}), QUARTERS, SOME_MOVED, PUPILS)
    )
    assert with_table == change_ledger(publication_of(GRID, QUARTERS, SOME_MOVED, PUPILS))


def test_parts_of_children_that_count_as_none_hide_nothing() -> None:
    """Shares of a few children in shared zones, each below one half, are shown as none and stop nothing."""
    before = [0, None, 0, 0, 0, 2, 0, 0, 0, 1, 0, None, None, 0, None, 0]
    after = [0, None, None, 0, 0, (0, 1, 2), None, 0, None, (0, 1, 2), None, 0, None, None, None, 0]
    pupils = [*[0.0] * 5, 2.0, *[0.0] * 3, 1.0, *[0.0] * 6]
    stage = change_ledger(publication_of(GRID, before, after, pupils))["primary"]
    assert {one.children for one in stage.changes} <= {None, 0}
