"""What ``zoning.toml`` says, as values: of the whole project and of one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zoning.district import PublicNotice
from zoning.errors import Text
from zoning.options import ZoneOptions

DEFAULT_CRS = "EPSG:4490"
TOML = "zoning.toml"


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What has been declared or answered about one file.

    Parameters
    ----------
    file
        Name that messages print, such as ``blocks.shp`` or ``county.gpkg (blocks)``.
    crs
        CRS of lon/lat columns and of layers that carry none: anything PROJ reads, ``gcj02`` or ``bd09``.
    crs_declared
        Whether ``crs`` was written for this very file, so that it wins over what the layer itself says.
    encoding
        Encoding of text that was declared or answered; None to find out.
    encoding_declared
        Whether it was declared for this very file; an answer for all files is only used where needed.
    swapped
        Whether the two axes stand in the wrong order (``axes = "swapped"``).
    datum
        Answer about an old datum, such as ``xian80 as cgcs2000``; empty when not answered.
    layer
        Layer to read where the file has several; None for its only one.
    sheet
        Sheet to read where a workbook has several; None to find out.
    """

    file: str
    crs: str = DEFAULT_CRS
    crs_declared: bool = False
    encoding: str | None = None
    encoding_declared: bool = False
    swapped: bool = False
    datum: str = ""
    layer: str | None = None
    sheet: str | None = None

    def of_layer(self, layer: str) -> "FileSettings":
        """Return the settings of one layer or sheet of the file, named so in messages.

        Examples
        --------
        >>> FileSettings("county.gpkg").of_layer("blocks").file
        'county.gpkg (blocks)'
        """
        return replace(self, file=f"{self.file} ({layer})", layer=layer, sheet=layer)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that ``zoning.toml`` says, checked.

    Parameters
    ----------
    name
        Name of the place.
    year
        The school year under way (its autumn).
    map_approval
        Map approval number (审图号); empty while there is none.
    attribution
        Whose data the maps show; printed on every map.
    data_date
        Date of the data, as it is printed; empty when not stated.
    crs
        Input CRS of the project.
    metric
        Metric CRS; None to have it chosen.
    answers
        Answers that a check asked for, by key: ``datum``, ``encoding``, ``missing_capacity`` ...
    files
        Per-file declarations by file name, each with some of ``crs``, ``encoding``, ``axes``, ``datum``,
        ``layer``, ``sheet``.
    policy
        Overrides by stage, checked, each with its ``source``.
    thresholds
        Thresholds by name.
    warnings
        Probabilities from which seat warnings are red, orange and yellow, with their ``source``; those that
        are left out keep the policy's own.
    cutoff
        Month and day of the entry cut-off; None for the policy's own.
    options
        What is asked of the zones of a stage beyond the policy, by stage.
    notice
        What the office says to the public.
    """

    name: Text
    year: int
    map_approval: str = ""
    attribution: str = ""
    data_date: str = ""
    crs: str = DEFAULT_CRS
    metric: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    policy: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    warnings: Mapping[str, Any] = field(default_factory=dict)
    cutoff: tuple[int, int] | None = None
    options: Mapping[str, ZoneOptions] = field(default_factory=dict)
    notice: PublicNotice = field(default_factory=PublicNotice)

    def of_file(self, file: str) -> FileSettings:
        """Return what holds for one file: its own declarations over the answers over the project's.

        Parameters
        ----------
        file
            Name of the file in the folder, such as ``blocks.shp``.

        Examples
        --------
        >>> county = Settings(Text("A", "甲"), 2026, files={"blocks.shp": {"encoding": "gb18030"}})
        >>> county.of_file("blocks.shp").encoding, county.of_file("schools.csv").encoding
        ('gb18030', None)
        """
        own = self.files.get(file, {})
        return FileSettings(
            file=file,
            crs=own.get("crs", self.crs),
            crs_declared="crs" in own,
            encoding=own.get("encoding", self.answers.get("encoding")),
            encoding_declared="encoding" in own,
            swapped=own.get("axes", self.answers.get("axes")) == "swapped",
            datum=own.get("datum", self.answers.get("datum", "")),
            layer=own.get("layer"),
            sheet=own.get("sheet"),
        )
