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

LONGER = "东路5号 路8号 大道12号 小学 菜市场 二期 （二期）3栋 西区5栋 A区 3期5栋 152米 ·御府 社区 公寓3栋"
BEHIND_SIGNS = "（{}号） ，{}号 №{} No.{} （{}） \u200b{}\u202c号 {}号门面 {}B座"
COUNTED = "17.5米 17号对面 17附近 17米 17路公交站 17年 17公里 2号线 3号门 3单元501室 5巷"


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


@pytest.mark.parametrize(
    "tail",
    LONGER.split(),
)
def test_a_longer_name_is_not_the_listed_one(tail: str) -> None:
    """What nobody listed gets no block, although a listed name stands at its beginning."""
    assert BOOK.match(f"锦绣家园东区{tail}") == Match("", "none")
    assert BOOK.match(f"人民路{tail}") == Match("", "none")


@pytest.mark.parametrize("tail", ["小学", "中心小学", "路8号", "社区", "二期", "菜市场"])
def test_a_village_names_what_is_not_the_village(tail: str) -> None:
    """A hamlet lies in its village; a road or school called after the village may stand anywhere."""
    assert BOOK.match("柳林镇石桥村李家湾12号") == Match("c1", "name")
    assert BOOK.match("柳林镇石桥村3巷8号") == Match("c1", "name")
    assert BOOK.match(f"柳林镇石桥村{tail}") == Match("", "none")


@pytest.mark.parametrize(
    ("address", "block_id"),
    [
        ("建设路1至99号", ""),
        ("建设路1-99号", ""),
        ("建设路1—400号", ""),
        ("建设路17号~建设路200号", ""),
        ("建设路一至九十九号", ""),
        ("建设路99至1号", ""),
        ("建设路17、18号", ""),
        ("建设路100-300号", "b3"),
        ("建设路100至120号", "b3"),
        ("建设路200号至400号", ""),
        ("建设路17-2号", "b1"),
        ("建设路17-301室", "b1"),
        ("建设路17号，2号楼", "b1"),
        ("锦绣家园1-301", "b5"),
        ("锦绣家园1-3栋", "b5"),
        ("锦绣家园6-7号楼", ""),
        ("锦绣家园东区1-3栋", "b7"),
    ],
)
def test_a_range_of_numbers_is_not_its_first_number(address: str, block_id: str) -> None:
    """Numbers that lie in several blocks are asked for; parts of a number and rooms are no range."""
    assert BOOK.match(address).block_id == block_id


@pytest.mark.parametrize("form", BEHIND_SIGNS.split())
def test_a_number_is_read_behind_signs(form: str) -> None:
    """Brackets, commas, a word for number and unseen signs do not hide a house number."""
    for number, block_id in (("17", "b1"), ("18", "b2"), ("一百五十二", "b3")):
        if number.isdigit() or form != "{}B座":
            assert BOOK.match("建设路" + form.format(number)).block_id == block_id
    assert BOOK.match("建设路一百五十二") == Match("b3", "number")


@pytest.mark.parametrize("tail", COUNTED.split())
def test_what_is_counted_is_no_house_number(tail: str) -> None:
    """Metres, bus lines, years, gates and units leave the number open."""
    assert BOOK.match(f"建设路{tail}") == Match("", "several")


def test_a_name_with_unseen_signs_is_found() -> None:
    """A mark that nobody sees in a table or an address changes no name; a name of nothing else is none."""
    names = {"name": ["\u202e逆路\u200b", "\u200b"], "block_id": ["b1", "b2"], "kind": "estate"}
    frame = pd.DataFrame(names | {"from": float("nan"), "to": float("nan"), "parity": "all"})
    book = AddressBook(frame, TOWNS)
    assert book.match("逆\ufeff路3栋") == Match("b1", "exact")
    assert book.match("\u200b") == book.match("火星") == Match("", "none")


@given(st.text("建设路锦绣家园17号至-、（）栋之米期\u200b一百"), st.sampled_from(["建设路", "锦绣家园"]))
@settings(max_examples=150, deadline=None)
def test_any_text_has_an_answer(text: str, name: str) -> None:
    """Whatever stands behind a name, the answer has a block exactly when it is sure."""
    for tail in (text, "1" * 6000 + text, "一" * 6000 + "号" + text):
        found = BOOK.match(name + tail)
        assert bool(found.block_id) == (found.quality in {"exact", "number", "name"})


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
