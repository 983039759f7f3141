"""Notices: method, range and result in both languages, from what was published and measured only."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.public.print_town import HOSTILE, NOTICE, town_publication

from zoning import messages
from zoning.district import PublicNotice
from zoning.errors import Language
from zoning.public.notices.texts import notice_parts, notices, numbered
from zoning.zones.causes import PRECEDENCE


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The notices of the small town."""
    return notices(town_publication())


def test_three_parts_in_two_languages(files: dict[str, bytes]) -> None:
    """Each part that rules ask for is there, as text and as a page to print."""
    texts = {f"notice-{part}-{lang}.txt" for part in ("method", "range", "result") for lang in ("zh", "en")}
    assert set(files) == texts | {"notice-zh.pdf", "notice-en.pdf"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_method_says_who_decides_and_how_to_object(files: dict[str, bytes], lang: Language) -> None:
    """Office, rule, year, where to ask and until when to object stand in the method."""
    text = files[f"notice-method-{lang}.txt"].decode()
    said = [NOTICE.office, NOTICE.rule, NOTICE.transition, NOTICE.comments_to]
    for word in ("2027-28", NOTICE.phone, NOTICE.url, *(one.of(lang) for one in said)):
        assert word in text
    assert ("2027 年 5 月 31 日" if lang == "zh" else "2027-05-31") in text


def test_the_range_names_every_school_with_its_addresses(files: dict[str, bytes]) -> None:
    """The range lists what the sheets list: ranges, shared addresses and exceptions."""
    text = files["notice-range-zh.txt"].decode()
    line = next(one for one in text.splitlines() if one.startswith("　　第1学校"))
    assert "建设路（单号 1–39、47–61；双号 2–60）" in line
    assert "由第1学校、第2学校共同招生：小区：锦绣家园" in line
    assert "不含单独约定入读第2学校的门牌：建设路（单号 41–45）" in line


def test_the_result_hides_small_counts() -> None:
    """A school whose zone holds fewer children than the threshold shows no number, in any stage."""
    publication = town_publication()
    assert publication.demand is not None
    few = replace(publication.demand, mean=publication.demand.mean * 0.05)
    text = notices(replace(publication, demand=few))["notice-result-zh.txt"].decode()
    assert re.findall(r"范围内学龄人口 (\S+)", text).count("不公布") == 3
    assert "小于 5 的数" in text


def test_nothing_is_claimed_that_is_not_known() -> None:
    """Without an office's words, children or times no section speaks of them."""
    bare = replace(town_publication(notice=PublicNotice()), demand=None, times={})
    bare = replace(bare, other=None, main=replace(bare.main, cards={}, reasons={}))
    method, _, result = notice_parts(bare)
    said = " ".join(
        line.en for part in (method, result) for section in part.sections for line in section.lines
    )
    for word in ("expected pupils", "Journeys", "Changed", "phone", "Comments", "forecast", "reason"):
        assert word not in said


def test_hostile_names_stay_text_in_notices() -> None:
    """A name that looks like markup stands in the notice as it is, on one line."""
    found = notices(town_publication(HOSTILE))
    text = found["notice-range-en.txt"].decode()
    assert any(line.startswith("</text></svg><script>alert(1)</script>: ") for line in text.splitlines())
    page = "".join(p.extract_text() for p in PdfReader(BytesIO(found["notice-en.pdf"])).pages)
    assert "</text></svg><script>alert(1)</script>" in page.replace("\n", "")


def test_the_same_publication_gives_the_same_notices(files: dict[str, bytes]) -> None:
    """A notice made again is the same, byte by byte."""
    assert notices(town_publication()) == files


def test_every_kind_of_reason_has_its_words() -> None:
    """Whatever code a block's reason has, notices and sheets can say it."""
    for code in (*PRECEDENCE, "nearest", "empty", "search"):
        said = messages.text(f"public_print.why_{code}")
        assert said.zh
        assert said.en


def test_headings_are_numbered_as_offices_do() -> None:
    """Chinese headings count in Hanzi, past ten and past twenty too."""
    found = [numbered(n, "依据", "zh") for n in (1, 10, 11, 20, 23)]
    assert found == ["一、依据", "十、依据", "十一、依据", "二十、依据", "二十三、依据"]
