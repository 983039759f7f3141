"""Addresses find their block, and say how sure that is."""

import pandas as pd
import pytest
from bad.form import good_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import DataError
from zoning.load import match_addresses, read_district
from zoning.load.matching import AddressBook, Match

ROWS = [
    ("b1", "street", "建设路", 1, 99, "odd"),
    ("b2", "street", "建设路", 2, 98, "even"),
    ("b3", "street", "建设路", 100, 300, "all"),
    ("b4", "street", "建设路西巷", None, None, "all"),
    ("b5", "estate", "锦绣家园", 1, 6, "all"),
    ("b6", "estate", "锦绣家园", 7, 12, "all"),
    ("b7", "estate", "锦绣家园东区", None, None, "all"),
    ("c1", "village", "石桥村", None, None, "all"),
    ("d1", "village", "石桥村", None, None, "all"),
    ("d2", "street", "人民路", None, None, "all"),
]
TOWNS = pd.Series(
    {"c1": "柳林镇", "d1": "城关镇"} | {f"b{n}": "城关镇" for n in range(1, 8)} | {"d2": "柳林镇"}
)
BOOK = AddressBook(
    pd.DataFrame(ROWS, columns=["block_id", "kind", "name", "from", "to", "parity"]), TOWNS, "云溪县"
)


@pytest.mark.parametrize(
    ("address", "block_id", "quality"),
    [
        ("建设路17号", "b1", "number"),
        ("建设路 18 号 3单元", "b2", "number"),
        ("建设路１００号院", "b3", "number"),
        ("建设路二十一号", "b1", "number"),
        ("河南省某某市云溪县城关镇建设路17-2号", "b1", "number"),
        ("建设路301号", "", "none"),
        ("建设路", "", "several"),
        ("建设路西巷5号", "b4", "name"),
        ("锦绣家园3栋2单元501室", "b5", "number"),
        ("锦绣家园十一号楼", "b6", "number"),
        ("锦绣家园", "", "several"),
        ("锦绣家园东区3栋", "b7", "exact"),
        ("云溪县城关镇锦绣家园东区", "b7", "exact"),
        ("锦绣家园东区对面的小卖部", "b7", "name"),
        ("柳林镇石桥村三组", "c1", "exact"),
        ("城关镇石桥村", "d1", "exact"),
        ("石桥村12号", "", "several"),
        ("人民路8号", "d2", "name"),
        ("建设路17号锦绣家园东区", "", "several"),
        ("新建设路17号", "", "none"),
        ("老锦绣家园3栋", "", "none"),
        ("东关社区建设路17号", "b1", "number"),
        ("建设路3巷8号", "", "several"),
        ("建设路一巷4号", "", "several"),
        ("柳林镇建设路17号", "", "none"),
        ("火星路8号", "", "none"),
        ("", "", "none"),
    ],
)
def test_addresses(address: str, block_id: str, quality: str) -> None:
    """Number, parity, longest name and town decide; what is not certain is not guessed."""
    assert BOOK.match(address) == Match(block_id, quality)  # type: ignore[arg-type]


@given(st.integers(1, 400), st.sampled_from(["{}号", "{}", " {} 号3单元", "第{}号"]))
@settings(max_examples=80, deadline=None)
def test_house_numbers_follow_the_ranges(number: int, form: str) -> None:
    """A second implementation by hand: odd and even below 100, both up to 300, nothing beyond."""
    wanted = "b3" if 100 <= number <= 300 else "" if number > 300 else ("b1" if number % 2 else "b2")
    assert BOOK.match("建设路" + form.format(number)).block_id == wanted


@given(st.permutations(ROWS))
@settings(max_examples=15, deadline=None)
def test_order_of_entries_is_irrelevant(rows: list[tuple[object, ...]]) -> None:
    """The same address gives the same block however the table is sorted."""
    columns = ["block_id", "kind", "name", "from", "to", "parity"]
    book = AddressBook(pd.DataFrame(rows, columns=columns), TOWNS, "云溪县")
    for address in ("建设路17号", "锦绣家园", "城关镇石桥村", "建设路西巷5号"):
        assert book.match(address) == BOOK.match(address)


def test_a_district_matches_a_list(tmp_path) -> None:  # noqa: ANN001 - pytest's Path
    """The table given back holds blocks and qualities only, in the order asked."""
    district = read_district(good_folder(tmp_path))
    found = match_addresses(district, ["建设路17号", "无名路1号"])
    assert found.to_dict("list") == {"block_id": ["b2", ""], "match": ["number", "none"]}


def test_matching_needs_addresses(tmp_path) -> None:  # noqa: ANN001 - pytest's Path
    """Without the table the error says what to add."""
    folder = good_folder(tmp_path)
    (folder / "addresses.csv").unlink()
    with pytest.raises(DataError, match=r"Add addresses\.csv"):
        match_addresses(read_district(folder), ["建设路17号"])
