"""Figures, drawn for real."""

import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.image import imread
from tests.publish.conftest import Made

from zoning.errors import Language
from zoning.publish import figures
from zoning.publish.zone_map import zone_map


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_draws_with_its_glyphs(made: Made, lang: Language, tmp_path: Path) -> None:
    """Chinese names are printed on any machine: a missing glyph is a warning, and warnings are errors."""
    drawn = {
        "zones": zone_map(made.district, made.primary, lang),
        "use": figures.utilisation_figure(made.district, made.primary, made.demand, lang),
        "journeys": figures.journeys_figure(made.district, made.primary, made.demand, lang),
        "forecast": figures.forecast_figure(made.district, made.primary, made.demand, lang),
    }
    for name, figure in drawn.items():
        path = figures.save(figure, tmp_path / f"{name}.png", dpi=60)
        assert np.ptp(imread(path)[..., :3]) > 0.5, f"{name} is blank"


def test_a_missing_glyph_would_be_noticed(made: Made, tmp_path: Path) -> None:
    """The test above can fail: a character outside the font does warn."""
    figure = figures.forecast_figure(made.district, made.primary, made.demand, "zh")
    figure.axes[0].set_title("\U0001f3eb")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figures.save(figure, tmp_path / "x.png", dpi=60)
    assert any("missing from font" in str(w.message) for w in caught)


def test_global_settings_stay_as_they_were(made: Made, tmp_path: Path) -> None:
    """A notebook's own figures look the same before and after publishing."""
    before = dict(mpl.rcParams)
    figures.save(zone_map(made.district, made.primary, "zh"), tmp_path / "z.png", dpi=40)
    assert dict(mpl.rcParams) == before


def test_colours_mean_the_same_as_in_the_atlas(made: Made) -> None:
    """A school is the same colour on paper and on screen."""
    from zoning.publish.colours import PALETTE, colour_schools

    assert made.primary.against is not None
    wanted = colour_schools(made.district, [made.primary.plan, made.primary.against])
    figure = zone_map(made.district, made.primary, "zh")
    fills = {
        mpl.colors.to_hex(c.get_facecolor()[0]) for c in figure.axes[0].collections if len(c.get_facecolor())
    }
    assert {PALETTE[n] for s, n in wanted.items() if s in made.primary.plan.school_ids} <= fills
