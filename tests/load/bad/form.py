"""The form of a bad folder, and the small good folder that each one spoils.

A case is a :class:`Bad`: ``spoil`` changes a folder that :func:`good_folder` wrote, and the other fields say
what the check must then report. ``test_bad.py`` runs every case of ``CASES`` in ``cases.py`` and of
``GEO_CASES`` in ``geo_cases.py`` in both languages::

    GEO_CASES = [
        Bad(
            name="geo_swapped_axes",
            spoil=lambda folder: replace_in(folder, "schools.csv", "113.002,34.702", "34.702,113.002"),
            code="load_crs.swapped",
            file="schools.csv",
            row=2,
            column="lon",
            en="latitude and longitude are swapped",
            zh="经纬度写反",
        ),
    ]

``en`` and ``zh`` are regular expressions searched in the whole sentence (place, fault and cure). The case
passes when exactly one problem has that code, file, row and column (``row=None`` and ``column=None`` mean
that the problem names none), its severity is the one given, and no other problem that would stop the
reading stands beside it unless ``alone=False``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TOML = """\
[place]
name = "云溪县"
name_en = "Yunxi County"
year = 2026
[crs]
input = "EPSG:4490"
"""

TABLES = {
    "schools.csv": """\
school_id,name,name_en,stages,lon,lat,town,place_class,classrooms_primary,capacity_junior,beds,opens,closes
s1,实验小学,Experimental Primary,primary,113.002,34.702,城关镇,city,12,,,,
s2,云溪学校,Yunxi School,primary;junior,113.015,34.702,城关镇,city,18,900,60,,
s3,石桥小学,Shiqiao Primary,小学,113.002,34.715,石桥镇,乡村,6,,,,2030
""",
    "residents.csv": """\
block_id,year,age,residents,registered,migrants
b1,2026,6,40,35,5
b2,2026,6,38,38,0
b3,2026,6,12,12,0
b4,2026,6,9,9,0
""",
    "births.csv": """\
town,year,births,registered_births
城关镇,2020,80,78
石桥镇,2020,22,22
""",
    "enrolment.csv": """\
school_id,year,grade,pupils,classes
s1,2025,1,41,1
s2,2025,1,39,1
s2,2025,7,88,2
s3,2025,1,11,1
s1,2024,1,42,1
s2,2024,1,40,1
s2,2024,7,85,2
s3,2024,1,12,1
""",
    "housing.csv": """\
project_id,block_id,handover_year,dwellings,type
p1,b2,2027,800,commercial
p2,b1,2028,120,resettlement
""",
    "zones.csv": """\
stage,school_id,year,block_id
primary,s1,2026,b1
primary,s2,2026,b2
primary,s3,2026,b3
primary,s3,2026,b4
""",
    "addresses.csv": """\
block_id,kind,name,name_en,from,to,parity
b1,estate,锦绣家园,Jinxiu Homes,,,
b2,street,建设路,Jianshe Road,1,99,odd
b1,street,建设路,Jianshe Road,2,98,even
b3,village,石桥村,Shiqiao Village,,,
b4,village,柳林村,Liulin Village,,,
""",
}

ROSTER = """\
name,gender,sid,birth_date,kindergarten,address,twin_group,together,choice_1
王甲,女,r01,2020-03-07,云溪幼儿园,锦绣家园3栋2单元,,,s1
李乙,男,r02,2020-04-09,云溪幼儿园,建设路17号,t1,是,s2
李丙,男,r03,2020-04-09,云溪幼儿园,建设路17号,t1,是,s2
赵丁,女,r04,2019-12-30,,石桥村,,,s3
"""

_STEP = 0.012
_BLOCKS = (
    ("b1", "锦绣", "城关镇", "city", 0, 0),
    ("b2", "建设", "城关镇", "city", 1, 0),
    ("b3", "石桥", "石桥镇", "village", 0, 1),
    ("b4", "柳林", "石桥镇", "village", 1, 1),
)


def blocks_geojson() -> dict[str, object]:
    """Return the four square blocks of the good folder as GeoJSON in longitude and latitude."""
    features = []
    for block_id, name, town, place_class, x, y in _BLOCKS:
        west, south = 112.996 + x * _STEP, 34.696 + y * _STEP
        east, north = west + _STEP, south + _STEP
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append(
            {
                "type": "Feature",
                "properties": {"block_id": block_id, "name": name, "town": town, "place_class": place_class},
                "geometry": {"type": "Polygon", "coordinates": [[[round(v, 6) for v in p] for p in ring]]},
            },
        )
    return {"type": "FeatureCollection", "features": features}


def good_folder(folder: Path) -> Path:
    """Write an input folder without any problem: four square blocks, three schools, every small table."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "zoning.toml").write_text(TOML, encoding="utf-8")
    (folder / "blocks.geojson").write_text(json.dumps(blocks_geojson(), ensure_ascii=False), encoding="utf-8")
    for file, text in TABLES.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def write(folder: Path, file: str, text: str, *, encoding: str = "utf-8") -> None:
    """Write a file of the folder."""
    (folder / file).write_text(text, encoding=encoding)


def replace_in(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that must stand in a file of the folder."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    write(folder, file, text.replace(old, new))


@dataclass(frozen=True)
class Bad:
    """One way to spoil the good folder, and the report that must follow."""

    name: str
    spoil: Callable[[Path], None]
    code: str
    file: str
    row: int | None
    column: str | None
    en: str
    zh: str
    severity: Literal["error", "question", "warning"] = "error"
    alone: bool = True
