import pytest

from zoning.travel.modes import DRIVE_KM_PER_H, WALKABLE, is_stop, rule_of


@pytest.mark.parametrize(
    "highway", ["footway", "steps", "path", "track", "pedestrian", "bridleway", "cycleway", "corridor"]
)
def test_paths_are_walked_and_not_driven(highway: str) -> None:
    """Ways for feet are no ways for cars."""
    assert rule_of({"highway": highway}, "walk") is not None
    assert rule_of({"highway": highway}, "drive") is None


@pytest.mark.parametrize("highway", ["construction", "proposed", "raceway", "bus_stop", "", "platform"])
def test_what_is_no_street_is_neither(highway: str) -> None:
    """A planned or closed road leads nowhere yet."""
    assert rule_of({"highway": highway}, "walk") is None
    assert rule_of({"highway": highway}, "drive") is None


def test_motorways_are_driven_and_not_walked() -> None:
    """No pupil walks on a motorway."""
    assert rule_of({"highway": "motorway"}, "walk") is None
    found = rule_of({"highway": "motorway"}, "drive")
    assert found is not None
    assert (found.forward, found.backward) == (True, False)


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ({}, (True, True)),
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "1"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"oneway": "no"}, (True, True)),
        ({"junction": "roundabout"}, (True, False)),
        ({"junction": "roundabout", "oneway": "no"}, (True, True)),
    ],
)
def test_oneways_bind_cars_only(tags: dict[str, str], wanted: tuple[bool, bool]) -> None:
    """Each way of writing a one-way is understood; walkers go both ways."""
    drive, walk = (rule_of({"highway": "primary"} | tags, mode) for mode in ("drive", "walk"))
    assert drive is not None
    assert walk is not None
    assert (drive.forward, drive.backward) == wanted
    assert (walk.forward, walk.backward) == (True, True)


@pytest.mark.parametrize(
    ("maxspeed", "km_per_h"),
    [("36", 36), ("20 mph", 32.18688), ("50 km/h", 50), ("none", 60), ("0", 60), ("CN:urban", 60), ("", 60)],
)
def test_a_tagged_speed_goes_before_the_class(maxspeed: str, km_per_h: float) -> None:
    """A number, with or without unit, is the speed; anything else leaves that of the class."""
    found = rule_of({"highway": "primary", "maxspeed": maxspeed}, "drive")
    assert found is not None
    assert found.m_per_s == pytest.approx(km_per_h / 3.6)


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ({"access": "no"}, (None, None)),
        ({"access": "no", "foot": "yes"}, (False, None)),
        ({"foot": "no"}, (None, False)),
        ({"access": "private"}, (True, True)),
        ({"access": "private", "foot": "designated"}, (False, True)),
        ({"motor_vehicle": "no"}, (False, None)),
        ({"motor_vehicle": "agricultural"}, (False, None)),
        ({"vehicle": "private", "motor_vehicle": "yes"}, (False, False)),
        ({"access": "permissive"}, (False, False)),
    ],
)
def test_access_follows_the_most_particular_tag(
    tags: dict[str, str], wanted: tuple[bool | None, bool | None]
) -> None:
    """None: closed; True: private; False: open. A tag for the mode goes before one for all."""
    for mode, answer in zip(("walk", "drive"), wanted, strict=True):
        found = rule_of({"highway": "service"} | tags, mode)
        assert (None if found is None else found.private) == answer


def test_a_private_gate_is_no_stop() -> None:
    """Who lives behind a gate has the key; a bollard stops cars only, a closed gate everyone."""
    assert not is_stop({"barrier": "gate", "access": "private"}, "walk")
    assert not is_stop({"barrier": "gate"}, "drive")
    assert is_stop({"barrier": "gate", "access": "no"}, "walk")
    assert is_stop({"barrier": "bollard"}, "drive")
    assert not is_stop({"barrier": "bollard", "motor_vehicle": "yes"}, "drive")
    assert not is_stop({"highway": "crossing"}, "drive")


def test_every_class_that_is_driven_has_a_speed() -> None:
    """Speeds fall from motorways to service roads and all are sane."""
    assert all(10 <= speed <= 120 for speed in DRIVE_KM_PER_H.values())
    order = ["motorway", "trunk", "primary", "secondary", "tertiary", "residential", "living_street"]
    speeds = [DRIVE_KM_PER_H[name] for name in order]
    assert speeds == sorted(speeds, reverse=True)
    assert {"motorway", "motorway_link"}.isdisjoint(WALKABLE)
