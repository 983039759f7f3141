"""The plan file and its record: what the package itself reads back."""

import csv
import io
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

import pandas as pd

from zoning.district import District
from zoning.errors import Language
from zoning.evaluate import Scorecard
from zoning.plan import Plan
from zoning.proposal import Proposal

__all__ = ["FORMAT", "csv_text", "plan_csv", "plan_json", "safe_cell"]

FORMAT: Final = 1
"""Version of the plan files; a reader refuses a newer one."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Return a cell that a spreadsheet shows and never runs: text that starts like a formula gets a ``'``.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("中心小学"), safe_cell(-3)
    ("'=1+1", '中心小学', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV text for Excel: byte order mark, CRLF, no cell that runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        writer.writerow(["" if pd.isna(value) else safe_cell(value) for value in row])
    return "\ufeff" + out.getvalue()


def plan_csv(plan: Plan) -> str:
    """Return ``plan.csv``: one row a block and school, so a shared zone takes several rows of one block.

    Columns ``block_id``, ``stage``, ``year``, ``school_id``, ``locked``, ``reason``. Ids are written as they
    are, for they must read back the same.
    """
    rows = [(block, school) for block, schools in plan.rows for school in schools]
    shared = {block for block, schools in plan.rows if len(schools) > 1}
    frame = pd.DataFrame(
        {
            "block_id": [block for block, _ in rows],
            "stage": plan.stage,
            "year": plan.year,
            "school_id": [school for _, school in rows],
            "locked": "",
            "reason": ["shared" if block in shared else "" for block, _ in rows],
        },
    )
    return "\ufeff" + str(frame.to_csv(index=False, lineterminator="\r\n"))


def plan_json(district: District, plan: Plan, card: Scorecard, proposal: Proposal | None) -> str:
    """Return ``plan.json``: where the plan comes from and what was proved of it.

    Wall-clock seconds are left out, so that the same seed gives the same bytes.
    """
    record: dict[str, object] = {
        "format": FORMAT,
        "made_by": f"zoning {version('zoning')}",
        "place": {"en": district.place.name.en, "zh": district.place.name.zh},
        "stage": plan.stage,
        "year": plan.year,
        "blocks": len(plan),
        "plan_digest": plan.digest,
        "data_digest": district.place.digest,
        "map_approval": district.place.map_approval,
    }
    record |= _proof(proposal)
    record["scorecard"] = {
        m.id: {"value": _finite(m.value), "unit": m.unit, "limit": m.limit, "source": m.source, "ok": m.ok}
        for m in card
    }
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False, default=float) + "\n"


def _proof(proposal: Proposal | None) -> Mapping[str, object]:
    if proposal is None:
        return {}
    return {
        "cost": _finite(proposal.cost),
        "bound": _finite(proposal.bound),
        "gap": _finite(proposal.gap),
        "pupils_over": _finite(proposal.excess),
        "unit": "pupil-seconds a day one way",
        "seed": proposal.seed,
        "iterations": proposal.iterations,
        "rules": [{"en": rule.en, "zh": rule.zh} for rule in proposal.rules],
        "notes": [{"en": note.en, "zh": note.zh} for note in proposal.notes],
        "prices": {school: _finite(proposal.prices[school]) for school in sorted(proposal.prices)},
    }


def _finite(value: float) -> float | None:
    number = float(value)
    return number if abs(number) != float("inf") and number == number else None  # noqa: PLR0124 - NaN


def name_column(frame: pd.DataFrame, lang: Language) -> "pd.Series[str]":
    """Return the names of blocks or schools in a language, the Chinese one where there is no English."""
    names = frame["name"].astype("str")
    if lang == "zh":
        return names
    english = frame["name_en"].astype("str")
    return english.where(english.fillna("") != "", names)
