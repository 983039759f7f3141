"""The public doors: one plan as files, several stages as an atlas."""

from collections.abc import Sequence
from pathlib import Path

from zoning import messages
from zoning.district import District
from zoning.errors import Language, ZoningError
from zoning.forecast import Forecast
from zoning.publish.result import StageResult

__all__ = ["publish_atlas"]


def publish_atlas(
    district: District,
    results: Sequence[StageResult],
    demand: Forecast | None,
    *,
    folder: Path | str,
    self_contained: bool = True,
    lang: Language = "zh",
    data_date: str = "",
) -> Path:
    """Write the planner's atlas ``atlas.html`` of several stages and return its path.

    One page in both languages: zones, utilisation, journeys, forecast by year, before and after, with the
    scorecard, the lower bound and the notes of each stage. It draws no administrative boundary and no tiles;
    roads and water come from the district's own data. Counts of children in a block below the policy's
    ``hide_below`` are left out.

    Parameters
    ----------
    district
        The district.
    results
        One a stage, in the order of the tabs; at least one.
    demand
        Children by block, grade and year; None leaves out the forecast and the utilisation.
    folder
        Where to write; made when missing.
    self_contained
        Whether everything is inside the page, so that it opens offline from a disk. Otherwise Leaflet comes
        from its public address, with its checksum.
    lang
        Language that the page opens in.
    data_date
        Date of the data, as it is printed; empty when not stated.

    Raises
    ------
    ZoningError
        When there is no stage, or the folder cannot be written.
    """
    if not results:
        raise ZoningError(messages.text("publish.no_stage"))
    from zoning.publish.atlas import write_atlas  # noqa: PLC0415 - folium waits until an atlas is asked for

    return write_atlas(
        Path(folder) / "atlas.html",
        district,
        results,
        demand,
        self_contained=self_contained,
        lang=lang,
        data_date=data_date,
    )
