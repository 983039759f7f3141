"""What is published of one place: the zones of one year, those of the year beside it, and why they are so."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, InfeasibleError, Text
from zoning.evaluate import Scorecard, score_plan
from zoning.evaluate.allocation import at_known_schools
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.public.near_lines import Near, Zone, near_zones
from zoning.public.served import AddressLists
from zoning.travel import TravelTimes
from zoning.zones import explain_plan

__all__ = ["Publication", "PublishedYear", "assemble", "finder_url", "without_counts"]

_COUNTS: Final = Text(
    r"(: with [^:;]*?) (?:up to )?\d+ pupils would be over them(?= in \d)", r"年(?:最多)?将超出 \d+ 人"
)


@dataclass(frozen=True, eq=False)
class PublishedYear:
    """The zones of one school year.

    Parameters
    ----------
    year
        School year (its autumn).
    plans
        Plan by stage, in the order of the district's stages.
    cards
        Scorecard by stage; may lack stages.
    reasons
        Why each block belongs to its school, by stage and block; may lack stages and blocks. How many
        pupils a block would bring over the seats is taken out of the sentences.
    """

    year: int
    plans: Mapping[str, Plan] = field(repr=False)
    cards: Mapping[str, Scorecard] = field(default_factory=dict, repr=False)
    reasons: Mapping[str, Mapping[str, Reason]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        told = {
            stage: {block: replace(why, text=without_counts(why.text)) for block, why in of_stage.items()}
            for stage, of_stage in self.reasons.items()
        }
        object.__setattr__(self, "reasons", told)


@dataclass(frozen=True, eq=False)
class Publication:
    """Everything that the public files of one place and year are made from.

    Parameters
    ----------
    district
        The district; ``district.notice`` holds the words of the office.
    main
        The year that is published.
    other
        The year before it, whose zones are in force or were; None where there is none to compare with.
    times
        Travel times by stage, seconds [block, school].
    demand
        Children by block, grade and year; None where nobody forecast them, so that no count is shown.
    """

    district: District
    main: PublishedYear
    other: PublishedYear | None = None
    times: Mapping[str, TravelTimes] = field(default_factory=dict, repr=False)
    demand: Forecast | None = field(default=None, repr=False)

    @property
    def years(self) -> tuple[PublishedYear, ...]:
        """The years, the earlier one first."""
        every = [self.main] if self.other is None else [self.main, self.other]
        return tuple(sorted(every, key=lambda one: one.year))

    @property
    def estimated(self) -> tuple[str, ...]:
        """Stages whose times are straight lines made longer, for want of a street map."""
        return tuple(stage for stage, times in self.times.items() if not times.along_streets)

    @cached_property
    def lists(self) -> AddressLists:
        """The addresses with their schools, asked once for every file that lists them."""
        return AddressLists(self)

    @cached_property
    def near(self) -> dict[tuple[str, int], dict[tuple[str, Zone], Near]]:
        """By stage and year which blocks are near which other zones, and how near."""
        plans = [plan for one in self.years for plan in one.plans.values()]
        keys = ((plan.stage, plan.year) for plan in plans)
        known = [at_known_schools(self.district, plan) for plan in plans]
        return dict(zip(keys, near_zones(self.district, known), strict=True))


def finder_url(publication: "Publication") -> str:
    """Return where the page for parents will stand; empty while the office has named no address.

    An address that is no page is that of a folder, in which the page has its own name.
    """
    url = publication.district.notice.url.partition("#")[0]
    if not url or url.endswith((".html", ".htm")):
        return url
    return f"{url.rstrip('/')}/finder-{publication.main.year}.html"


def without_counts(text: Text) -> Text:
    """Return a reason without how many pupils a block would bring over the seats: it tells of few children.

    Examples
    --------
    >>> without_counts(Text("no seats: with it 3 pupils would be over them in 2027", "2027 年将超出 3 人"))
    Text(en='no seats: with it it would be over them in 2027', zh='2027 年将超学位')
    """
    return Text(
        re.sub(_COUNTS.en, r"\1 it would be over them", text.en), re.sub(_COUNTS.zh, "年将超学位", text.zh)
    )


def assemble(
    district: District,
    plans: Sequence[Plan],
    *,
    before: Sequence[Plan] = (),
    times: Mapping[str, TravelTimes] | None = None,
    demand: Forecast | None = None,
) -> Publication:
    """Return what is published of plans: scored, compared with the zones before them, every block explained.

    Parameters
    ----------
    district
        The district.
    plans
        One a stage, all for one year.
    before
        Plans of the year beside it, of some of the stages.
    times
        Travel times by stage, seconds [block, school]; without them nothing is scored or explained.
    demand
        Children by block, grade and year; without it nothing is scored or explained.

    Raises
    ------
    DataError
        When there is no plan, a stage has two, the plans are for different years, or those to compare with
        are not for an earlier one.

    Examples
    --------
    >>> import zoning
    >>> county = zoning.sample_district()
    >>> assemble(county, [zoning.Plan.current(county, stage="primary")]).main.year
    2026
    """
    earlier = {plan.stage: plan for plan in before}
    main = _year(district, plans)
    if before and before[0].year >= main.year:
        raise DataError([messages.problem("public.not_earlier", file="plan", value=str(before[0].year))])
    measured = {} if times is None else dict(times)
    cards, reasons = {}, {}
    for stage, plan in main.plans.items():
        if demand is None or stage not in measured or plan.year not in demand.years:
            continue
        against = earlier.get(stage)
        cards[stage] = score_plan(district, plan, demand, measured[stage], against=against)
        with suppress(InfeasibleError):  # a plan of other rules: shown, not explained
            reasons[stage] = explain_plan(district, demand, measured[stage], plan, against=against)
    other = _year(district, before) if before else None
    return Publication(district, replace(main, cards=cards, reasons=reasons), other, measured, demand)


def _year(district: District, plans: Sequence[Plan]) -> PublishedYear:
    by_stage = {plan.stage: plan for plan in plans}
    years = sorted({plan.year for plan in plans})
    if len(years) != 1 or len(by_stage) != len(plans):
        said = ", ".join(f"{plan.stage} {plan.year}" for plan in plans)
        raise DataError([messages.problem("public.one_year", file="plan", value=said)])
    ordered = [stage.name for stage in district.stages if stage.name in by_stage]
    return PublishedYear(years[0], {stage: by_stage[stage] for stage in ordered})
