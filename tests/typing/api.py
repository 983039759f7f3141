"""The public API as a user writes it; mypy strict must understand every line."""

from typing import assert_type

import zoning

county = zoning.read_district("data/geo/sample")
assert_type(county, zoning.District)
demand = zoning.forecast_residents(county, years=range(2027, 2033))
assert_type(demand, zoning.Forecast)
times = zoning.measure_travel(county, mode="walk")
assert_type(times, zoning.TravelTimes)
today = zoning.Plan.current(county, stage="primary", year=2026)
assert_type(today, zoning.Plan)
proposal = zoning.propose_plan(county, demand, times, stage="primary", year=2027, against=today, seed=7)
assert_type(proposal, zoning.Proposal)
assert_type(proposal.gap, float)
card = zoning.score_plan(county, proposal.plan, demand, times, against=today)
assert_type(card, zoning.Scorecard)
assert_type(today.moved({"b1": "s1"}), zoning.Plan)
roster = zoning.read_roster("roster.csv", county)
assert_type(roster, zoning.Roster)
zoning.publish_plan(county, proposal.plan, card, folder="maps/sample")
