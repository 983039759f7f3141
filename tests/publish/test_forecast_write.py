"""The files of a forecast: the book's numbers everywhere, whole or not at all, the same bytes again."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread
from python_calamine import CalamineWorkbook
from tests.publish.forecast_town import HOSTILE, YEARS, book_of, town

from zoning.district import District
from zoning.errors import Language, ZoningError
from zoning.publish import ForecastBook, Published, figures, forecast_tables, publish_forecast
from zoning.publish import forecast_charts as charts
from zoning.publish import forecast_fans as fans
from zoning.publish.forecast_maps import change_figure, changes
from zoning.publish.forecast_words import level_word, stage_sentence


@pytest.fixture(scope="module")
def district() -> District:
    """The town."""
    return town()


@pytest.fixture(scope="module")
def book(district: District) -> ForecastBook:
    """Its book."""
    return book_of(district)


@pytest.fixture(scope="module")
def written(district: District, book: ForecastBook, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Its files, in English."""
    return publish_forecast(district, book, folder=tmp_path_factory.mktemp("forecast"), lang="en")


def rows_of(path: Path, sheet: str) -> list[dict[str, object]]:
    """Return the rows of a sheet by heading."""
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_every_file_is_there(written: Published) -> None:
    """The command leaves what its documentation names, and nothing half made."""
    assert all(path.stat().st_size > 0 for path in written.paths)
    kinds = {kind for kind, _ in written.files}
    assert kinds >= {"summary", "workbook", "table", "blocks", "intervals", "record", "figure_county",
                     "figure_drivers", "figure_births", "figure_maps", "figure_warnings-1",
                     "figure_towns-primary", "figure_schools-junior"}  # fmt: skip
    folder = written["summary"].parent
    found = {path for path in folder.rglob("*") if path.is_file()}
    assert found == set(written.paths)


def test_the_workbook_holds_the_books_numbers(book: ForecastBook, written: Published) -> None:
    """Whoever copies a number from Excel copies the number of the page."""
    path = written["workbook"]
    county = rows_of(path, "County")
    for course in book.county:
        label = book.label(course.stage).en
        rows = [row for row in county if row["Stage"] == label and row["Grade"] == "all"]
        np.testing.assert_allclose([row["Expected"] for row in rows], course.mean)
        np.testing.assert_allclose([row["80 % from"] for row in rows], course.bands[1])
        np.testing.assert_allclose([row["95 % to"] for row in rows], course.bands[3])
    schools = rows_of(path, "Schools")
    assert len(schools) == len(book.schools) * len(YEARS)
    wanted = np.concatenate([school.mean for school in book.schools])
    np.testing.assert_allclose([row["Expected"] for row in schools], wanted)
    levels = [level_word(level).en for school in book.schools for level in school.warned]
    assert [row["Seat warning"] for row in schools] == levels
    summary = {row["Item"]: row["Value"] for row in rows_of(path, "Summary")}
    assert summary["primary school"] == stage_sentence(book, book.of_stage(book.county, "primary")[0]).en
    scenarios = rows_of(path, "Scenarios")
    assert scenarios[0]["2029-30"] == pytest.approx(book.scenarios[0].totals["kindergarten"][-1])
    assert len(rows_of(path, "Back-test")) == len(book.scores)
    notes = [row["Value"] for row in rows_of(path, "Assumptions") if row["Item"] == "Note"]
    assert notes == [note.en for note in book.notes]


def test_the_workbook_speaks_chinese_too(district: District, book: ForecastBook, tmp_path: Path) -> None:
    """Sheets and headings of the Chinese workbook are Chinese."""
    found = publish_forecast(district, book, folder=tmp_path, lang="zh", figures=False)
    sheets = CalamineWorkbook.from_path(found["workbook"])
    for name in sheets.sheet_names:
        heads = sheets.get_sheet_by_name(name).to_python()[0]
        for text in (name, *map(str, heads)):
            assert any("一" <= c <= "鿿" for c in text) or text[:4].isdigit(), text


def test_small_counts_of_blocks_are_hidden(district: District, written: Published) -> None:
    """A block with one or two children of a stage is not counted in public."""
    rows = rows_of(written["workbook"], "Blocks")
    least = district.policy.hide_below
    numbers = [v for row in rows for k, v in row.items() if k.startswith(("primary", "junior"))]
    assert all(v == f"< {least}" or float(str(v)) == 0 or float(str(v)) >= least for v in numbers)


