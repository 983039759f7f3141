"""Groups of children: which share of each block's children the residents table counts to a group."""

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import DataError

__all__ = ["group_share"]


def group_share(district: District, group: str, *, stage: str, year: int) -> npt.NDArray[np.float64]:
    """Return the share of each block's children who belong to a group, 0-1, float64 [block].

    Of the newest year that the residents table holds (not after ``year``, if there is one), over the ages of
    the stage. A block of which nothing is known has the share of all blocks together, so that it neither
    helps nor harms a balance.

    Parameters
    ----------
    district
        The district.
    group
        Column of the residents table: ``migrants`` or ``registered``.
    stage
        Name of the stage.
    year
        School year.

    Raises
    ------
    DataError
        When the table is missing or does not count the group in any block.
    """
    found = district.stage(stage)
    table = district.table("residents")
    if table is not None and group in table:
        table = table[table["age"].isin(list(found.ages)) & table[group].notna()]
        before = table[table["year"] <= year]
        table = table if before.empty else before
        table = table[table["year"] == table["year"].max()]
    if table is None or table.empty or not table["residents"].sum() > 0:
        problem = messages.problem(
            "evaluate.no_group", file="residents", column=group, value=group, stage=found.label
        )
        raise DataError([problem])
    sums = table.groupby("block_id")[[group, "residents"]].sum().reindex(district.block_frame.index)
    whole = float(sums[group].sum() / sums["residents"].sum())
    share = (sums[group] / sums["residents"].where(sums["residents"] > 0)).fillna(whole)
    return np.asarray(np.clip(share.to_numpy(dtype=np.float64), 0.0, 1.0))
