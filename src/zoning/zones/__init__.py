"""How a plan is found: flow, bound, zones in one piece, search; infeasible is an answer."""

from zoning.zones.assign import Flow, assign_blocks
from zoning.zones.certificate import lower_bound
from zoning.zones.contiguity import detached_blocks, regrow_zones
from zoning.zones.multipliers import Cut, Multipliers
from zoning.zones.options import Balance, ZoneOptions
from zoning.zones.pose import PosedProblem, keep_homes, pose_problem
from zoning.zones.problem import LoadRule, ZoneProblem, neighbours_of
from zoning.zones.propose import propose_plan, propose_plans
from zoning.zones.reachable import Reachable, reachable_cells
from zoning.zones.solve import Solution, solve_problem

__all__ = [
    "Balance",
    "Cut",
    "Flow",
    "LoadRule",
    "Multipliers",
    "PosedProblem",
    "Reachable",
    "Solution",
    "ZoneOptions",
    "ZoneProblem",
    "assign_blocks",
    "detached_blocks",
    "keep_homes",
    "lower_bound",
    "neighbours_of",
    "pose_problem",
    "propose_plan",
    "propose_plans",
    "reachable_cells",
    "regrow_zones",
    "solve_problem",
]
