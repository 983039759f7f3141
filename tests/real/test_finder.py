"""Liechtenstein's finder page: German names stay as they are, in both languages of the page."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from places import liechtenstein
from playwright.sync_api import Browser

from zoning.evaluate.cost import straight_metres
from zoning.plan import Plan
from zoning.public import Publication, SchoolFinder, assemble, finder_page

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def publication(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """Primary zones by the nearest school, every block an address of its own and of two sides of a street."""
    district = liechtenstein(real_data, tmp_path_factory.mktemp("liechtenstein")).district
    blocks, schools = list(district.block_frame.index), district.schools_of("primary", 2027)
    near = straight_metres(district)[:, district.school_frame.index.get_indexer(schools.index)].argmin(axis=1)
    plan = Plan.of("primary", 2027, {b: schools.index[n] for b, n in zip(blocks, near, strict=True)})
    names = district.block_frame["name"].astype(str).tolist()
    street = [f"Landstraße {name}" for name in names]
    addresses = pd.DataFrame({
        "block_id": blocks * 2, "kind": ["village"] * len(blocks) + ["street"] * len(blocks),
        "name": names + street, "name_en": names + street, "from": [np.nan] * len(blocks) + [1] * len(blocks),
        "to": [np.nan] * len(blocks) + [99] * len(blocks),
        "parity": ["all"] * len(blocks) + ["odd"] * len(blocks),
    })  # fmt: skip
    district = replace(district, tables={**district.tables, "addresses": addresses})
    return assemble(district, [plan])


def test_german_names_are_found_and_stay(chromium: Browser, publication: Publication, tmp_path: Path) -> None:
    """Umlauts and ß are found however they are typed, and the page agrees with the program."""
    path = tmp_path / "finder-2027.html"
    path.write_bytes(finder_page(publication, lang="en").encode())
    page = chromium.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-map]")
    table = publication.district.table("addresses")
    assert table is not None
    asked = [*table["name"], *(f"{name.upper()} 7a" for name in table["name"][::5])]
    finder = SchoolFinder(publication.district, publication.main.plans)
    ours = [[";".join(a.schools), a.quality] for one in asked for a in finder.find(one)]
    theirs = page.evaluate(
        "(all) => all.flatMap((one) => schoolFinder.find(one, 2027))"
        ".map((a) => [a.schools.join(';'), a.quality])",
        asked,
    )
    assert theirs == ours
    page.click("#tab-list")
    school = publication.district.school_frame.loc[publication.main.plans["primary"].school_ids[0], "name"]
    assert school in page.inner_text("#details")
    page.click("#lang")
    assert school in page.inner_text("#details")
    assert requests == [path.as_uri()]
    page.close()
