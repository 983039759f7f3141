"""What a folder asks of zones reaches the district as it was written."""

import json
import math
from pathlib import Path

import pytest
from bad.form import TOML, good_folder, write

from zoning.load import read_district
from zoning.load.option_page import options_markdown
from zoning.load.templates import write_templates
from zoning.options import Balance, Prices, ZoneOptions, option_names

ASKED = """
[zones.primary]
years = [2028, 2029]
quantile = 0.9
seat_price_s = 600
across_barriers = false
balance = [{ group = "migrants", within = 0.05 }]
locked_blocks = ["b1"]
shared = [["s1", "s2"]]
prices = { moved_s = inf, left_town_s = 900 }
"""


def test_options_are_read_as_written(tmp_path: Path) -> None:
    """Every kind of key arrives: lists, tables, numbers, infinity; a stage that asks nothing has defaults."""
    folder = good_folder(tmp_path / "county")
    write(folder, "zoning.toml", TOML + ASKED)
    county = read_district(folder)
    assert county.zone_options("primary") == ZoneOptions(
        years=(2028, 2029),
        quantile=0.9,
        seat_price_s=600.0,
        across_barriers=False,
        balance=(Balance("migrants", 0.05),),
        locked_blocks=("b1",),
        shared=(("s1", "s2"),),
        prices=Prices(moved_s=math.inf, left_town_s=900.0),
    )
    assert county.zone_options("junior") == ZoneOptions()


def test_neighbours_are_read_and_change_what_joins(tmp_path: Path) -> None:
    """Pairs of the neighbours table part and join blocks; the borders themselves stay as drawn."""
    folder = good_folder(tmp_path / "county")
    write(folder, "neighbours.csv", "单元一,单元二,是否相连,原因\nb2,b1,否,海湾\nb1,b4,是,渡口\n")
    county = read_district(folder)
    drawn = set(zip(county.adjacency.first.tolist(), county.adjacency.second.tolist(), strict=True))
    joined = set(zip(county.joins.first.tolist(), county.joins.second.tolist(), strict=True))
    assert drawn - joined == {(0, 1)}
    assert joined - drawn == {(0, 3)}


def test_a_record_of_options_goes_through_json() -> None:
    """What a plan file stores of the options gives the same options again."""
    options = ZoneOptions(
        years=(2028,),
        least_utilisation=0.4,
        balance=(Balance("migrants", 0.05, 9.0), Balance("registered", 0.1)),
        shared=(("a", "b"), ("c", "d")),
        prices=Prices(moved_s=math.inf, beyond_journey_s=5.0),
    )
    assert ZoneOptions.of_record(json.loads(json.dumps(options.record()))) == options
    assert ZoneOptions().record() == {}
    with pytest.raises(TypeError, match="nonsense"):
        ZoneOptions.of_record({"nonsense": 1})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_option_is_explained(lang: str, tmp_path: Path) -> None:
    """The page and the template of zoning.toml name every option, and every price."""
    page = options_markdown(lang)  # type: ignore[arg-type]
    write_templates(tmp_path / "new", lang=lang)  # type: ignore[arg-type]
    template = (tmp_path / "new" / "zoning.toml").read_text(encoding="utf-8")
    for name in option_names():
        assert name == "prices" or f"`{name}`" in page
        assert f"# {name} = " in template
    for name in option_names(["prices"]):
        assert f"`prices.{name}`" in page
