"""Which system coordinates are in: declared for the file, said by the layer, or asked for."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from zoning.errors import Problems
from zoning.load.coordinates import Numbers, metre_codes
from zoning.load.settings import FileSettings

SHIFTED: Final = frozenset({"gcj02", "bd09"})


@dataclass(frozen=True, slots=True)
class Source:
    """The system that coordinates are in.

    Parameters
    ----------
    name
        What messages call it, such as ``EPSG:4490`` or ``gcj02``.
    crs
        The CRS; None for the shifted ones that PROJ does not know.
    """

    name: str
    crs: CRS | None

    @property
    def in_degrees(self) -> bool:
        """Whether its coordinates are longitudes and latitudes."""
        return self.crs is None or not self.crs.is_projected

    @classmethod
    def of_crs(cls, crs: CRS) -> "Source":
        """Return a CRS with its short name and without heights."""
        if crs.is_compound:
            crs = crs.sub_crs_list[0]
        epsg = crs.to_epsg(min_confidence=60)
        return cls(crs.name if epsg is None else f"EPSG:{epsg}", crs)

    @classmethod
    def of_text(cls, text: str) -> "Source | None":
        """Return what a declaration names, None when nothing is known by that name.

        Examples
        --------
        >>> Source.of_text("GCJ-02").name, Source.of_text("EPSG:4528").name, Source.of_text("mars")
        ('gcj02', 'EPSG:4528', None)
        """
        plain = "".join(c for c in text.lower() if c.isalnum())
        if plain in SHIFTED:
            return cls(plain, None)
        try:
            source = cls.of_crs(CRS.from_user_input(text))
        except ProjError:
            return None
        return source if source.crs is not None and source.crs.geodetic_crs is not None else None


def key_of(settings: FileSettings) -> str:
    """Return the name of the file as ``zoning.toml`` writes it, without the layer.

    Examples
    --------
    >>> key_of(FileSettings("county.gpkg").of_layer("blocks"))
    'county.gpkg'
    """
    return settings.file.removesuffix(f" ({settings.layer})") if settings.layer else settings.file


def find_source(
    numbers: Numbers,
    settings: FileSettings,
    problems: Problems,
    *,
    own: CRS | None = None,
) -> Source | None:
    """Return the system of a layer's coordinates; None after asking for what has to be declared.

    Parameters
    ----------
    numbers
        The coordinates.
    settings
        What has been declared about the file.
    problems
        Takes questions and warnings.
    own
        What the layer says of itself; None when it is silent.
    """
    declared = Source.of_text(settings.crs)
    if declared is None:
        numbers.report(problems, "load_crs.unknown", crs=settings.crs)
        return None
    if settings.crs_declared:
        return declared
    if own is not None:
        return _own_source(numbers, Source.of_crs(own), declared, problems)
    x, y = numbers.middle
    if (max(abs(x), abs(y)) <= 360) == declared.in_degrees or not np.isfinite(x):
        numbers.report(problems, "load_crs.assumed", severity="warning", crs=declared.name)
        return declared
    codes = ["EPSG:4490"] if max(abs(x), abs(y)) <= 360 else metre_codes(x, y)
    numbers.report(problems, "load_crs.missing", severity="question", codes=", ".join(codes))
    return None


def _own_source(numbers: Numbers, own: Source, declared: Source, problems: Problems) -> Source | None:
    if own.crs is None or own.crs.geodetic_crs is None:
        numbers.report(problems, "load_crs.unknown", crs=own.name)
        return None
    if declared.crs is None and own.in_degrees:
        numbers.report(
            problems, "load_crs.shifted_or_not", severity="question", crs=own.name, shifted=declared.name
        )
        return None
    return own