def test_tables_hold_the_books_numbers(district: District, book: ForecastBook, written: Published) -> None:
    """The Parquet files are the forecast itself, cell by cell."""
    blocks = pd.read_parquet(written["blocks"])
    shape = book.demand.mean.shape
    np.testing.assert_allclose(blocks["children"].to_numpy().reshape(shape), book.demand.mean)
    assert blocks["block_id"].nunique() == len(district.block_frame)
    intervals = pd.read_parquet(written["intervals"])
    for course in (*book.county, *book.schools):
        rows = intervals[(intervals["level"] == course.level) & (intervals["place"] == course.place)
                         & (intervals["stage"] == course.stage) & (intervals["grade"] == "")]  # fmt: skip
        np.testing.assert_allclose(rows["mean"], course.mean)
        np.testing.assert_allclose(rows["high80"], course.bands[2])


def test_the_record_holds_the_books_numbers(book: ForecastBook, written: Published) -> None:
    """The JSON beside the page agrees with it to the third decimal, and names seed and digest."""
    record = json.loads(written["record"].read_text(encoding="utf-8"))
    for course in book.county:
        np.testing.assert_allclose(list(record["totals"][course.stage].values()), course.mean, atol=6e-4)
        low = [record["intervals"][course.stage][str(year)]["low80"] for year in YEARS]
        np.testing.assert_allclose(low, course.bands[1], atol=6e-4)
    assert [w["place"] for w in record["warnings"]] == [s.place for s in book.warned]
    assert (record["seed"], record["paths"]) == (7, 40)
    assert len(record["backtest"]) == len(book.scores)
    assert [note["zh"] for note in record["notes"]] == [note.zh for note in book.notes]


def test_the_same_seed_gives_the_same_bytes(
    district: District, book: ForecastBook, written: Published, tmp_path: Path
) -> None:
    """Anybody can make the files again and compare them byte by byte; another seed gives other intervals."""
    again = publish_forecast(district, book_of(district), folder=tmp_path / "again", lang="en")
    for kind, path in again.files:
        assert path.read_bytes() == written[kind].read_bytes(), kind
    other = book_of(district, seed=8)
    assert not np.allclose(other.county[0].bands, book.county[0].bands)


def test_a_failure_leaves_the_old_files(
    district: District, book: ForecastBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that breaks off in the last figure changes nothing of the forecast that was there."""
    publish_forecast(district, book, folder=tmp_path, figures=False)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(charts, "warning_figures", fail)
    with pytest.raises(OSError, match="No space left"):
        publish_forecast(district, book_of(district, seed=9), folder=tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_figures_of_before_do_not_stay(district: District, book: ForecastBook, tmp_path: Path) -> None:
    """A page of schools that this forecast no longer has is removed, and so are figures not asked for."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "schools-primary-9.png").write_bytes(b"old")
    publish_forecast(district, book, folder=tmp_path, figures=False)
    assert not (tmp_path / "figures").exists()


def test_a_file_in_the_way_is_a_sentence(district: District, book: ForecastBook, tmp_path: Path) -> None:
    """Writing where a file stands gives a message with the cure, not a traceback."""
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(ZoningError, match="Cannot write in the folder"):
        publish_forecast(district, book, folder=tmp_path / "taken")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_draws_with_its_glyphs(
    district: District, book: ForecastBook, lang: Language, tmp_path: Path
) -> None:
    """Both languages are printed on any machine: a missing glyph is a warning, and warnings are errors."""
    drawn = {
        "county": fans.county_figure(book, lang),
        "drivers": charts.drivers_figure(book, lang),
        "births": charts.births_figure(book, lang),
        "maps": change_figure(district, book, lang),
        **dict(enumerate(charts.warning_figures(book, lang))),
        **dict(fans.town_figures(book, lang)),
        **dict(fans.school_figures(book, lang)),
    }
    for name, figure in drawn.items():
        assert figure is not None
        path = figures.save(figure, tmp_path / f"{name}.png", dpi=50)
        assert np.ptp(imread(path)[..., :3]) > 0.5, f"{name} is blank"


@pytest.mark.parametrize("paths", [1, 3])
def test_hostile_names_draw_and_never_run(paths: int, tmp_path: Path) -> None:
    """Names that try to break out are text in Excel and letters in figures, with and without paths."""
    district = town(HOSTILE)
    book = book_of(district, paths=paths)
    found = publish_forecast(district, book, folder=tmp_path, lang="en")
    names = {row["Name"] for row in rows_of(found["workbook"], "Schools")}
    assert names == set(HOSTILE)
    lines = found["table"].read_text(encoding="utf-8-sig")
    assert "\n=1" not in lines


def test_maps_show_the_change_against_today(book: ForecastBook) -> None:
    """The number above a map is the change of the whole county, that of the page."""
    for course in book.county:
        sums = changes(book, course.stage).sum(axis=0)
        np.testing.assert_allclose(sums, course.mean - course.now)


def test_scores_that_are_not_finite_are_null(book: ForecastBook) -> None:
    """A coverage that a method cannot have is null in JSON, not a word that no parser reads."""
    records = forecast_tables.score_record(book)
    json.dumps(records, allow_nan=False)
    assert any(record["coverage80"] is None for record in records)
