"""Names of the addresses table that look like one that was not found, or that fits several places."""

import difflib
import re
from typing import Final

from zoning.district import District
from zoning.load.matching import addresses_of, plain_address

__all__ = ["alike_names"]

_LIKE: Final = 0.5
"""Share of letters in common from which a name counts as alike."""
_NUMBER: Final = re.compile(r"\d+(号|[-－]).*$")


def alike_names(district: District, address: str, *, most: int = 5) -> tuple[str, ...]:
    """Return names with their town: those that the address holds, else those that look like it, best first.

    Parameters
    ----------
    district
        The district, with its addresses table.
    address
        What was asked for.
    most
        How many names at most.

    Raises
    ------
    DataError
        When the district has no addresses table.

    Examples
    --------
    >>> import zoning
    >>> county = zoning.sample_district()
    >>> alike_names(county, "新化路8号")[0], alike_names(county, "#")
    ('汀阳镇新华路', ())
    """
    table = addresses_of(district)
    town_of = {str(block): str(town) for block, town in district.block_frame["town"].items()}
    towns: dict[str, dict[str, None]] = {}
    for block, name in zip(table["block_id"].astype(str), table["name"].astype(str), strict=True):
        towns.setdefault(plain_address(name), {})[f"{town_of.get(block, '')}{name}"] = None
    asked = plain_address(address)
    for part in (district.place.name.zh, *sorted({*town_of.values()} - {""}, key=len, reverse=True)):
        asked = asked.removeprefix(part)
    held = sorted((name for name in towns if name and name in asked), key=lambda name: (-len(name), name))
    bare = _NUMBER.sub("", asked)
    chosen = held[:1] or difflib.get_close_matches(bare, sorted(towns), n=most, cutoff=_LIKE)
    return tuple(one for name in chosen for one in towns[name])[:most]
