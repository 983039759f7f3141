"""The change ledger between two years: every block whose schools change, and what that means for children."""

import pandas as pd

from zoning import messages
from zoning.errors import Text
from zoning.public.ledger.stage import names_of, stage_ledger
from zoning.public.ledger.values import Ledger, StageLedger
from zoning.public.publication import Publication
from zoning.units import school_year

__all__ = ["change_ledger", "ledger_table"]


def change_ledger(publication: Publication) -> Ledger:
    """Return what changes from the year beside it to the year that is published, stage by stage.

    Children are those of the later year whose school changes, as ``stability.moved_pupils`` of the scorecard
    counts them; minutes are those of the atlas. Counts below the policy's ``hide_below`` are hidden, and so
    many others that no hidden one can be worked out.

    Parameters
    ----------
    publication
        What is published; without a year beside it the ledger is empty and says so.

    Raises
    ------
    DataError
        When a plan or an option names what the district does not have.

    Examples
    --------
    >>> import zoning
    >>> from zoning.public import assemble
    >>> county = zoning.sample_district()
    >>> zones = zoning.Plan.current(county, stage="primary")
    >>> plan = zones.for_year(2027).moved({"B0011": "P007"})
    >>> [(one.before, one.after) for one in change_ledger(assemble(county, [plan], before=[zones]))]
    [(('P001',), ('P007',))]
    """
    district, other = publication.district, publication.other
    stages: list[StageLedger] = []
    for stage in publication.main.plans if other is not None else ():
        stages.append(stage_ledger(publication, stage, 1 + sum(len(one.areas) for one in stages)))
    notes = () if other is not None else (
        messages.text("public_ledger.no_year_before", year=school_year(publication.main.year)),
    )  # fmt: skip
    return Ledger(
        place=district.place.name,
        year=publication.main.year,
        year_before=None if other is None else other.year,
        hidden_below=district.policy.hide_below,
        data_digest=district.place.digest,
        stages=tuple(stages),
        school_names=_names(publication, stages),
        notes=notes,
    )


def _names(publication: Publication, stages: list[StageLedger]) -> dict[str, Text]:
    known = names_of(publication.district.school_frame)
    named = {school for stage in stages for one in stage.changes for school in (*one.before, *one.after)}
    named |= {school for stage in stages for school in (*stage.new_schools, *stage.closed_schools)}
    return {school: known.get(school, Text(school, school)) for school in sorted(named)}


def ledger_table(ledger: Ledger) -> pd.DataFrame:
    """Return the changes as a table, a row a block and stage.

    Parameters
    ----------
    ledger
        The ledger.

    Returns
    -------
    DataFrame
        ``stage``, ``area`` (number), ``block_id``, ``town``, ``kind``, ``before``, ``after`` (school ids
        joined by ``;``), ``children`` (Int64, missing where hidden or not counted), ``minutes_before``,
        ``minutes_after``, ``minutes_longer``, ``metres_before``, ``metres_after``,
        ``code``, ``reason``, ``reason_zh``.
    """
    columns = {
        "stage": "str", "area": "int64", "block_id": "str", "town": "str", "kind": "str", "before": "str",
        "after": "str", "children": "Int64", "minutes_before": "float64", "minutes_after": "float64",
        "minutes_longer": "float64",
        "metres_before": "float64", "metres_after": "float64", "code": "str", "reason": "str",
        "reason_zh": "str",
    }  # fmt: skip
    rows = [
        (
            one.stage, one.area, one.block_id, one.town, one.kind, ";".join(one.before), ";".join(one.after),
            pd.NA if one.children is None else one.children, one.minutes_before, one.minutes_after,
            one.minutes_longer, one.metres_before, one.metres_after, one.code, one.reason.en, one.reason.zh,
        )
        for one in ledger
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
