"""The district: the one argument that everything takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from zoning import messages, units
from zoning.district.adjacency import Adjacency, edited, shared_borders
from zoning.district.notice import PublicNotice
from zoning.district.rows import Block, School
from zoning.district.stage import STAGES, Stage
from zoning.errors import DataError, Problem, Problems, Text
from zoning.options import ZoneOptions
from zoning.policy import LayoutPolicy, three_tier_policy

TABLES: Final = (
    "residents",
    "births",
    "enrolment",
    "housing",
    "zones",
    "addresses",
    "barriers",
    "neighbours",
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the project says of itself in ``zoning.toml``.

    Parameters
    ----------
    name
        Name of the county or district.
    year
        The school year that is under way (its autumn).
    crs
        Metric CRS that everything is measured in.
    map_approval
        Map approval number (审图号); empty while there is none.
    attribution
        Whose data the maps show, such as "© OpenStreetMap contributors"; printed on every map.
    data_date
        Date of the data, as it is printed; empty when not stated.
    folder
        Where it was read from; None for a district made in memory.
    digest
        SHA-256 of all that was read, hex; empty for a district made in memory.
    planning_digest
        The same of what a plan is made from: without ``[publish]``, what is only printed, and the addresses
        table (unless schools are placed by it).
    """

    name: Text
    year: int
    crs: CRS
    map_approval: str = ""
    attribution: str = ""
    data_date: str = ""
    folder: Path | None = None
    digest: str = ""
    planning_digest: str = ""


