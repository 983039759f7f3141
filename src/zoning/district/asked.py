"""What is asked of zones, held against the blocks and schools that there are."""

from collections.abc import Mapping

import geopandas as gpd

from zoning import messages
from zoning.district.stage import STAGES
from zoning.errors import Problem, Problems
from zoning.options import ZoneOptions

__all__ = ["check_options"]

_LABEL = {stage.name: stage.label for stage in STAGES}


def check_options(
    options: Mapping[str, ZoneOptions],
    blocks: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    problems: Problems,
) -> None:
    """Report every block and school that options name and that is not there, or not of the stage.

    Parameters
    ----------
    options
        Options by stage.
    blocks, schools
        Frames of the district.
    problems
        Takes what is found.
    """
    for stage, asked in options.items():
        for block in asked.locked_blocks:
            if block not in blocks.index:
                problems.add(_problem("unknown_block", stage, "locked_blocks", block))
        column = f"capacity_{stage}"
        serving = set(schools.index[schools[column].notna()]) if column in schools else set()
        named = [("locked_schools", school) for school in asked.locked_schools]
        named += [("shared", school) for group in asked.shared for school in group]
        for key, school in named:
            if school not in schools.index:
                problems.add(_problem("unknown_school", stage, key, school))
            elif school not in serving:
                problems.add(_problem("not_of_stage", stage, key, school))
        for group in asked.shared:
            if len(set(group)) < 2:
                problems.add(_problem("lone_share", stage, "shared", ";".join(group)))


def _problem(code: str, stage: str, key: str, value: str) -> Problem:
    column = "zones." + stage + "." + key
    return messages.problem(
        f"zones_rules.{code}", file="zoning.toml", column=column, value=value, stage=_LABEL[stage]
    )
