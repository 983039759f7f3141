"""Which streets a mode may use, in which direction and how fast: OpenStreetMap tags read as rules.

Walking takes every street that is open on foot, both ways, at one speed. Driving keeps to the streets that
cars may use, obeys one-ways and takes the speed of ``maxspeed`` or else of the class of the street.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zoning.policy import Mode
from zoning.units import WALK_M_PER_S

DRIVE_KM_PER_H: Final[Mapping[str, float]] = {
    "motorway": 100,
    "motorway_link": 50,
    "trunk": 70,
    "trunk_link": 40,
    "primary": 60,
    "primary_link": 40,
    "secondary": 50,
    "secondary_link": 40,
    "tertiary": 40,
    "tertiary_link": 30,
    "unclassified": 30,
    "residential": 30,
    "road": 30,
    "living_street": 15,
    "service": 15,
}
"""Free-flow driving speed by class of street, km/h, where no ``maxspeed`` is tagged.

An assumption, bounded by the legal limits of the Implementation Regulation of the Road Traffic Safety Law
(道路交通安全法实施条例) art. 45: 30 (urban) and 40 (rural) km/h without a centre line, 50 and 70 km/h with
one lane each way. Junction delays and congestion are not in it.
"""

STRAIGHT_DRIVE_KM_PER_H: Final = 30.0
"""Driving speed where there is no street map, km/h: that of a street without class."""

WALKABLE: Final = frozenset(DRIVE_KM_PER_H) - {"motorway", "motorway_link"} | {
    "bridleway",
    "corridor",
    "crossing",
    "cycleway",
    "elevator",
    "footway",
    "path",
    "pedestrian",
    "steps",
    "track",
}
"""Values of ``highway`` that a pupil may walk along, unless tagged otherwise."""

_CLOSED: Final = frozenset({"no", "agricultural", "forestry", "military", "use_sidepath", "emergency"})
_PRIVATE: Final = frozenset({"private", "customers", "delivery", "residents", "permit"})
_ACCESS_KEYS: Final[Mapping[Mode, tuple[str, ...]]] = {
    "walk": ("foot", "access"),
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
_ONEWAY: Final = frozenset({"yes", "true", "1"})
_AGAINST: Final = frozenset({"-1", "reverse"})
_CAR_STOPS: Final = frozenset(
    {
        "block",
        "bollard",
        "chain",
        "cycle_barrier",
        "debris",
        "full-height_turnstile",
        "jersey_barrier",
        "kissing_gate",
        "log",
        "motorcycle_barrier",
        "stile",
        "turnstile",
    },
)
_MAXSPEED: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*$")
_KM_PER_MILE: Final = 1.609344


@dataclass(frozen=True, slots=True)
class Rule:
    """What a mode may do on one way.

    Parameters
    ----------
    m_per_s
        Speed, metres per second.
    forward, backward
        Whether it may go in and against the direction the way is drawn in.
    private
        Whether only those who live or learn there may use it, so that it is no way through.
    """

    m_per_s: float
    forward: bool
    backward: bool
    private: bool


def rule_of(tags: Mapping[str, str], mode: Mode) -> Rule | None:
    """Return what a mode may do on a way with these tags, None where it may not go at all.

    Parameters
    ----------
    tags
        OpenStreetMap tags of the way.
    mode
        ``walk`` or ``drive``.

    Examples
    --------
    >>> rule_of({"highway": "residential", "oneway": "yes"}, "walk")
    Rule(m_per_s=1.2, forward=True, backward=True, private=False)
    >>> rule_of({"highway": "primary", "oneway": "yes", "maxspeed": "36"}, "drive")
    Rule(m_per_s=10.0, forward=True, backward=False, private=False)
    >>> rule_of({"highway": "steps"}, "drive") is None
    True
    """
    highway = tags.get("highway", "")
    access = _access(tags, mode)
    if access in _CLOSED:
        return None
    private = access in _PRIVATE or tags.get("service") == "private"
    if mode == "walk":
        return Rule(WALK_M_PER_S, True, True, private) if highway in WALKABLE else None
    if highway not in DRIVE_KM_PER_H or tags.get("area") == "yes":
        return None
    forward, backward = _directions(tags)
    return Rule(_km_per_h(tags) / 3.6, forward, backward, private)


def is_stop(tags: Mapping[str, str], mode: Mode) -> bool:
    """Return whether a node with these tags ends the way for a mode, such as a bollard for cars.

    A private gate is no stop: whoever lives behind it has the key.

    Examples
    --------
    >>> is_stop({"barrier": "bollard"}, "drive"), is_stop({"barrier": "bollard"}, "walk")
    (True, False)
    """
    if "barrier" not in tags:
        return False
    access = _access(tags, mode)
    if access is not None:
        return access in _CLOSED
    return mode == "drive" and tags["barrier"] in _CAR_STOPS


def _access(tags: Mapping[str, str], mode: Mode) -> str | None:
    """Return the access value of the most particular key that is tagged."""
    for key in _ACCESS_KEYS[mode]:
        if key in tags:
            return tags[key]
    return None


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    oneway = tags.get("oneway")
    if oneway in _AGAINST:
        return False, True
    if oneway in _ONEWAY:
        return True, False
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return True, oneway is not None or not implied


def _km_per_h(tags: Mapping[str, str]) -> float:
    found = _MAXSPEED.match(tags.get("maxspeed", ""))
    if found is not None and float(found[1]) > 0:
        return float(found[1]) * (_KM_PER_MILE if found[2] == "mph" else 1.0)
    return DRIVE_KM_PER_H[tags["highway"]]
