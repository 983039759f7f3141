"""Open data: every column explained, the plan's schools, the same bytes twice, no count of children."""

import csv
import io
from pathlib import Path

import pyogrio
import pytest
from tests.public.test_answers import COUNTY, PLANS

from zoning.public import assemble
from zoning.public.open_data import data_dictionary, open_data

DICTIONARY = "data/dictionary-2027.csv"
STAGES = ("primary", "senior")
PUBLICATION = assemble(COUNTY, [PLANS[stage].for_year(2027) for stage in STAGES])


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the open data of two stages of the sample county."""
    return open_data(PUBLICATION)


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_every_column_is_explained(files: dict[str, bytes], tmp_path: Path) -> None:
    """Whoever opens a file finds each of its columns in the dictionary, in both languages, and no other."""
    said = {(row["file"], row["layer"], row["column"]) for row in rows_of(files[DICTIONARY])}
    assert all(row["zh"] and row["en"] for row in rows_of(files[DICTIONARY]))
    found = set()
    for name, data in files.items():
        stem = Path(name).name
        if name.endswith(".csv") and name != DICTIONARY:
            found |= {("blocks-*.csv", "", column) for column in rows_of(data)[0]}
        elif not name.endswith(".csv"):
            (tmp_path / stem).write_bytes(data)
            layers = [str(layer) for layer, _ in pyogrio.list_layers(tmp_path / stem)]
            for layer in (one for one in layers if one != "layer_styles"):
                columns = [*pyogrio.read_info(tmp_path / stem, layer=layer)["fields"], "geometry"]
                kind = "zones-*.gpkg" if stem.endswith(".gpkg") else "zones-*.geojson"
                shown = "zones_*" if layer.startswith("zones_") else layer
                found |= {(kind, shown if kind.endswith("gpkg") else "", column) for column in columns}
    assert found == said


def test_a_name_is_explained_as_what_it_names(files: dict[str, bytes]) -> None:
    """The name in a table of zones is that of schools, in a table of blocks that of the block."""
    said = {(row["file"], row["layer"], row["column"]): row["en"] for row in rows_of(files[DICTIONARY])}
    assert "zone" in said["zones-*.geojson", "", "name"]
    assert "zone" in said["zones-*.gpkg", "zones_*", "name_en"]
    assert "zone" not in said["blocks-*.csv", "", "name"] + said["zones-*.gpkg", "blocks", "name"]


def test_both_languages_stand_beside_each_other(files: dict[str, bytes]) -> None:
    """No reader depends on the language that the office's computer speaks."""
    row = rows_of(files["data/blocks-2027-primary.csv"])[0]
    school = COUNTY.school_frame.loc[row["school_id"]]
    assert (row["school_name"], row["school_name_en"]) == (school["name"], school["name_en"])
    assert row["name_en"].isascii()
    assert not row["name"].isascii()


def test_blocks_have_the_schools_of_the_plan(files: dict[str, bytes]) -> None:
    """A spreadsheet of the blocks says what the plan says, for every block."""
    for stage in STAGES:
        rows = rows_of(files[f"data/blocks-2027-{stage}.csv"])
        zoned = dict(PLANS[stage].rows)
        assert [row["block_id"] for row in rows] == COUNTY.block_frame.index.tolist()
        assert all(row["school_id"] == ";".join(zoned.get(row["block_id"], ())) for row in rows)
        assert {row["year"] for row in rows} == {"2027"}


def test_the_same_plan_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    """Open data can be made again by anybody and compared byte by byte."""
    assert open_data(PUBLICATION) == files


def test_no_column_counts_children() -> None:
    """Open data holds no number of children by block, so none has to be hidden."""
    words = ("child", "pupil", "人数", "儿童", "学生")
    assert not [row for row in data_dictionary().splitlines() if any(word in row for word in words)]
