"""The public doors: one plan as files, several stages as an atlas, the forecast as a table."""

from collections.abc import Sequence
from pathlib import Path

from zoning import messages
from zoning.district import District
from zoning.errors import Language, ZoningError
from zoning.evaluate import Prices, Scorecard
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.publish import export, plans, record
from zoning.publish.result import Published, StageResult
from zoning.publish.whole import whole_files, write_whole
from zoning.travel import TravelTimes
from zoning.zones import ZoneOptions

__all__ = ["publish_atlas", "publish_plan", "write_forecast"]


def publish_atlas(
    district: District,
    results: Sequence[StageResult],
    demand: Forecast | None,
    *,
    folder: Path | str,
    self_contained: bool = True,
    lang: Language = "zh",
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

    Raises
    ------
    ZoningError
        When there is no stage, or the folder cannot be written.
    """
    if not results:
        raise ZoningError(messages.text("publish.no_stage"))
    from zoning.publish.atlas import atlas_page  # noqa: PLC0415 - folium waits until an atlas is asked for

    page = atlas_page(district, results, demand, self_contained=self_contained, lang=lang)
    return write_whole(Path(folder) / "atlas.html", page)


def publish_plan(  # noqa: PLR0913 - what is known of a plan, each part optional
    district: District,
    plan: Plan,
    card: Scorecard,
    *,
    folder: Path | str,
    proposal: Proposal | None = None,
    demand: Forecast | None = None,
    times: TravelTimes | None = None,
    against: Plan | None = None,
    options: ZoneOptions | None = None,
    prices: Prices | None = None,
    feeder: Plan | None = None,
    lang: Language = "zh",
    atlas: bool = True,
) -> Published:
    """Write one stage's plan as files, all of them or none, and return their paths by kind.

    - ``plan`` (``plan.csv``) and ``record`` (``plan.json``): what :func:`zoning.read_plan` and
      :func:`zoning.load.read_record` read back, the proof included
    - ``table`` (``assignment.csv``): every block with its school, for Excel
    - ``workbook`` (``plan.xlsx``): summary, scorecard, schools, blocks and certificate, a sheet each
    - ``geopackage`` (``plan.gpkg``): zones, blocks and schools, coloured when QGIS opens it
    - ``geojson`` (``zones.geojson``): the zones on WGS 84
    - ``figure_zones`` and, as far as there are data, ``figure_utilisation``, ``figure_journeys``,
      ``figure_forecast``
    - ``atlas`` (``atlas.html``), if wanted: the same in the browser

    Parameters
    ----------
    district
        The district.
    plan, card
        The plan and its scorecard.
    folder
        Where to write; made when missing.
    proposal
        The plan with its bound, to print the gap and store the certificate.
    demand
        Children by block, grade and year.
    times
        Travel times, seconds [block, school].
    against
        Plan in force to compare with. Of a proposal it must be the one that it was found against, and so must
        ``options``, ``prices`` and ``feeder``: the record poses the problem again from them.
    options
        What was asked of the zones beyond the policy.
    prices
        What a departure from the policy cost; the documented defaults when left out.
    feeder
        Zones of the stage below that counted in the cost.
    lang
        Language of the names and figures, and the one that the page opens in.
    atlas
        Whether to write a page of this stage alone; :func:`publish_atlas` writes one of several.

    Raises
    ------
    ZoningError
        When the folder or a file in it cannot be written.
    """
    result = StageResult(plan, card, proposal, times, against, options, prices, feeder)
    names = {"plan": "plan.csv", "record": "plan.json", "table": "assignment.csv", "workbook": "plan.xlsx"}
    names |= {"geopackage": "plan.gpkg", "geojson": "zones.geojson"}
    from zoning.publish import workbook  # noqa: PLC0415 - xlsxwriter waits until files are written

    with whole_files(folder) as draft:
        texts = {
            "plan": plans.plan_csv(plan, proposal, locked=() if options is None else options.locked_blocks),
            "record": record.plan_json(district, result),
            "table": plans.csv_text(export.result_table(district, result)),
        }
        if atlas:
            from zoning.publish.atlas import atlas_page  # noqa: PLC0415 - folium waits until it is asked for

            names["atlas"] = "atlas.html"
            texts["atlas"] = atlas_page(district, [result], demand, lang=lang)
        for kind, text in texts.items():
            (draft / names[kind]).write_text(text, encoding="utf-8", newline="")
        workbook.write_workbook(draft / names["workbook"], district, result, demand, lang=lang)
        export.write_geopackage(draft / names["geopackage"], district, result, lang=lang)
        export.write_geojson(draft / names["geojson"], district, plan)
        names |= _figures(draft, district, result, demand, lang)
    return Published(tuple((kind, Path(folder) / name) for kind, name in names.items()))


def _figures(
    draft: Path,
    district: District,
    result: StageResult,
    demand: Forecast | None,
    lang: Language,
) -> dict[str, str]:
    from zoning.publish import figures, zone_map  # noqa: PLC0415 - matplotlib waits too

    made = {"zones": zone_map.zone_map(district, result, lang)}
    if demand is not None and result.plan.year in demand.years:
        made["utilisation"] = figures.utilisation_figure(district, result, demand, lang)
        made["forecast"] = figures.forecast_figure(district, result, demand, lang)
        if result.times is not None:
            made["journeys"] = figures.journeys_figure(district, result, demand, lang)
    for name, figure in made.items():
        figures.save(figure, draft / f"{name}.png")
    return {f"figure_{name}": f"{name}.png" for name in made}


def write_forecast(district: District, demand: Forecast, *, folder: Path | str) -> Path:
    """Write the expected children by block, grade and year as ``forecast.csv`` and return its path.

    Raises
    ------
    ZoningError
        When the folder or the file cannot be written.
    """
    text = plans.csv_text(export.forecast_table(district, demand))
    return write_whole(Path(folder) / "forecast.csv", text)