@dataclass(frozen=True, eq=False)
class District:
    """Blocks, schools, stages and policy of one place, with the tables that were given.

    Frames are handed out as copies: changing one never changes the district.

    Parameters
    ----------
    place
        Name, year and metric CRS.
    block_frame
        Index ``block_id`` (str); columns ``name``, ``name_en``, ``town`` (str), ``place_class`` (city, town,
        village) and ``geometry`` (polygons in the metric CRS).
    school_frame
        Index ``school_id`` (str); columns ``name``, ``name_en``, ``town``, ``place_class``, ``ownership``
        (public, private), ``central_school``, ``group``, ``phone`` (str, empty when unknown),
        ``teaching_site``, ``designated_for_migrants``, ``keep`` (bool), ``beds`` (places for boarders),
        ``opens``, ``closes`` (school years, NaN if open-ended; ``closes`` is the first year without pupils),
        ``capacity_<stage>`` (pupils; NaN where it does not serve the stage), ``classrooms_<stage>`` (NaN when
        unknown) and ``geometry`` (points in the metric CRS).
    policy
        Rules of every stage.
    stages
        Stages planned here.
    tables
        Frames by name, each optional:

        - ``residents``: block_id, year, age, residents, registered, migrants (children; NaN when unknown)
        - ``births``: town, year, month (NaN for a whole year), births, registered_births
        - ``enrolment``: school_id, year, grade (coded as in :mod:`zoning.district.stage`), pupils, classes
        - ``housing``: project_id, block_id, handover_year, dwellings, type
        - ``zones``: stage, school_id, block_id, year (NaN when in force in any year)
        - ``addresses``: block_id, kind, name, name_en, from, to, parity, exception_stage, exception_school
        - ``barriers``: kind, geometry (metric CRS)
        - ``neighbours``: block_id, other_id, joined (bool), reason
    streets
        File of the street map; None when there is none.
    findings
        Warnings of the reading.
    options
        What is asked of the zones of a stage beyond the policy, by stage.
    notice
        What the office says to the public.
    """

    place: Place
    block_frame: gpd.GeoDataFrame = field(repr=False)
    school_frame: gpd.GeoDataFrame = field(repr=False)
    policy: LayoutPolicy = field(default_factory=three_tier_policy, repr=False)
    stages: tuple[Stage, ...] = STAGES
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    streets: Path | None = None
    findings: tuple[Problem, ...] = field(default=(), repr=False)
    options: Mapping[str, ZoneOptions] = field(default_factory=dict, repr=False)
    notice: PublicNotice = field(default_factory=PublicNotice, repr=False)

    def __post_init__(self) -> None:
        units.require_metric(self.place.crs)
        problems = Problems()
        for name, frame in (("blocks", self.block_frame), ("schools", self.school_frame)):
            _check_frame(problems, name, frame, self.place.crs)
        for number, geometry in enumerate(self.block_frame.geometry):
            if geometry is None or geometry.is_empty or not geometry.is_valid:
                problems.add(
                    messages.problem(
                        "district.bad_polygon",
                        file="blocks",
                        row=number + 2,
                        value=self.block_frame.index[number],
                    ),
                )
        problems.raise_if_failed()

    @property
    def blocks(self) -> gpd.GeoDataFrame:
        """A copy of the blocks."""
        return self.block_frame.copy(deep=False)

    @property
    def schools(self) -> gpd.GeoDataFrame:
        """A copy of the schools."""
        return self.school_frame.copy(deep=False)

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a copy of a table, None when it was not given.

        Raises
        ------
        KeyError
            When there is no table of that name in the product.
        """
        if name not in TABLES:
            raise KeyError(name)
        frame = self.tables.get(name)
        return None if frame is None else frame.copy(deep=False)

    def block(self, block_id: str) -> Block:
        """Return one block.

        Raises
        ------
        KeyError
            When there is none of that id.
        """
        return Block.of_row(block_id, self.block_frame.loc[block_id])

    def school(self, school_id: str) -> School:
        """Return one school.

        Raises
        ------
        KeyError
            When there is none of that id.
        """
        return School.of_row(school_id, self.school_frame.loc[school_id])

    def stage(
        self, name: str, *, file: str = "zoning.toml", row: int | None = None, column: str | None = None
    ) -> Stage:
        """Return the stage of that name.

        Parameters
        ----------
        name
            Name of the stage.
        file, row, column
            Where the name stands, for the message.

        Raises
        ------
        DataError
            When the district does not plan it.
        """
        for stage in self.stages:
            if stage.name == name:
                return stage
        known = ", ".join(s.name for s in self.stages)
        raise DataError(
            [
                messages.problem(
                    "district.no_stage", file=file, row=row, column=column, value=name, known=known
                )
            ]
        )

    def schools_of(self, stage: str, year: int) -> gpd.GeoDataFrame:
        """Return the schools that take pupils of a stage in a year, with their ``capacity`` in pupils.

        Parameters
        ----------
        stage
            Name of the stage.
        year
            School year.

        Raises
        ------
        DataError
            When the district does not plan that stage.
        """
        self.stage(stage)
        schools = self.school_frame
        column = f"capacity_{stage}"
        if column not in schools:
            return schools.iloc[:0].assign(capacity=pd.Series(dtype="float64"))
        is_open = ~(schools["opens"] > year) & ~(schools["closes"] <= year)
        chosen = schools[is_open & schools[column].notna()]
        return chosen.assign(capacity=chosen[column].astype("float64"))

    @cached_property
    def adjacency(self) -> Adjacency:
        """Pairs of blocks that share a border; positions follow the rows of ``blocks``."""
        return shared_borders(np.asarray(self.block_frame.geometry.values, dtype=object))

    @cached_property
    def joins(self) -> Adjacency:
        """Pairs of blocks that a zone may hang together through: shared borders as the planner edited them.

        The table ``neighbours`` takes pairs away (across a bay) and adds others (a ferry to an island), which
        have a border of 0 m. A later row of the same pair wins.
        """
        return edited(self.adjacency, self.block_frame.index, self.tables.get("neighbours"))

    def zone_options(self, stage: str) -> ZoneOptions:
        """Return what is asked of the zones of a stage; the defaults where nothing is."""
        return self.options.get(stage, ZoneOptions())

    @cached_property
    def block_of_school(self) -> "pd.Series[str]":
        """The block that each school stands in (the nearest one for a school outside all), by school_id."""
        tree = shapely.STRtree(np.asarray(self.block_frame.geometry.values))
        nearest = tree.nearest(np.asarray(self.school_frame.geometry.values))
        return pd.Series(
            self.block_frame.index.to_numpy()[nearest],
            index=self.school_frame.index,
            name="block_id",
        )


def _check_frame(problems: Problems, name: str, frame: gpd.GeoDataFrame, crs: CRS) -> None:
    if frame.crs is None or not CRS.from_user_input(frame.crs).equals(crs, ignore_axis_order=True):
        problems.add(messages.problem("district.wrong_crs", file=name, crs=str(frame.crs), wanted=str(crs)))
    if len(frame) == 0:
        problems.add(messages.problem("district.empty", file=name))
    for repeated in frame.index[frame.index.duplicated()].unique():
        row = int(np.flatnonzero(frame.index == repeated)[1]) + 2
        problems.add(messages.problem("district.repeated_id", file=name, row=row, value=repeated))
