"""One address, one answer: block, zone, shared zone, exception, or a plain "not known"."""

import pytest

import zoning
from zoning.errors import DataError
from zoning.plan import Plan
from zoning.public import SchoolFinder, assemble

COUNTY = zoning.sample_district()
PLANS = {stage.name: Plan.current(COUNTY, stage=stage.name) for stage in COUNTY.stages}
FINDER = SchoolFinder(COUNTY, PLANS)
ZONED = {stage: dict(plan.rows) for stage, plan in PLANS.items()}


def of(address: str, stage: str = "primary") -> tuple[tuple[str, ...], str, str]:
    """Return schools, quality and basis of an address for one stage."""
    answer = next(one for one in FINDER.find(address) if one.stage == stage)
    return answer.schools, answer.quality, answer.basis


def test_every_entry_of_the_table_finds_its_own_school() -> None:
    """Each range and name of the addresses table leads to the zone of its block, or to its exception."""
    table = COUNTY.table("addresses")
    assert table is not None
    towns = COUNTY.block_frame["town"]
    wrong = []
    for row in table.itertuples():
        number = "" if row[5] != row[5] else f"{int(row[5])}号"
        address = f"{towns[row.block_id]}{row.name}{number}"
        for answer in FINDER.find(address):
            zoned = ZONED[answer.stage].get(str(row.block_id), ())
            if answer.schools != zoned and answer.basis != "exception" and answer.quality != "several":
                wrong.append((address, answer))
    assert not wrong


@pytest.mark.parametrize(
    ("address", "stage", "basis"),
    [
        ("新华路11号", "primary", "exception"),
        ("新华路11号", "junior", "zone"),
        ("新华路19号", "primary", "zone"),
        ("新华路10号", "primary", "exception"),
        ("汀源县汀阳镇新华路十一号3单元", "primary", "exception"),
    ],
)
def test_an_exception_holds_for_its_numbers_and_stage(address: str, stage: str, basis: str) -> None:
    """An exception reaches its own numbers and its own stage, and nothing beside them."""
    schools, _, found = of(address, stage)
    assert found == basis
    assert schools == (("P001",) if basis == "exception" else schools)


def test_a_street_with_exceptions_needs_a_number() -> None:
    """Without a number a street with exceptions has no one answer, and none is guessed."""
    assert of("新华路") == ((), "several", "none")
    assert of("火星路1号") == ((), "none", "none")


def test_the_table_has_a_row_an_address_and_stage() -> None:
    """The list that is published says the same as the single answers."""
    frame = FINDER.table(["新华路11号", "火星路1号"])
    assert len(frame) == 2 * len(COUNTY.stages)
    assert frame.loc[frame["stage"] == "primary", "school_id"].tolist() == ["P001", ""]


def test_plans_of_two_years_are_not_one_publication() -> None:
    """A page is of one year: plans of two years, or two of one stage, are refused."""
    plan = PLANS["primary"]
    for plans in ([], [plan, PLANS["junior"].for_year(2030)], [plan, plan]):
        with pytest.raises(DataError, match="must be for one year"):
            assemble(COUNTY, plans)
    for year in (2027, 2028):
        with pytest.raises(DataError, match="not for an earlier year"):
            assemble(COUNTY, [plan.for_year(2027)], before=[plan.for_year(year)])
