"""Names of a roster in any script: found wherever they are put, and only where they are."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.public.files import KINDS, planted
from tests.public.test_gate import CERTIFICATE, TOWN, publication, roster

from zoning.load.tables import TOTALS
from zoning.public.gate.checks import check_publication
from zoning.public.gate.names import Names, plain_name
from zoning.publish.typeset import printable

TODAY = date(2027, 3, 1)
HAN = st.one_of(
    st.sampled_from("王李张欧阳小明芳丽四"),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5, exclude_characters="锟斤拷烫屯"),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF),
)
LATIN = st.from_regex(r"[A-Z][a-zéüö]{1,7}", fullmatch=True)
FULL = st.lists(LATIN, min_size=2, max_size=3).map(" ".join)
NAME = st.one_of(st.text(HAN, min_size=3, max_size=5), FULL)
AROUND = ["", "请", "见 ", "for ", "(", "2027：", "、", "/", "\U00020bb7"]


def letters(text: str) -> str:
    """Return a text without anything but its letters, as loosely as it can be read."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFKC", plain) if c.isalnum())


def codes(name: str, data: bytes, inputs: Path) -> set[str]:
    """Return the codes that refuse a file."""
    report = check_publication(
        publication(), {name: data}, inputs=inputs, today=TODAY, certificate=CERTIFICATE
    )
    return {one.code for one in report.refusals}


@settings(max_examples=150, deadline=None)
@given(NAME, st.sampled_from(AROUND), st.sampled_from(AROUND), st.sampled_from(KINDS))
def test_a_name_put_anywhere_is_found(
    tmp_path_factory: pytest.TempPathFactory, name: str, before: str, after: str, kind: str
) -> None:
    """Chinese names, rare characters and names in letters are found inside any text of any kind of file."""
    assume(name not in TOTALS and printable(name).strip("〓"))
    folder = tmp_path_factory.mktemp("roster")
    roster(folder, [name], ["A-1001"], ["2020-03-05"])
    found = codes(*planted(kind, "备注", f"{before}{name}{after[::-1]}"), folder)
    # A print shows the sign for a missing character where its font lacks one: found too.
    assert found & {"child_name", "name_in_text"}, (kind, name)
    assert found <= {"child_name", "name_in_text"}


PIECE = st.one_of(
    st.text(HAN, min_size=1, max_size=6),
    LATIN,
    FULL,
    st.sampled_from(["\n", " ", "、", "，", "1", "·", "-", ""]),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(NAME, LATIN, st.text(HAN, min_size=2, max_size=2)), max_size=6), st.lists(PIECE))
def test_a_text_without_a_name_is_not_refused(names: list[str], pieces: list[str]) -> None:
    """Whatever a public text holds, a name that is not in it is not found, nor one over its lines."""
    text = "".join(pieces)
    lines = [letters(line) for line in text.split("\n")]
    held = any(letters(name) in line for name in names for line in lines)
    found = Names.of(names).found_in(text)
    assert held or not found


@given(st.lists(NAME, min_size=1, max_size=5), st.data())
def test_a_name_over_two_lines_of_public_names_is_not_public(names: list[str], data: st.DataObject) -> None:
    """Two public names under each other do not make a child's name public."""
    name = data.draw(st.sampled_from(names))
    at = data.draw(st.integers(1, len(name) - 1))
    assume(letters(name[:at]) and letters(name[at:]))
    public = f"{name[:at]}\n{name[at:]}"
    assume(not any(letters(name) in letters(line) for line in public.split("\n")))
    assert plain_name(name) in Names.of(names).without(public).plain
    assert plain_name(name) not in Names.of(names).without(f"x\n{name}\ny").plain


def test_public_names_under_each_other_hide_no_child(tmp_path: Path) -> None:
    """The blocks 甲园 and 乙园 do not make a child 园乙 a place."""
    assert re.search("甲园.*乙园", "".join(TOWN.tables["addresses"]["name"]))
    roster(tmp_path, ["园乙"], ["A-1001"], ["2020-03-05"])
    assert codes("l-2027.csv", "a,b\n1,园乙\n".encode(), tmp_path) == {"child_name"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna Li", "child_name"),
        ("ANNA  LI", "child_name"),
        ("Ａｎｎａ Ｌｉ", "child_name"),
        ("anna li, 12", "child_name"),
        ("report of Anna Li, 2027", "name_in_text"),
        ("请Anna Li来", "name_in_text"),
        ("Joanna Li", ""),
        ("Anna Lima", ""),
        ("Anna, Li", ""),
        ("Anna\nLi", ""),
        ("Lu Road", ""),
        ("school, Lu, 2027", "name_in_text"),
        ("买买提阿依", "child_name"),
        ("请买买提·阿依来", "name_in_text"),
        ("𠮷小明", "child_name"),
        ("请𠮷小明来", "name_in_text"),
        ("小明", ""),
        ("欧\u200b阳娜", "child_name"),
        ("学生 欧阳娜", "child_name"),
        ("欧阳\n娜", ""),
    ],
)
def test_names_are_read_as_people_write_them(text: str, found: str) -> None:
    """Case, widths, dots and blanks do not hide a name; a longer word or a line between makes it none."""
    assert Names.of({"Anna Li", "Lu", "买买提·阿依", "𠮷小明", "欧阳娜"}).found_in(text) == found
