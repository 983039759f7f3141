"""The rules file: every norm cited, bilingual, and with the figure that its source prints."""

import tomllib
from collections import Counter
from importlib.resources import files
from typing import get_args

import pytest

from zoning.norms import Mode, Norm, Verification, all_norms, norm

FIGURES = {
    "gb50099.radius.primary": (500, "m", "secondary"),
    "gb50099.radius.junior": (1000, "m", "secondary"),
    "gb50099.railway": (300, "m", "secondary"),
    "gb50099.arterial": (80, "m", "secondary"),
    "gb50180.radius.kindergarten": (300, "m", "secondary"),
    "gb50180.circle5": (12_000, "people", "unverified"),
    "lower-primary.journey": (1800, "s", "secondary"),
    "gb50099.class.primary": (45, "pupils", "text"),
    "gb50099.class.junior": (50, "pupils", "text"),
    "kg.school": (360, "pupils", "text"),
    "moe.bands.large": (56, "pupils", "secondary"),
    "moe.target.large": (0.05, "share", "secondary"),
    "senior.school": (3000, "pupils", "secondary"),
    "yz.size.nine-year": (2500, "pupils", "secondary"),
    "yz.floor-area.primary": (4.5, "m2", "secondary"),
    "yz.multimedia.junior": (2.4, "rooms/100", "secondary"),
    "yz.variation.primary": (0.50, "share", "secondary"),
    "yz.variation.junior": (0.45, "share", "secondary"),
    "jb.variation.junior": (0.55, "share", "unverified"),
    "uk.walk.from8": (4828.032, "m", "text"),
    "entry.age": (6, "years", "secondary"),
    "seat-lock.primary": (6, "years", "local"),
}


@pytest.mark.parametrize(("norm_id", "figure"), FIGURES.items())
def test_figures_are_those_of_the_sources(norm_id: str, figure: tuple[float, str, str]) -> None:
    """A digit changed by accident in the data is found against a second list."""
    found = norm(norm_id)
    assert (found.value, found.unit, found.verification) == figure


def test_no_id_stands_twice() -> None:
    """A second norm of the same id would silently replace the first."""
    found = Counter(
        row["id"]
        for source in files("zoning.norms").iterdir()
        if source.name.endswith(".toml")
        for row in tomllib.loads(source.read_text(encoding="utf-8"))["norm"]
    )
    assert [norm_id for norm_id, count in found.items() if count > 1] == []
    assert len(found) == len(all_norms())


@pytest.mark.parametrize("found", all_norms().values(), ids=lambda found: found.id)
def test_every_norm_is_cited_and_bilingual(found: Norm) -> None:
    """Mode, verification, unit and source are of the known kinds; the rule reads in both languages."""
    assert found.mode in get_args(Mode)
    assert found.verification in get_args(Verification)
    assert found.source
    assert (found.value is None) == (found.unit == "")
    assert set(found.stages) <= {"kindergarten", "primary", "junior", "senior"}
    assert found.rule.en.endswith(".")
    assert found.rule.zh.endswith("。")
    assert any("一" <= c <= "鿿" for c in found.rule.zh)


def test_rules_of_one_place_are_marked_local() -> None:
    """A place's own rule never becomes a national default: mode and verification agree on it."""
    assert [n.id for n in all_norms().values() if (n.mode == "local") != (n.verification == "local")] == []


def test_rules_print_their_own_figure() -> None:
    """The sentence and the figure of a norm in pupils, metres or people agree."""
    for found in all_norms().values():
        derived = found.id.startswith(("us.walk", "uk.walk", "rural.build"))
        if found.value and found.unit in {"pupils", "m", "m2", "yuan"} and not derived:
            digits = found.rule.en.replace(",", "").replace("2 km", "2000 m")
            assert f"{found.value:g}" in digits, found.id


def test_an_unknown_norm_is_refused() -> None:
    """Whoever cites a norm that is not in the file learns it at once."""
    with pytest.raises(KeyError, match="no such"):
        norm("no such")
