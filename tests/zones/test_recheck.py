"""A stored bound is checked by anybody: what holds is printed, what was changed is named."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from tests.towns import demand_of, square_town, straight_times

from zoning import messages
from zoning.district import District
from zoning.evaluate import Prices, Scorecard, score_plan
from zoning.forecast import Forecast
from zoning.load import PlanRecord, read_record
from zoning.load.records import Compared
from zoning.plan import Plan
from zoning.proposal import Certificate, Proposal, SeparatorCut
from zoning.publish import StageResult
from zoning.publish.plans import plan_csv
from zoning.publish.record import plan_json
from zoning.travel import TravelTimes
from zoning.zones import propose_plan
from zoning.zones.recheck import recheck_record

CUT = SeparatorCut("b004004", "s0", ("b000001", "b001000"), 0.0)
"""Nobody in the far corner reaches the school in the near one around its two neighbours."""


@dataclass(frozen=True)
class Case:
    """A town with a record of its proposal."""

    town: District
    demand: Forecast
    times: TravelTimes
    record: PlanRecord

    def check(self, **changes: object):  # noqa: ANN201 - a Recheck
        """Check the record with some of it changed."""
        return recheck_record(replace(self.record, **changes), self.town, self.demand, self.times)

    def findings(self, **changes: object) -> list[str]:
        """Return the codes of what is found."""
        return [problem.code for problem in self.check(**changes).findings]


@pytest.fixture(scope="module")
def case() -> Case:
    """A 5 × 5 town with seats for 13 and 14 of its 25 blocks at two schools, and a private one."""
    town = square_town(
        5, 5, schools=[(0, 0), (4, 4), (2, 2)], capacity=[130, 140, 500],
        school_columns={"ownership": ["public", "public", "private"]},
    )  # fmt: skip
    demand, times = demand_of(town), straight_times(town)
    before = Plan.of("primary", 2026, dict.fromkeys(town.block_frame.index, "s0"))
    prices = Prices(moved_s=17.0)
    found = propose_plan(
        town, demand, times, stage="primary", year=2027, against=before, prices=prices, iterations=60
    )
    certificate = Certificate((*found.certificate.prices,), (CUT,))
    record = PlanRecord(
        found.plan, found.plan.digest, town.place.digest, found.cost, found.bound, 0.0, 7, 60,
        certificate, {}, {"beyond_journey_s": 600.0, "beyond_radius_s": 60.0, "moved_s": 17.0}, True,
        Compared(before.digest, "primary", 2026, before),
    )  # fmt: skip
    assert found.certificate.prices, "no rule binds, so nothing would be tested"
    return Case(town, demand, times, record)


@pytest.fixture(scope="module")
def paid() -> Case:
    """A 5 × 5 town with 2 % of seats to spare, where the bound prices whole zones."""
    pupils = np.random.default_rng(6).integers(3, 18, 25)
    seats = (pupils.sum() * np.array([0.51, 0.306, 0.204])).tolist()
    town = square_town(5, 5, schools=[(0, 0), (4, 4), (0, 4)], capacity=seats)
    demand, times = demand_of(town, pupils.tolist()), straight_times(town)
    found = propose_plan(town, demand, times, stage="primary", year=2027, iterations=60)
    record = PlanRecord(
        found.plan, found.plan.digest, town.place.digest, found.cost, found.bound, 0.0, 7, 60,
        found.certificate, {}, {}, keeps_homes=True,
    )  # fmt: skip
    assert len(found.certificate.blocks) == 25, "the bound needs no block prices, so nothing would be tested"
    return Case(town, demand, times, record)


def test_a_bound_that_prices_whole_zones_is_checked_again(paid: Case) -> None:
    """Block prices prove what they proved when the plan was found, more than the multipliers alone do."""
    checked, stored = paid.check(), paid.record.certificate
    assert stored is not None
    assert (checked.findings, checked.blocks) == ((), 25)
    assert checked.bound == pytest.approx(paid.record.bound, rel=1e-12)
    less = paid.check(certificate=replace(stored, blocks=()))
    assert less.bound < checked.bound
    assert [(p.code, less.blocks) for p in less.findings] == [("recheck.bound_differs", 0)]


@pytest.mark.parametrize(
    ("change", "codes", "said"),
    [
        (lambda every: (*every[:12], ("b002002", 9e4), *every[13:]), ["bound_differs"], "prices that hold"),
        (lambda every: (*every, ("b009009", 1.0)), ["unknown_blocks"], "1 (b009009)"),
        (lambda every: every[2:], ["bare_blocks", "bound_differs"], "2 (b000000, b000001)"),
        (lambda every: (("b000000", math.nan), *every[1:]), ["endless_blocks", "bound_differs"], "b000000"),
        (lambda every: (("b000000", -math.inf), *every[1:]), ["endless_blocks", "bound_differs"], "b000000"),
    ],
)  # fmt: skip
def test_a_changed_block_price_is_found(
    paid: Case, change: Callable[[tuple[tuple[str, float], ...]], object], codes: list[str], said: str
) -> None:
    """A price that was changed, left out, made endless or given to nobody is told; what holds counts."""
    assert paid.record.certificate is not None
    blocks = change(paid.record.certificate.blocks)
    checked = paid.check(certificate=replace(paid.record.certificate, blocks=blocks))
    assert [problem.code for problem in checked.findings] == [f"recheck.{code}" for code in codes]
    assert said in checked.findings[0].sentence("en")
    assert checked.findings[0].sentence("zh")
    assert checked.bound <= (paid.record.bound or 0.0) * (1 + 1e-9)


def test_a_record_that_was_not_touched_holds(case: Case) -> None:
    """Bound, cost and gap come out as they were stored, without a solver."""
    checked = case.check()
    assert checked.findings == ()
    assert checked.bound == pytest.approx(case.record.bound, rel=1e-12)
    assert checked.cost == pytest.approx(case.record.cost, rel=1e-12)
    assert checked.gap == pytest.approx((checked.cost - checked.bound) / checked.bound)
    assert (checked.ok, checked.cuts) == (True, 1)


def test_the_cost_checked_is_the_scorecards(case: Case) -> None:
    """What the re-check calls cost is the number that the scorecard prints."""
    against = case.record.against
    assert against is not None
    asked = Prices(moved_s=17.0)
    card = score_plan(
        case.town, case.record.plan, case.demand, case.times, against=against.plan, prices=asked
    )
    assert case.check().cost == pytest.approx(card["cost.total"].value, rel=1e-9)


def prices(
    change: Callable[[tuple[str, str, float]], tuple[str, str, float]],
) -> Callable[[Case], Certificate]:
    """Return how the first multiplier of a certificate is changed."""

    def changed(case: Case) -> Certificate:
        stored = case.record.certificate
        assert stored is not None
        return replace(stored, prices=(change(stored.prices[0]), *stored.prices[1:]))

    return changed


def cut(**changes: object) -> Callable[[Case], Certificate]:
    """Return how the cut of a certificate is changed."""
    return lambda case: replace(case.record.certificate, cuts=(replace(CUT, **changes),))  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (prices(lambda p: ("capacity:2044", *p[1:])), ["recheck.unknown_rule", "recheck.bound_differs"]),
        (prices(lambda p: (p[0], "s2", p[2])), ["recheck.not_zoned", "recheck.bound_differs"]),
        (prices(lambda p: (*p[:2], -p[2])), ["recheck.no_limit", "recheck.bound_differs"]),
        (prices(lambda p: (*p[:2], p[2] * 3)), ["recheck.bound_differs"]),
        (cut(multiplier=-1.0), ["recheck.negative"]),
        (cut(separator=("b000001",)), ["recheck.cut_fails"]),
        (cut(separator=("b000000", "b000001")), ["recheck.cut_fails"]),
        (cut(school_id="s2"), ["recheck.not_zoned"]),
        (cut(separator=("b000001",), multiplier=1e6), ["recheck.cut_fails"]),
    ],
)  # fmt: skip
def test_a_changed_multiplier_is_found(
    case: Case, change: Callable[[Case], Certificate], codes: list[str]
) -> None:
    """No multiplier or cut can be changed to a better bound; what still holds is evaluated without it."""
    checked = case.check(certificate=change(case))
    assert [problem.code for problem in checked.findings] == codes
    assert not checked.ok
    assert checked.bound <= (case.record.bound or 0.0) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cost": 1.0}, "recheck.cost_differs"),
        ({"cost": None}, "recheck.cost_differs"),
        ({"bound": 1.0}, "recheck.bound_differs"),
        ({"bound": None}, "recheck.bound_differs"),
        ({"data_digest": "0" * 64}, "recheck.data_changed"),
        ({"plan_digest": "0" * 64}, "recheck.plan_changed"),
    ],
)
def test_a_changed_number_is_found(case: Case, changes: dict[str, object], code: str) -> None:
    """Cost, bound and digests are compared with what the folder gives."""
    assert case.findings(**changes) == [code]


def test_other_prices_or_another_plan_before_are_found(case: Case) -> None:
    """A record posed otherwise than it says does not give its own numbers."""
    assert "recheck.cost_differs" in case.findings(prices={"moved_s": 0.0})
    against = case.record.against
    assert against is not None
    assert case.findings(against=replace(against, digest="x")) == ["recheck.against_changed"]
    assert "recheck.against_changed" in case.findings(against=Compared("x", "primary", 2026))


def test_an_edited_plan_is_measured_against_the_bound(case: Case) -> None:
    """Whoever edits the table learns what the edited plan costs, and that the bound still stands."""
    before = case.check()
    for block in case.record.plan.zones()["s0"]:  # the first that leaves both zones in one piece
        checked = case.check(plan=case.record.plan.moved({block: "s1"}))
        if [p.code for p in checked.findings] == ["recheck.plan_changed"]:
            break
    else:
        pytest.fail("no block can move")
    assert checked.cost > before.cost
    assert checked.bound == before.bound
    assert f"{checked.cost / 3600:,.1f} pupil-hours" in checked.findings[0].what.en


def test_a_plan_against_the_rules_is_found(case: Case) -> None:
    """A bound speaks of plans that keep the rules; one that does not is told apart."""
    everybody = {block: "s0" for block in case.record.plan.block_ids if block != "b004004"}
    assert "recheck.rule_broken" in case.findings(plan=case.record.plan.moved(everybody))
    private = case.check(plan=case.record.plan.moved({"b002001": "s2"}))
    assert "recheck.not_allowed" in [problem.code for problem in private.findings]
    assert math.isnan(private.gap)
    assert "recheck.detached" in case.findings(plan=case.record.plan.moved({"b000001": "s1"}))


def test_a_record_without_a_certificate_cannot_be_checked(case: Case) -> None:
    """Asking for the impossible is a fault of the caller."""
    with pytest.raises(ValueError, match="holds no certificate"):
        case.check(certificate=None)


def test_a_certificate_with_cuts_is_checked_from_its_file(case: Case, tmp_path: Path) -> None:
    """What was written is what is checked: the cut's multiplier reaches the bound through plan.json."""
    stored, against = case.record.certificate, case.record.against
    assert stored is not None
    assert against is not None
    cuts = (replace(CUT, multiplier=1000 / 3), replace(CUT, block_id="b003003", multiplier=0.1))
    certificate = replace(stored, cuts=cuts)
    bound = case.check(certificate=certificate).bound
    assert case.record.cost is not None
    rules = (messages.text("zones.rule_home"),)
    found = Proposal(
        case.record.plan, case.record.cost, bound, 0.0, 1, 7, rules=rules, certificate=certificate
    )  # fmt: skip
    card = Scorecard("primary", 2027, found.plan.digest, ())
    result = StageResult(found.plan, card, found, case.times, against.plan, prices=Prices(moved_s=17.0))
    (tmp_path / "plan.csv").write_text(plan_csv(found.plan), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_json(case.town, result), encoding="utf-8")
    record = read_record(tmp_path, case.town)
    assert record.certificate == certificate
    checked = recheck_record(record, case.town, case.demand, case.times)
    assert (checked.findings, checked.cuts, checked.bound) == ((), 2, bound)
