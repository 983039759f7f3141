"""The low-tech mode on the verifier page: it is called weaker, and all thousand splits are computed again."""

import pytest
from tests.lottery.cases import DRAND, small_split
from tests.lottery.vectors import lowtech
from tests.publish.draw_browser import WORDS, checked, drawn
from tests.publish.visits import Visit

from zoning.errors import DrawError
from zoning.lottery import Revealed, run_draw
from zoning.lottery.lowtech import published_splits

pytestmark = pytest.mark.browser

BALLS = (Revealed("417"),)


def test_the_low_tech_mode_is_called_weaker(phone: Visit) -> None:
    """A parent reads in the verdict that three balls are weaker, and why."""
    found = checked(phone, drawn(lowtech(), BALLS))
    assert WORDS["weak"]["en"] in phone.page.inner_text("#verdict")
    for word in ("open_balls", "open_low", "open_splits", "proved_balls"):
        assert WORDS[word]["en"] in found, word
    assert WORDS["open_dice"]["en"] not in found
    assert "4 1 7" in found


def test_all_splits_are_computed_again(phone: Visit) -> None:
    """The table that was published before the balls is checked number by number and byte by byte."""
    splits = published_splits(lowtech())
    files = {**drawn(lowtech(), BALLS), "splits": splits}
    found = checked(phone, files)
    assert WORDS["proved_splits"]["en"] in found
    assert WORDS["open_splits"]["en"] not in found
    lines = splits.decode().split("\n")
    last = lines[-2]
    flipped = last[:-1] + ("1" if last.endswith("2") else "2")
    for table, sentence in (
        (
            splits.replace(last.encode(), flipped.encode()),
            f"gives {last[:26]} another class under number 999",
        ),
        (splits.rstrip(), WORDS["splits_form"]["en"]),
        (splits.replace(b"\n", b"\r\n"), WORDS["splits_form"]["en"]),
        (splits.replace(b",998,", b",997,"), WORDS["splits_form"]["en"]),
        (b"\xef\xbb\xbf" + splits, WORDS["splits_form"]["en"]),
        (splits.replace(last.encode(), last.encode() + b",1"), WORDS["splits_form"]["en"]),
    ):
        found = checked(phone, {"splits": table})
        assert found.startswith("✗")
        assert sentence in found


def test_every_number_must_have_a_split(phone: Visit) -> None:
    """A table with a number whose split cannot keep the rules is refused, whatever it holds there."""
    made = small_split(mode="lowtech", sources=lowtech().manifest.sources, attempts=1).public
    columns: list[dict[str, str]] = []
    missing = ""
    for number in (f"{n:03}" for n in range(1000)):
        try:
            columns.append(dict(run_draw(made, (Revealed(number),), now=DRAND.at).result))
        except DrawError:
            missing = number
            break
    columns += [dict.fromkeys(made.roster.sids, "1")] * (1000 - len(columns))
    lines = [",".join(("sid", *(f"{n:03}" for n in range(1000))))]
    lines += [",".join((child, *(column[child] for column in columns))) for child in made.roster.sids]
    table = "".join(f"{line}\n" for line in lines).encode()
    found = checked(phone, {**drawn(made, (Revealed("000"),)), "splits": table})
    assert f"Number {missing} has no split" in found
