"""Tables as text: the plan file that the package reads back, and cells that a spreadsheet never runs."""

import csv
import io
from collections.abc import Collection
from typing import Final

import pandas as pd

from zoning.errors import Language
from zoning.plan import Plan
from zoning.proposal import Proposal

__all__ = ["csv_text", "name_column", "plan_csv", "safe_cell", "starts_a_formula"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def starts_a_formula(value: object) -> bool:
    """Return whether a spreadsheet may take a cell for a formula."""
    return isinstance(value, str) and value.startswith(_FORMULA)


def safe_cell(value: object) -> object:
    """Return a cell that a spreadsheet shows and never runs: text that starts like a formula gets a ``'``.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("中心小学"), safe_cell(-3)
    ("'=1+1", '中心小学', -3)
    """
    return f"'{value}" if starts_a_formula(value) else value


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV text for Excel: byte order mark, CRLF, no cell that runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        writer.writerow(["" if pd.isna(value) else safe_cell(value) for value in row])
    return "\ufeff" + out.getvalue()


def plan_csv(plan: Plan, proposal: Proposal | None = None, *, locked: Collection[str] = ()) -> str:
    """Return ``plan.csv``: one row a block and school, so a shared zone takes several rows of one block.

    Columns ``block_id``, ``stage``, ``year``, ``school_id``, ``locked``, ``reason``. Ids are written as they
    are, for they must read back the same; a reason is a stable code.

    Parameters
    ----------
    plan
        The plan.
    proposal
        Where it was found: the reason of each block.
    locked
        Blocks that were to keep their school.
    """
    rows = [(block, school) for block, schools in plan.rows for school in schools]
    shared = {block: "shared" for block, schools in plan.rows if len(schools) > 1}
    reasons = {} if proposal is None else {block: why.code for block, why in proposal.reasons.items()}
    frame = pd.DataFrame(
        {
            "block_id": [block for block, _ in rows],
            "stage": plan.stage,
            "year": plan.year,
            "school_id": [school for _, school in rows],
            "locked": ["yes" if block in locked else "" for block, _ in rows],
            "reason": [reasons.get(block, shared.get(block, "")) for block, _ in rows],
        },
    )
    return "\ufeff" + str(frame.to_csv(index=False, lineterminator="\r\n"))


def name_column(frame: pd.DataFrame, lang: Language) -> "pd.Series[str]":
    """Return the names of blocks or schools in a language, the Chinese one where there is no English."""
    names = frame["name"].astype("str")
    if lang == "zh":
        return names
    english = frame["name_en"].astype("str")
    return english.where(english.fillna("") != "", names)
