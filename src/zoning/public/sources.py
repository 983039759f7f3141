"""Where the plans of a publication come from: the file of each, and what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zoning.plan import Plan

__all__ = ["PlanSource"]


@dataclass(frozen=True, slots=True)
class PlanSource:
    """One plan and where it was read from.

    Parameters
    ----------
    plan
        The plan.
    file
        Name of its file, as it was given.
    record
        What the ``plan.json`` beside it says (``place``, ``stage``, ``year``, ``plan_digest``,
        ``data_digest``); None where there is none.
    """

    plan: Plan
    file: str
    record: Mapping[str, Any] | None = field(default=None, repr=False)
