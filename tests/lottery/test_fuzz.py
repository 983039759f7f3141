"""Whatever stands in a public file, the answer is a sentence, never a stack trace and never agreement."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lottery.cases import DRAND, SEED, public_files, small_seats, small_split
from tests.lottery.replay import canonical
from tests.lottery.vectors import small_draws

from zoning.errors import ZoningError
from zoning.lottery import Committed, Constraints, PublicRoster, run_draw, verify_draw

DRAWS = [
    small_split().public,
    small_split(equal=False, capacities=(5, 3)).public,
    small_seats().public,
    *(committed for _, committed in small_draws()),
]
VALUES = st.sampled_from(
    [0, 1, -1, 10**9, 2**53 - 1, "", "x", "L01", "P1", "0" * 64, [], {}, [[]], [1], [""]]
)


def files_of(committed: Committed) -> dict[str, Any]:
    """Return the four files of a draw, parsed."""
    done = run_draw(committed, SEED, now=DRAND.at)
    parts = {name: getattr(committed, name) for name in ("manifest", "roster", "constraints")}
    return {name: json.loads(part.octets()) for name, part in (parts | {"transcript": done}).items()}


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the paths of everything in a parsed file."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key, item in inside for found in places(item, (*path, key))]


def rebind(files: dict[str, Any]) -> dict[str, bytes]:
    """Return the bytes of changed files with all digests made to fit, as a cheat would."""
    octets = {name: canonical(value) for name, value in files.items()}
    manifest = files["manifest"]
    try:
        roster, asked = PublicRoster.of(octets["roster"]), Constraints.of(octets["constraints"])
        if isinstance(manifest.get("constraints"), dict):
            manifest["constraints"]["root"] = asked.root
        manifest |= {"roster": roster.root, "n": len(roster)} if len(roster) else {}
    except ZoningError:
        pass
    octets["manifest"] = canonical(manifest)
    files["transcript"]["commitment"] = hashlib.sha256(octets["manifest"]).hexdigest()
    octets["transcript"] = canonical(files["transcript"])
    return octets


@settings(max_examples=300, deadline=None)
@given(data=st.data(), which=st.sampled_from(DRAWS))
def test_a_changed_value_never_agrees(data: st.DataObject, which: Committed) -> None:
    """One value of one file replaced by any other, digests made to fit, is refused in words."""
    files = files_of(which)
    honest = {part: canonical(value) for part, value in files.items()}
    name = data.draw(st.sampled_from(sorted(files)))
    path = data.draw(st.sampled_from(places(files[name])))
    holder = files[name]
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(VALUES)
    octets = rebind(files)
    if octets == honest:  # nothing changed, or a digest that was made to fit again
        return
    transcript = octets.pop("transcript")
    with pytest.raises(ZoningError, match=r"\w"):
        verify_draw(transcript, octets)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), noise=st.binary(max_size=40))
def test_noise_is_refused(data: st.DataObject, noise: bytes) -> None:
    """Bytes of anything at all instead of a file are refused in words."""
    committed = data.draw(st.sampled_from(DRAWS[:3]))
    octets = {name: canonical(value) for name, value in files_of(committed).items()}
    octets[data.draw(st.sampled_from(sorted(octets)))] = noise
    transcript = octets.pop("transcript")
    with pytest.raises(ZoningError, match=r"\w"):
        verify_draw(transcript, octets)


def test_the_files_as_they_are_agree() -> None:
    """The same files without a change are accepted, so that the refusals above mean something."""
    for made in (small_split(), small_seats()):
        octets = rebind(files_of(made.public))
        assert octets.pop("transcript")
        assert octets == public_files(made)
