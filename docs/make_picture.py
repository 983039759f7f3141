"""Draw the picture of the README, the primary zones of the sample county: ``python docs/make_picture.py``."""

from pathlib import Path

import zoning
from zoning.publish import StageResult
from zoning.publish.figures import save
from zoning.publish.zone_map import zone_map

PICTURE = Path(__file__).parent / "_static" / "sample-primary.png"


def main() -> None:
    """Plan as `make demo` does (seed 7) and write the picture, the same bytes each time."""
    county = zoning.sample_district()
    year = county.place.year + 1
    demand = zoning.forecast_residents(county, years=range(year, year + 6))
    times = zoning.measure_travel(county, stage="primary")
    today = zoning.Plan.current(county, stage="primary", year=county.place.year)
    proposal = zoning.propose_plan(
        county, demand, times, stage="primary", year=year, against=today, seed=7,
    )  # fmt: skip
    card = zoning.score_plan(county, proposal.plan, demand, times, against=today)
    result = StageResult(proposal.plan, card, proposal, times, today)
    save(zone_map(county, result, "en"), PICTURE)


if __name__ == "__main__":
    main()
