"""Open data of a publication: zones and blocks for a GIS and a spreadsheet, each column explained."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from zoning import messages
from zoning.evaluate import Scorecard
from zoning.public.publication import Publication
from zoning.publish import StageResult
from zoning.publish.export import result_table, write_geojson, write_geopackage
from zoning.publish.plans import csv_text

__all__ = ["data_dictionary", "open_data"]

_ZONES: Final = ("stage", "year", "school_id", "name", "name_en", "shared", "blocks", "geometry")
_BLOCKS: Final = (
    "block_id", "name", "name_en", "town", "place_class", "school_id", "school_before", "minutes", "reason",
    "reason_en", "geometry",
)  # fmt: skip
_SCHOOLS: Final = (
    "school_id", "name", "name_en", "town", "ownership", "teaching_site", "capacity", "geometry"
)  # fmt: skip
_TABLE: Final = (
    "block_id", "name", "name_en", "town", "stage", "year", "school_id", "school_name", "school_name_en",
    "minutes", "school_before", "reason", "reason_en",
)  # fmt: skip
_KINDS: Final[Mapping[str, str]] = {
    "year": "integer", "blocks": "integer", "capacity": "integer", "minutes": "number", "shared": "boolean",
    "teaching_site": "boolean", "geometry": "geometry",
}  # fmt: skip
"""What a column holds where it is not text."""


def open_data(publication: Publication) -> dict[str, bytes]:
    """Return the open data of the year that is published, by file name; it holds no count of children.

    Per stage ``data/zones-YEAR-STAGE.gpkg`` (zones, blocks and schools in the metric CRS, coloured when QGIS
    opens it), ``data/zones-YEAR-STAGE.geojson`` (zones on WGS 84, RFC 7946), ``data/blocks-YEAR-STAGE.csv``
    (every block with its school, for a spreadsheet), and ``data/dictionary-YEAR.csv`` for all of them.

    Parameters
    ----------
    publication
        What is published.
    """
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for stage, plan in publication.main.plans.items():
            result = _result(publication, stage)
            stem = f"{plan.year}-{stage}"
            package = write_geopackage(Path(folder) / f"{stem}.gpkg", publication.district, result)
            files[f"data/zones-{stem}.gpkg"] = package.read_bytes()
            zones = write_geojson(Path(folder) / f"{stem}.geojson", publication.district, plan)
            files[f"data/zones-{stem}.geojson"] = zones.read_bytes()
            table = csv_text(result_table(publication.district, result))
            files[f"data/blocks-{stem}.csv"] = table.encode("utf-8")
    files[f"data/dictionary-{publication.main.year}.csv"] = data_dictionary(
        estimated=bool(publication.estimated)
    ).encode("utf-8-sig")
    return files


def _result(publication: Publication, stage: str) -> StageResult:
    main, other = publication.main, publication.other
    plan = main.plans[stage]
    return StageResult(
        plan,
        main.cards.get(stage, Scorecard(stage, plan.year, plan.digest, ())),
        times=publication.times.get(stage),
        against=None if other is None else other.plans.get(stage),
        reasons=main.reasons.get(stage, {}),
    )


def data_dictionary(*, estimated: bool = False) -> str:
    """Return the table that explains every column of the open data, in both languages, as CSV.

    Parameters
    ----------
    estimated
        Whether minutes are straight lines made longer, for want of a street map.

    Examples
    --------
    >>> data_dictionary().splitlines()[0]
    'file,layer,column,type,zh,en'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "layer", "column", "type", "zh", "en"])
    writer.writerows(_rows(estimated=estimated))
    return text.getvalue()


def _rows(*, estimated: bool) -> Iterator[tuple[str, ...]]:
    files = {
        ("zones-*.gpkg", "zones_*"): _ZONES,
        ("zones-*.gpkg", "blocks"): _BLOCKS,
        ("zones-*.gpkg", "schools"): _SCHOOLS,
        ("zones-*.geojson", ""): _ZONES,
        ("blocks-*.csv", ""): _TABLE,
    }
    for (file, layer), columns in files.items():
        for column in columns:
            told = "minutes_estimated" if estimated and column == "minutes" else _meaning(file, layer, column)
            said = messages.text(f"public_data.{told}")
            yield file, layer, column, _KINDS.get(column, "text"), said.zh, said.en


def _meaning(file: str, layer: str, column: str) -> str:
    """Return the name of the sentence that explains a column; some words mean another thing by layer."""
    if column in {"name", "name_en"} and (layer.startswith("zones") or file.endswith(".geojson")):
        return {"name": "name_of_zone", "name_en": "name_en_of_zone"}[column]
    if column == "school_id":
        return "school_id_own" if layer == "schools" else "school_id"
    return column
