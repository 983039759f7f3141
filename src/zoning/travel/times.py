"""Travel times from every block to every school."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.errors import Text
from zoning.policy import Mode


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Seconds from every block to every school, along the streets or estimated.

    Parameters
    ----------
    seconds
        Seconds, float32 [block, school]; NaN where there is no way.
    metres
        Length of that way, metres, float32 [block, school]; NaN where there is no way.
    block_ids, school_ids
        Rows and columns: all blocks and all schools of the district, in its order.
    mode
        ``walk`` or ``drive``.
    block_snap_m, school_snap_m
        Straight-line metres from each block's and school's point to the street it was joined to, float32.
    notes
        What was assumed, such as straight lines where there is no street map.
    along_streets
        Whether the ways are those of a street map; else they are straight lines made longer.
    """

    seconds: npt.NDArray[np.float32] = field(repr=False)
    metres: npt.NDArray[np.float32] = field(repr=False)
    block_ids: tuple[str, ...] = field(repr=False)
    school_ids: tuple[str, ...] = field(repr=False)
    mode: Mode
    block_snap_m: npt.NDArray[np.float32] = field(repr=False)
    school_snap_m: npt.NDArray[np.float32] = field(repr=False)
    notes: tuple[Text, ...] = ()
    along_streets: bool = True

    def __post_init__(self) -> None:
        wanted = (len(self.block_ids), len(self.school_ids))
        if self.seconds.shape != wanted or self.metres.shape != wanted:
            raise ValueError(f"seconds are {self.seconds.shape}, wanted {wanted}")
        for array in (self.seconds, self.metres, self.block_snap_m, self.school_snap_m):
            array.flags.writeable = False

    def to(self, school_ids: list[str]) -> npt.NDArray[np.float32]:
        """Return the seconds to some of the schools, float32 [block, len(school_ids)].

        Raises
        ------
        ValueError
            When a school is not among the columns.
        """
        column = {school: number for number, school in enumerate(self.school_ids)}
        missing = [school for school in school_ids if school not in column]
        if missing:
            raise ValueError(f"no travel times to {missing}")
        return np.asarray(self.seconds[:, [column[school] for school in school_ids]])
