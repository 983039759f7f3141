"""Which file, layer or sheet of a folder holds which table."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyogrio
from pyogrio.errors import DataSourceError

from zoning import messages
from zoning.errors import Problems
from zoning.load import workbook
from zoning.load.headers import nearest
from zoning.load.schema import Table, fold, in_folder
from zoning.load.settings import TOML, FileSettings, Settings
from zoning.load.tables import BOOK_SUFFIXES, TEXT_SUFFIXES

LAYER_SUFFIXES: Final = (
    ".gpkg",
    ".geojson",
    ".json",
    ".shp",
    ".parquet",
    ".geoparquet",
    ".kml",
    ".fgb",
    ".gml",
)
STREET_SUFFIXES: Final = (".osm", ".osm.pbf", ".graphml", ".osm.bz2", ".osm.gz")

_BESIDE: Final = (
    ".shx",
    ".dbf",
    ".prj",
    ".cpg",
    ".sbn",
    ".sbx",
    ".qix",
    ".qpj",
    ".qmd",
    ".xml",
    ".qgz",
    ".qgs",
)
_IGNORED: Final = (
    ".md",
    ".pdf",
    ".png",
    ".jpg",
    ".qml",
    ".sld",
    ".docx",
    ".doc",
    ".gpkg-wal",
    ".gpkg-shm",
    ".toml",
)
_OWN: Final = frozenset({"plan.csv", "plan.json", "plan.gpkg", "roster.json", "manifest.json", "readme.txt"})


@dataclass(frozen=True, slots=True)
class Found:
    """Where a table stands.

    Parameters
    ----------
    table
        The table.
    path
        The file.
    settings
        What was declared of the file, its layer or sheet chosen.
    is_layer
        Whether geographic software reads it (rather than text or a workbook).
    """

    table: Table
    path: Path
    settings: FileSettings
    is_layer: bool


def table_named(word: str) -> Table | None:
    """Return the table that a file, layer or sheet name means; None for none.

    Examples
    --------
    >>> table_named("Schools").name, table_named("学校").name, table_named("notes")
    ('schools', 'schools', None)
    """
    for table in in_folder():
        if fold(word) in (fold(name) for name in (table.name, *table.aliases)):
            return table
    return None


def find_tables(folder: Path, settings: Settings, problems: Problems) -> dict[str, Found]:
    """Return where each table of a folder stands, by table name.

    Parameters
    ----------
    folder
        The input folder; its subfolders are not searched.
    settings
        The project's settings.
    problems
        Takes tables that stand twice and files that nobody knows.
    """
    found: dict[str, Found] = {}
    for name in settings.files:
        if not (folder / name).exists():
            problems.add(
                messages.problem("load.no_such_file", file=TOML, column=f"files.{name}", severity="warning")
            )
    _report_folders(folder, problems)
    for path in _files(folder):
        held = list(_held(path, settings.of_file(path.name)))
        if not held:
            _report_unknown(path, problems)
        for one in held:
            earlier = found.setdefault(one.table.name, one)
            if earlier is not one:
                problems.add(
                    messages.problem(
                        "load.table_twice",
                        file=one.settings.file,
                        table=one.table.label,
                        other=earlier.settings.file,
                    )
                )
    return found


def find_streets(folder: Path, problems: Problems) -> Path | None:
    """Return the street map of a folder; None when there is none.

    Parameters
    ----------
    folder
        The input folder.
    problems
        Takes that there is more than one.
    """
    maps = [p for p in _every(folder) if p.name.lower().endswith(STREET_SUFFIXES)]
    named = [p for p in maps if p.name.lower().startswith(("streets.", "道路."))]
    chosen = named or maps
    if len(chosen) > 1:
        names = ", ".join(p.name for p in chosen)
        problems.add(messages.problem("load.streets_twice", file=chosen[1].name, files=names))
    return chosen[0] if chosen else None


def _every(folder: Path) -> list[Path]:
    found = [p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~$", "_"))]
    return sorted(found, key=lambda p: p.name)


def _files(folder: Path) -> Iterator[Path]:
    for path in _every(folder):
        name = path.name.lower()
        if not (name in _OWN or name.endswith((*_BESIDE, *_IGNORED, *STREET_SUFFIXES))):
            yield path


def _held(path: Path, settings: FileSettings) -> Iterator[Found]:
    """Yield the tables of one file: the one it is named after, else those that its layers are named after."""
    suffix = path.suffix.lower()
    table = table_named(path.stem)
    if suffix in (*TEXT_SUFFIXES, *BOOK_SUFFIXES) and table is not None:
        yield Found(table, path, settings, is_layer=False)
    elif suffix in BOOK_SUFFIXES:
        yield from _of_parts(path, settings, workbook.sheet_names(path.read_bytes()), is_layer=False)
    elif suffix == ".gpkg":
        layers = layers_of(path)
        if table is not None and len(layers) == 1:
            yield Found(table, path, settings, is_layer=True)
        else:
            yield from _of_parts(path, settings, layers, is_layer=True)
    elif suffix in LAYER_SUFFIXES and table is not None:
        yield Found(table, path, settings, is_layer=True)


def _of_parts(path: Path, settings: FileSettings, parts: list[str], *, is_layer: bool) -> Iterator[Found]:
    for part in parts:
        table = table_named(part)
        if table is not None:
            yield Found(table, path, settings.of_layer(part), is_layer=is_layer)


def layers_of(path: Path) -> list[str]:
    """Return the names of the layers of a GeoPackage; none when it cannot be opened."""
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError:
        return []


def _report_folders(folder: Path, problems: Problems) -> None:
    """Warn of folders that are named as a file that would have been read."""
    endings = (*TEXT_SUFFIXES, *BOOK_SUFFIXES, *LAYER_SUFFIXES, *STREET_SUFFIXES, ".toml")
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name.lower().endswith(endings):
            problems.add(messages.problem("load.folder_as_file", file=path.name, severity="warning"))


def _report_unknown(path: Path, problems: Problems) -> None:
    alike = nearest(fold(path.stem), [t.name for t in in_folder()])
    code = "load.unknown_file" if alike is None else "load.unknown_file_alike"
    problems.add(messages.problem(code, file=path.name, alike=alike, severity="warning"))
