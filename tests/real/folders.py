"""What both builders share: children by age, text files, and the head of a ``zoning.toml``."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

AGES = range(18)


def children_by_age(
    block_ids: list[str],
    children: npt.NDArray[np.int64],
    *,
    ages_counted: int,
    year: int,
) -> pd.DataFrame:
    """Return residents by single age, so that any ``ages_counted`` ages in a row sum to ``children``.

    Age ``a`` of a block with ``n`` children gets ``(n + a mod k) // k`` of them; over ``k`` ages in a row
    these are ``n``, whichever age comes first. Nothing drifts as the cohorts grow older.
    """
    frames = [
        pd.DataFrame(
            {
                "block_id": block_ids,
                "year": year,
                "age": age,
                "residents": (children + age % ages_counted) // ages_counted,
            },
        )
        for age in AGES
    ]
    return pd.concat(frames, ignore_index=True)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Excel reads it without asking: UTF-8 with its mark, no index."""
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
