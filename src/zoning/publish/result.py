"""What publishing takes and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zoning.evaluate import Prices, Scorecard
from zoning.plan import Plan
from zoning.proposal import Proposal, Reason
from zoning.travel import TravelTimes
from zoning.zones import ZoneOptions

__all__ = ["Published", "StageResult"]


@dataclass(frozen=True, eq=False)
class StageResult:
    """Everything known of one stage's plan.

    Parameters
    ----------
    plan
        The plan.
    card
        Its scorecard.
    proposal
        The plan with its proof; None for a plan that was given rather than found.
    times
        The travel times that it was measured with; None where there are none.
    against
        The plan in force that it is compared with; None where there is none.
    options
        What was asked of the zones beyond the policy; None for nothing.
    prices
        What a departure from the policy cost; None for the documented defaults.
    feeder
        Zones of the stage below that counted in the cost; None for none.
    reasons
        Why each block belongs to its school, by block, of a plan without a proposal.
    """

    plan: Plan
    card: Scorecard
    proposal: Proposal | None = None
    times: TravelTimes | None = field(default=None, repr=False)
    against: Plan | None = field(default=None, repr=False)
    options: ZoneOptions | None = None
    prices: Prices | None = None
    feeder: Plan | None = field(default=None, repr=False)
    reasons: Mapping[str, Reason] = field(default_factory=dict, repr=False)

    @property
    def explained(self) -> Mapping[str, Reason]:
        """Why each block belongs to its school, by block: the proposal says it, or it was given."""
        return self.reasons if self.proposal is None else self.proposal.reasons


@dataclass(frozen=True)
class Published:
    """The files that one call wrote.

    Parameters
    ----------
    files
        Kind and path, in the order they are printed; kinds are ``plan``, ``record``, ``table``, ``workbook``,
        ``geopackage``, ``geojson``, ``atlas`` and ``figure_<name>``.

    Examples
    --------
    >>> Published((("plan", Path("plan.csv")),))["plan"].name
    'plan.csv'
    """

    files: tuple[tuple[str, Path], ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """All paths, in order."""
        return tuple(path for _, path in self.files)

    def __getitem__(self, kind: str) -> Path:
        return dict(self.files)[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in dict(self.files)
