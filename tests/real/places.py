"""Runs a real place from its input folder to its zones: for the tests and for the table in the docs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import process_time

import geopandas as gpd
import numpy as np
from checker import Verdict, check_zones
from extract import METRIC
from gongyi import write_gongyi
from liechtenstein import write_liechtenstein

import zoning

PBF = "liechtenstein-2013-08-03.osm.pbf"


@dataclass(frozen=True, eq=False)
class Outcome:
    """One stage of one place, planned, scored and checked.

    Parameters
    ----------
    proposal, card, times
        What the package says.
    pupils, seats
        Children by block and seats by school of the stage, as the package counts them.
    verdict
        What the independent checker says.
    seconds
        Processor time of journeys, search and scorecard together.
    """

    proposal: zoning.Proposal
    card: zoning.Scorecard
    times: zoning.TravelTimes
    pupils: Mapping[str, float]
    seats: Mapping[str, float]
    verdict: Verdict
    seconds: float


@dataclass(eq=False)
class RealPlace:
    """A real place: its folder, and each stage planned once, when first asked for.

    Parameters
    ----------
    name
        Name to print.
    folder
        The input folder.
    blocks
        Polygons of the source by block id, metres.
    """

    name: str
    folder: Path
    blocks: gpd.GeoSeries
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @cached_property
    def district(self) -> zoning.District:
        """The folder as the package reads it."""
        return zoning.read_district(self.folder)

    @cached_property
    def year(self) -> int:
        """The school year that is planned: the next one."""
        return self.district.place.year + 1

    @cached_property
    def demand(self) -> zoning.Forecast:
        """The forecast of the planned year."""
        return zoning.forecast_residents(self.district, years=range(self.year, self.year + 2))

    def plan(self, stage: str) -> Outcome:
        """Return the stage planned, scored and checked."""
        if stage not in self.outcomes:
            self.outcomes[stage] = self._plan(stage)
        return self.outcomes[stage]

    def _plan(self, stage: str) -> Outcome:
        demand, start = self.demand, process_time()
        times = zoning.measure_travel(self.district, stage=stage, cache=False)
        proposal = zoning.propose_plan(self.district, demand, times, stage=stage, year=self.year)
        card = zoning.score_plan(self.district, proposal.plan, demand, times)
        seconds = process_time() - start
        pupils, seats = self.counts(stage)
        verdict = self.check(stage, proposal.plan)
        return Outcome(proposal, card, times, pupils, seats, verdict, seconds)

    def counts(self, stage: str) -> tuple[dict[str, float], dict[str, float]]:
        """Return the children by block and the seats by school of a stage, as the package counts them."""
        counted = self.demand.of_stage(self.district.stage(stage), self.year)
        pupils = dict(zip(self.demand.block_ids, counted.tolist(), strict=True))
        return pupils, self.district.schools_of(stage, self.year)["capacity"].to_dict()

    def check(self, stage: str, plan: zoning.Plan) -> Verdict:
        """Return what the independent checker says of a plan."""
        pupils, seats = self.counts(stage)
        points = self.district.schools_of(stage, self.year).geometry.to_crs(self.blocks.crs)
        return check_zones(self.blocks, dict(plan.rows), school_points=points, pupils=pupils, seats=seats)


def gongyi(source: Path, folder: Path) -> RealPlace:
    """Return Gongyi, its folder written."""
    write_gongyi(source, folder)
    shapes = gpd.read_file(source / "gongyi" / "gy2_polyon.shp")
    shapes.index = [f"G{number:04d}" for number in shapes["ID"]]
    return RealPlace("Gongyi", folder, shapes.geometry.set_crs("EPSG:4497"))


def liechtenstein(source: Path, folder: Path) -> RealPlace:
    """Return Liechtenstein, its folder written."""
    write_liechtenstein(source / "osm" / PBF, folder)
    blocks = gpd.read_file(folder / "blocks.gpkg").set_index("block_id").to_crs(METRIC)
    return RealPlace("Liechtenstein", folder, blocks.geometry)


def mean_minutes(outcome: Outcome) -> float:
    """Return the mean journey of the pupils, minutes one way; blocks without pupils do not count."""
    column = {school: number for number, school in enumerate(outcome.times.school_ids)}
    row = {block: number for number, block in enumerate(outcome.times.block_ids)}
    lived = [(block, schools[0]) for block, schools in outcome.proposal.plan.rows if outcome.pupils[block]]
    cells = [row[block] for block, _ in lived], [column[school] for _, school in lived]
    seconds = outcome.times.seconds[cells].astype(np.float64)
    return float(np.average(seconds, weights=[outcome.pupils[block] for block, _ in lived])) / 60
