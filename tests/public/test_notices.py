"""Notices: method, range and result in both languages, from what was published and measured only."""

import re
from dataclasses import replace
from importlib.resources import files as files_of
from io import BytesIO

import pandas as pd
import pytest
from pypdf import PdfReader
from tests.public.print_town import HOSTILE, NOTICE, town_publication

from zoning import messages
from zoning.district import PublicNotice
from zoning.errors import Language, Text
from zoning.proposal import Reason
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


def test_english_lists_and_reasons_read_as_sentences() -> None:
    """Names with commas stay apart, kinds are sentences, and a reason ends with a colon and no full stop."""
    publication = town_publication()
    table = publication.district.table("addresses")
    assert table is not None
    table.loc[table["kind"] == "village", ["block_id", "name_en"]] = [
        "b000003",
        "Tangfang, Haojiayuan Village",
    ]
    more = table.assign(
        name=table["name"] + "二", name_en=table["name_en"].where(table["name_en"] != "", "X")
    )
    tables = {"addresses": pd.concat([table, more], ignore_index=True)}
    why = dict.fromkeys(publication.district.block_frame.index, Reason("nearest", "s0", 0.0, Text("x", "x")))
    main = replace(publication.main, reasons={"primary": why})
    files = notices(replace(publication, district=replace(publication.district, tables=tables), main=main))
    text = files["notice-range-en.txt"].decode()
    assert "illages: Tangfang, Haojiayuan Village; Tangfang, Haojiayuan Village" in text
    assert re.search(r"Streets: Jianshe Road \([^)]*\); Jianshe Road \([^)]*\)\. ", text)
    assert "Shared by School 1, School 2 (Estates: Jinxiu Homes" in text
    assert "It is the nearest school: Blocks 8" in files["notice-method-en.txt"].decode()


def test_titles_and_addresses_keep_their_blanks() -> None:
    """Every title has a blank before its year, and an address of Latin letters has one on both sides."""
    notice = replace(NOTICE, comments_to=Text("zoning@example.org", "zoning@example.org"))
    parts = notice_parts(town_publication(notice=notice))
    assert all(part.title.zh.startswith("方镇 2027-28 学年") for part in parts)
    said = [line.zh for part in parts for section in part.sections for line in section.lines]
    assert any("请向 zoning@example.org 反映。" in line for line in said)
    for area in ("public_print", "public_ledger", "public_gate", "publish_book"):
        source = (files_of("zoning.messages") / "catalogue" / f"{area}.toml").read_text(encoding="utf-8")
        assert not re.search(r"[}\u4e00-\u9fff]\{year\} 学年[^度]", source), area
