"""The page where parents find their school: its size and how soon it can be used, beside a plain folium page.

    python benchmarks/finder.py                      # 1,000 3,000 10,000 and 30,000 blocks
    python benchmarks/finder.py --blocks 3000

Counties are generated (``zoning.load.sample``): primary zones of two years (2 % of the blocks moved, with a
reason each), 6.7 addresses a block (villages, estates, streets in ranges of odd and even numbers; Chinese and
English names), journeys to the schools around. A block goes to the nearest of at most 300 schools. Invented
names and ranges repeat less than real ones, so real pages are smaller. The folium page holds the same blocks
as one GeoJson with school and name, as a notebook would write it; its scripts come from disk where the
network has none, so its time is that of the page alone. Seconds are from the call to the answer of headless
Chromium, the least of five: ``ready`` is html[data-ready] (search works), ``map`` is when the map is drawn.
"""

import argparse
import gzip
import json
import platform
import tempfile
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from counties import thinned
from zoning.district import District, PublicNotice
from zoning.errors import Text
from zoning.evaluate.cost import straight_metres
from zoning.load import read_district
from zoning.load.sample import names, write_sample
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.public import Publication, assemble, finder_page
from zoning.publish import assets
from zoning.travel import TravelTimes

SEED = 7
ADDRESSES_A_BLOCK = 20 / 3
STREET_BLOCKS = 7
TURNS = 5


def invented_addresses(county: District, dice: np.random.Generator) -> pd.DataFrame:
    """Return 6.7 addresses a block: its own name, an estate for every other one, and ranges of streets.

    A street goes from block to neighbouring block, ``STREET_BLOCKS`` of them, odd numbers on one side and
    even ones on the other, which now and then lies in another block.
    """
    frame = county.block_frame
    wanted = round(len(frame) * ADDRESSES_A_BLOCK)
    rows: list[tuple[object, ...]] = []
    estates = names.estate_names(dice)
    towns = frame["town"].to_numpy()
    for block, name, english, town in zip(frame.index, frame["name"], frame["name_en"], towns, strict=True):
        rows.append((block, "village", name, english, np.nan, np.nan, "all"))
        if dice.random() < 0.5:
            zh, en = next(estates)
            rows.append((block, "estate", town[:-1] + zh, en, np.nan, np.nan, "all"))
    near: list[list[int]] = [[] for _ in range(len(frame))]
    for i, j in zip(county.adjacency.first.tolist(), county.adjacency.second.tolist(), strict=True):
        near[i].append(j)
        near[j].append(i)
    ids = frame.index.to_numpy()
    streets = {town: names.street_names(dice) for town in dict.fromkeys(towns)}
    while len(rows) < wanted:
        block, before, first = int(dice.integers(len(ids))), -1, 1
        town = towns[block]
        zh, en = next(streets[town])
        for _ in range(STREET_BLOCKS):
            last = first + 2 * int(dice.integers(8, 40))
            other = block if dice.random() < 0.7 else int(dice.choice(near[block]))
            rows.append((ids[block], "street", town[:-1] + zh, en, first, last, "odd"))
            rows.append((ids[other], "street", town[:-1] + zh, en, first + 1, last + 1, "even"))
            onward = [n for n in near[block] if n != before] or near[block]
            block, before, first = int(dice.choice(onward)), block, last + 2
    columns = ["block_id", "kind", "name", "name_en", "from", "to", "parity"]
    return pd.DataFrame(rows[:wanted], columns=columns).assign(exception_stage="", exception_school="")


