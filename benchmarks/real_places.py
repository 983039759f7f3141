"""Prints the table of ``docs/real-places.md``: two real places from input folder to checked zones.

Run ``python benchmarks/real_places.py SOURCE``, where SOURCE is the folder of real data that
``ZONING_REAL_DATA`` names. The folders are written to a temporary place and removed; only the aggregate
figures of the table are printed. Seconds are processor time of journeys, search and scorecard.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "real"))

from places import Outcome, RealPlace, gongyi, liechtenstein, mean_minutes

HEADER = (
    "place",
    "blocks",
    "stage",
    "zones",
    "pupils",
    "seats",
    "min",
    "gap",
    "split",
    "over",
    "s",
)


def row(place: RealPlace, stage: str) -> tuple[str, ...]:
    """Return one line of the table: a stage of a place."""
    outcome: Outcome = place.plan(stage)
    zones = outcome.proposal.plan.zones()
    seats = sum(outcome.seats[school] for school in zones)
    return (
        place.name,
        f"{len(place.blocks):,}",
        stage,
        f"{len(zones):,}",
        f"{sum(outcome.pupils.values()):,.0f}",
        f"{seats:,.0f}",
        f"{mean_minutes(outcome):.1f}",
        # The bound holds for plans within the seats: it says nothing of one that is over them.
        "–" if outcome.verdict.over else f"{outcome.proposal.gap:.2%}",
        f"{len(outcome.verdict.detached)}",
        f"{sum(outcome.verdict.over.values()):,.0f}",
        f"{outcome.seconds:.1f}",
    )


def main(source: Path) -> None:
    print("| " + " | ".join(HEADER) + " |")
    print("|---|--:|---|" + "--:|" * (len(HEADER) - 3))
    with TemporaryDirectory() as temporary:
        places = (
            (gongyi(source, Path(temporary) / "gongyi"), ("primary", "junior", "senior")),
            (liechtenstein(source, Path(temporary) / "liechtenstein"), ("kindergarten", "primary")),
        )
        for place, stages in places:
            for stage in stages:
                print("| " + " | ".join(row(place, stage)) + " |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/real_places.py SOURCE")
    main(Path(sys.argv[1]))
