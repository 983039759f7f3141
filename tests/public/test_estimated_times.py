"""Without a street map minutes are estimates: every published file says so, and none speaks of streets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from tests.public.published import PUPILS, QUARTERS, SOME_MOVED, addresses_of, grid, publication_of

from zoning.public import Publication, change_ledger, check_publication, finder_page
from zoning.public.consultation.parts import document_of
from zoning.public.ledger.book import ledger_workbook
from zoning.public.notices.texts import notices
from zoning.public.open_data import open_data

ALONG = ("along the streets", "along the roads", "沿道路", "实际道路", "实际路程", "只在有过街设施处")
ESTIMATED = ("straight line", "直线距离")


def published(*, along_streets: bool) -> Publication:
    """Return a town of which three blocks change, with or without a street map."""
    rows = [
        ("b000001", "estate", "甲苑", np.nan, np.nan, "all"),
        ("b000002", "village", "丙村", np.nan, np.nan, "all"),
    ]
    made = publication_of(grid(tables={"addresses": addresses_of(rows)}), QUARTERS, SOME_MOVED, PUPILS)
    times = {stage: replace(one, along_streets=along_streets) for stage, one in made.times.items()}
    return replace(made, times=times)


def texts_of(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yield name and text of what speaks of minutes."""
    ledger = change_ledger(publication)
    for name, data in notices(publication, ledger=ledger).items():
        if "method" in name:
            yield name, data.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(ledger_workbook(ledger)))
    yield "ledger.xlsx", "\n".join(str(row) for row in book.get_sheet_by_name("说明 Notes").to_python())
    yield "consultation-zh", str(document_of(publication, ledger, {}, lang="zh"))
    yield "consultation-en", str(document_of(publication, ledger, {}, lang="en"))
    yield "dictionary", open_data(publication)["data/dictionary-2027.csv"].decode()


def test_every_file_tells_what_the_minutes_are() -> None:
    """Estimates are called so in notices, ledger, consultation and dictionary, and ways are called ways."""
    for name, text in texts_of(published(along_streets=False)):
        assert not [word for word in ALONG if word in text], name
        assert any(word in text for word in ("estimated", "估算")), name
    for name, text in texts_of(published(along_streets=True)):
        assert not [word for word in ("estimated", "估算") if word in text], name


def test_the_ledger_holds_it_as_a_value() -> None:
    """Whoever reads ``ledger.json`` by machine finds which minutes are estimates."""
    for along in (True, False):
        assert change_ledger(published(along_streets=along))["primary"].estimated is not along


def test_the_gate_tells_the_office() -> None:
    """A publication without a street map is not refused, but nobody publishes it unawares."""
    for along, wanted in ((True, []), (False, ["times_estimated"])):
        report = check_publication(published(along_streets=along), {}, inputs=None, today=date(2027, 3, 1))
        assert [one.code for one in report.findings if one.code == "times_estimated"] == wanted


def test_the_gate_tells_it_once_for_all_stages() -> None:
    """One street map is missing, not one a stage: the line stands once and names the stages."""
    made = published(along_streets=False)
    both = replace(made, times={**made.times, "junior": made.times["primary"]})
    report = check_publication(both, {}, inputs=None, today=date(2027, 3, 1))
    (told,) = (one for one in report.findings if one.code == "times_estimated")
    assert "小学、初中的上学时间" in told.problem.what.zh
    assert "journeys to primary school, junior middle school" in told.problem.what.en


@pytest.mark.browser
def test_the_page_says_it_beside_the_minutes(chromium: Any, tmp_path: Path) -> None:  # noqa: ANN401 - playwright is optional
    """A parent reads in either language that minutes are estimated, and not that streets were followed."""
    for along in (True, False):
        path = tmp_path / f"finder-2027-{along}.html"
        path.write_bytes(finder_page(published(along_streets=along)).encode())
        for lang, word in (("zh", "估算"), ("en", "estimated")):
            page = chromium.new_page()
            page.goto(f"{path.as_uri()}#lang={lang}&stage=primary&q=甲苑")
            page.wait_for_selector("html[data-ready]")
            said = page.inner_text("#details")
            assert (word in said) is not along
            assert any(one in said for one in ALONG) is along
            page.close()