def published(blocks: int, folder: Path) -> Publication:
    """Return what is published of a generated county, whose street map stays in a folder."""
    dice = np.random.default_rng(SEED)
    county = read_district(write_sample(folder, blocks=blocks, seed=SEED, tables=False))
    county = thinned(county, 1.0)
    tables = {**county.tables, "addresses": invented_addresses(county, dice)}
    county = replace(county, tables=tables, notice=PublicNotice(phone="000-5550100"))
    metres = straight_metres(county).astype(np.float32)
    ids, schools = list(county.block_frame.index), list(county.school_frame.index)
    order = np.argsort(metres, axis=1)[:, :2]
    before = Plan.of(
        "primary", county.place.year, {b: schools[n] for b, n in zip(ids, order[:, 0], strict=True)}
    )
    moved = dice.choice(len(ids), len(ids) // 50, replace=False)
    plan = before.for_year(county.place.year + 1).moved({ids[n]: schools[order[n, 1]] for n in moved})
    none = np.zeros(len(ids), dtype=np.float32)
    times = TravelTimes(
        metres / np.float32(1.25), metres, tuple(ids), tuple(schools), "walk", none, none[: len(schools)]
    )
    found = assemble(county, [plan], before=[before], times={"primary": times})
    gone = set(moved.tolist())
    why = {block: reason(county, schools[order[n, 0]], n, moved=n in gone) for n, block in enumerate(ids)}
    return replace(found, main=replace(found.main, reasons={"primary": why}))


def reason(county: District, school: str, row: int, *, moved: bool) -> Reason:
    """Return a sentence for a block that is not at its nearest school, the code alone for the others."""
    en, zh = county.school_frame.loc[school, ["name_en", "name"]]
    minutes = f"{1 + row % 90 / 10:.1f}"
    text = Text(
        f"{en} is nearer (by {minutes} min a pupil), but its seats do not suffice.",
        f"{zh}更近（每名学生少 {minutes} 分钟），但其学位不足。",
    )
    return Reason("capacity" if moved else "nearest", school, 0.0, text)


def parts_of(page: str) -> str:
    """Return what weighs how much, gzip kB: the data by kind, words, code and styles, and what holds them."""
    style, code = page.partition("<style>")[2], page.rpartition("<script>")[2]
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    kinds = {
        "shapes": [data["lines"], data["blocks"]],
        "addresses": [data["addresses"], data["pinyin"]],
        "zones": [data["years"], data["schools"]],
        "journeys": data["stages"],
        "words": data["ui"],
    }
    sizes = {name: _kb(assets.script_json(value)) for name, value in kinds.items()}
    sizes |= {"code": _kb(code.partition("</script>")[0]), "styles": _kb(style.partition("</style>")[0])}
    sizes["other"] = _kb(page) - sum(sizes.values())
    return ", ".join(f"{name} {size:.1f}" for name, size in sizes.items())


def _kb(text: str) -> float:
    return len(gzip.compress(text.encode(), 9)) / 1000


def folium_page(publication: Publication) -> str:
    """Return the page that a notebook would write of the same plan."""
    import folium  # noqa: PLC0415 - the peer

    county = publication.district
    given = publication.main.plans["primary"].series().reindex(county.block_frame.index)
    frame = county.block_frame[["name", "geometry"]].assign(school=given.to_numpy()).to_crs(4326)
    west, south, east, north = frame.total_bounds
    page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=10, tiles=None)
    folium.GeoJson(frame, tooltip=folium.GeoJsonTooltip(["name", "school"])).add_to(page)
    html: str = page.get_root().render()
    return html


def seconds(browser: Any, path: Path, ready: str) -> float:  # noqa: ANN401 - playwright is optional
    """Return seconds from opening a file until a condition of the page holds, the least of five."""
    found = []
    for _ in range(TURNS):
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.route("**/*", _from_disk)
        begun = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_function(ready, polling=5)
        found.append(time.perf_counter() - begun)
        page.close()
    return min(found)


def _from_disk(route: Any) -> None:  # noqa: ANN401 - as above
    """Serve Leaflet from the package, where folium asks the network; leave the rest out."""
    name = route.request.url.rsplit("/", 1)[-1]
    if route.request.url.startswith("file:"):
        route.continue_()
    elif name in {"leaflet.js", "leaflet.css"}:
        kind = "text/javascript" if name.endswith("js") else "text/css"
        route.fulfill(body=assets.vendored_script("leaflet", name), content_type=kind)
    else:
        route.abort()


def run_size(browser: Any, blocks: int, folder: Path) -> None:  # noqa: ANN401 - as above
    """Print size and time of both pages of one county."""
    publication = published(blocks, folder / f"county-{blocks}")
    table = publication.district.table("addresses")
    addresses = 0 if table is None else len(table)
    begun = time.process_time()
    page = finder_page(publication)
    built = time.process_time() - begun
    path, other = folder / f"finder-{blocks}.html", folder / f"folium-{blocks}.html"
    path.write_bytes(page.encode())
    plain = folium_page(publication)
    other.write_text(plain, encoding="utf-8")
    ready = seconds(browser, path, "() => document.documentElement.dataset.ready")
    drawn = seconds(browser, path, "() => document.documentElement.dataset.map")
    peer = seconds(browser, other, "() => document.querySelectorAll('path.leaflet-interactive').length > 0")
    small, large = _kb(page), _kb(plain)
    print(
        f"{blocks:>7,} {addresses:>9,} {len(page.encode()) / 1e6:>8.2f} {small:>8.0f} {built:>8.1f} "
        f"{ready:>8.2f} {drawn:>8.2f} | {len(plain.encode()) / 1e6:>8.2f} {large:>8.0f} {peer:>8.2f}",
        flush=True,
    )
    print(f"        gzip kB: {parts_of(page)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--blocks", type=int, nargs="+", default=[1_000, 3_000, 10_000, 30_000])
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--keep", type=Path, help="folder to leave the pages in")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the tests

    print(f"Python {platform.python_version()}, folium {version('folium')}")
    print("                     finder                                            | plain folium")
    print(" blocks addresses       MB  gzip kB  build s  ready s    map s |       MB  gzip kB   seconds")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as made:
        folder = made if given.keep is None else given.keep
        browser = driver.chromium.launch(
            executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for blocks in given.blocks:
            run_size(browser, blocks, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
