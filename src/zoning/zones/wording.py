"""What the sentences of reasons take: names of blocks, schools and towns, and what may be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.eligibility import towns_of_schools
from zoning.plan import Plan
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import Floats, Ints

__all__ = ["Wording"]


@dataclass(frozen=True, eq=False)
class Wording:
    """Names and figures that the sentences take.

    Parameters
    ----------
    block_ids, school_ids
        Ids of the district's blocks and of every school with a zone.
    blocks, schools
        Their names; the id where there is none.
    row_of_block, unit_of, home
        Row of each block, int32 [block]; column and own block of each school, int32 [school].
    buildings
        Names of all schools of the district, by id.
    towns
        Town of each school, object [school].
    seat_prices
        Price of one seat, pupil-seconds, float64 [column]; 0 where seats are left.
    year
        The planned year.
    hide_below
        Counts of children under this are not said.
    """

    block_ids: tuple[str, ...] = field(repr=False)
    school_ids: tuple[str, ...] = field(repr=False)
    blocks: list[Text] = field(repr=False)
    schools: list[Text] = field(repr=False)
    row_of_block: Ints = field(repr=False)
    unit_of: Ints = field(repr=False)
    home: Ints = field(repr=False)
    buildings: Mapping[str, Text] = field(repr=False)
    towns: npt.NDArray[np.object_] = field(repr=False)
    seat_prices: Floats = field(repr=False)
    year: int
    hide_below: int

    @classmethod
    def of(
        cls,
        district: District,
        posed: PosedProblem,
        plan: Plan,
        *,
        school_ids: tuple[str, ...],
        seat_prices: Floats,
    ) -> "Wording":
        """Return the names of a district's blocks and of the schools with a zone.

        Parameters
        ----------
        district
            The district.
        posed
            The problem.
        plan
            The plan; its year is the one planned.
        school_ids
            The schools with a zone.
        seat_prices
            Price of one seat, pupil-seconds, float64 [column].
        """
        schools = district.school_frame
        names = dict(zip(schools.index, _names(schools), strict=True))
        return cls(
            block_ids=posed.every_block,
            school_ids=school_ids,
            blocks=_names(district.block_frame),
            schools=[names[school] for school in school_ids],
            row_of_block=posed.row_of_block,
            unit_of=posed.units.homes[1],
            home=posed.units.homes[0],
            buildings=names,
            towns=towns_of_schools(district, schools.loc[list(school_ids)]),
            seat_prices=seat_prices,
            year=plan.year,
            hide_below=district.policy.hide_below,
        )


def _names(frame: gpd.GeoDataFrame) -> list[Text]:
    """Return the names of blocks or schools: the Chinese one where there is no English, the id for none."""
    ids = frame.index.astype("str")
    given = frame.reindex(columns=["name", "name_en"]).astype("str").fillna("")
    rows = zip(ids, given["name"], given["name_en"], strict=True)
    return [Text(e or z or name, z or e or name) for name, z, e in rows]
