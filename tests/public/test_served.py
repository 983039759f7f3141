"""Lists of addresses say what the finder says, number by number; nothing else decides."""

import math
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import square_town

import zoning
from zoning.errors import DataError
from zoning.plan import Plan
from zoning.public import SchoolFinder, assemble, served_addresses
from zoning.public.served import SchoolAddresses

COUNTY = zoning.sample_district()
PLANS = [Plan.current(COUNTY, stage=stage) for stage in ("primary", "junior")]
PUBLICATION = assemble(COUNTY, PLANS)
HIGHEST = 40


def schools_by_number(
    served: dict[str, SchoolAddresses], highest: int
) -> dict[tuple[str, int | None], set[str]]:
    """Return the schools that list each name and number; number None for a whole name."""
    found: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for school, lists in served.items():
        for named in lists.served:
            if not named.spans:
                found[named.name.zh, None].add(school)
            for number in range(highest + 1) if named.spans else ():
                if any(span.holds(number) for span in named.spans):
                    found[named.name.zh, number].add(school)
    return found


@pytest.mark.parametrize("stage", ["primary", "junior"])
def test_every_entry_stands_with_exactly_the_schools_of_the_finder(stage: str) -> None:
    """Each name and each single number of the sample's table is listed by the schools that serve it, only."""
    finder = SchoolFinder(COUNTY, {plan.stage: plan for plan in PLANS})
    listed = schools_by_number(served_addresses(PUBLICATION, 2026, stage), 500)
    table = COUNTY.table("addresses")
    assert table is not None
    asked: set[tuple[str, int | None]] = set()
    for name, first, last, parity in table[["name", "from", "to", "parity"]].itertuples(index=False):
        if math.isnan(first):
            asked.add((name, None))
        else:
            step = 1 if parity == "all" else 2
            asked |= {(name, number) for number in range(int(first), int(last) + 1, step)}
    wrong = []
    for name, number in asked:
        answers = finder.find(name if number is None else f"{name}{number}号")
        said = next(set(one.schools) for one in answers if one.stage == stage)
        if listed.get((name, number), set()) != said:
            wrong.append((name, number, said))
    assert not wrong
    assert {key for key in listed if key not in asked and not is_area(key[0])} == set()


def is_area(name: str) -> bool:
    """Tell whether a name is that of a block which no address lies in."""
    table = COUNTY.table("addresses")
    assert table is not None
    empty = COUNTY.block_frame.index.difference(table["block_id"])
    return name in set(COUNTY.block_frame.loc[empty, "name"])


ENTRY = st.tuples(
    st.sampled_from(["b000000", "b000001", "b000002", "b000003"]),
    st.sampled_from(["一路", "二路"]),
    st.one_of(st.just(float("nan")), st.integers(1, 20).map(float)),
    st.one_of(st.just(float("nan")), st.integers(0, 12).map(float)),
    st.sampled_from(["odd", "even", "all"]),
    st.sampled_from(["", "", "s0", "s1"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRY, min_size=1, max_size=7))
def test_lists_follow_the_finder_on_any_table(entries: list[tuple[str, str, float, float, str, str]]) -> None:
    """Overlaps, open ends, odd and even, exceptions: the lists hold a number just where the finder does."""
    rows = [
        (block, "street", name, name, first, first + length, parity, "primary" if school else "", school)
        for block, name, first, length, parity, school in entries
    ]
    columns = ["block_id", "kind", "name", "name_en", "from", "to", "parity"]
    columns += ["exception_stage", "exception_school"]
    table = pd.DataFrame(rows, columns=columns)
    town = square_town(1, 4, schools=((0, 0), (0, 3)), tables={"addresses": table})
    plan = Plan.of(
        "primary", 2026, {"b000000": "s0", "b000001": "s0", "b000002": ["s0", "s1"], "b000003": "s1"}
    )
    finder = SchoolFinder(town, {"primary": plan})
    listed = schools_by_number(served_addresses(assemble(town, [plan]), 2026, "primary"), HIGHEST)
    for name in set(table["name"]):
        for number in range(1, HIGHEST + 1):
            said = set(finder.find(f"{name}{number}号")[0].schools)
            whole = listed.get((name, None), set())
            assert listed.get((name, number), set()) | whole == said, (name, number)


def test_a_name_of_two_towns_is_told_apart() -> None:
    """The same street name in two towns is listed with its town, each under its own school."""
    table = pd.DataFrame({
        "block_id": ["b000000", "b000001"], "kind": "street", "name": "中山路", "name_en": "",
        "from": [1.0, 1.0], "to": [9.0, 9.0], "parity": "odd",
    })  # fmt: skip
    town = square_town(1, 2, schools=((0, 0), (0, 1)), towns=["甲镇", "乙镇"], tables={"addresses": table})
    plan = Plan.of("primary", 2026, {"b000000": "s0", "b000001": "s1"})
    served = served_addresses(assemble(town, [plan]), 2026, "primary")
    assert [named.text.zh for named in served["s0"].own] == ["中山路（甲镇）：单号 1–9"]
    assert [named.text.zh for named in served["s1"].own] == ["中山路（乙镇）：单号 1–9"]


def test_without_addresses_blocks_are_listed() -> None:
    """A district that gives no addresses still has lists: the names of its blocks."""
    town = square_town(1, 2, schools=((0, 0), (0, 1)))
    plan = Plan.of("primary", 2026, {"b000000": "s0", "b000001": ["s0", "s1"]})
    served = served_addresses(assemble(town, [plan]), 2026, "primary")
    assert [named.kind for named in served["s0"].own] == ["area"]
    assert [group.schools for group in served["s1"].shared] == [("s0", "s1")]


def test_changes_name_the_addresses_between_two_years() -> None:
    """A moved block appears as its addresses, with schools before and now; the same zones change nothing."""
    primary = PLANS[0]
    block = next(b for b, schools in primary.rows if schools == ("P004",))
    moved = primary.for_year(2027).moved({block: "P001"})
    found = assemble(COUNTY, [moved], before=[primary]).lists.changed("primary")
    assert [(change.before, change.after, change.blocks) for change in found] == [
        (("P004",), ("P001",), (block,))
    ]
    assert assemble(COUNTY, [primary.for_year(2027)], before=[primary]).lists.changed("primary") == ()
    assert PUBLICATION.lists.changed("primary") == ()


def test_a_year_that_is_not_published_is_refused() -> None:
    """A list of another year is never made up from this year's zones."""
    with pytest.raises(DataError, match="no plan of that stage and year"):
        served_addresses(PUBLICATION, 2031, "primary")
