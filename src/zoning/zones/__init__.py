"""How a plan is found: flow, bound, zones in one piece, search; infeasible is an answer."""

from zoning.zones.alternatives import Alternative, Alternatives, propose_alternatives
from zoning.zones.assign import Flow, assign_blocks
from zoning.zones.causes import Grounds
from zoning.zones.certificate import Cut, Multipliers, lower_bound
from zoning.zones.contiguity import detached_blocks, regrow_zones
from zoning.zones.options import Balance, ZoneOptions
from zoning.zones.pose import PosedProblem, keep_homes, pose_problem
from zoning.zones.problem import LoadRule, ZoneProblem, neighbours_of
from zoning.zones.propose import propose_plan, propose_plans
from zoning.zones.reachable import Reachable, reachable_cells
from zoning.zones.reasons import explain_blocks, explain_plan
from zoning.zones.solve import Solution, solve_problem

__all__ = [
    "Alternative",
    "Alternatives",
    "Balance",
    "Cut",
    "Flow",
    "Grounds",
    "LoadRule",
    "Multipliers",
    "PosedProblem",
    "Reachable",
    "Solution",
    "ZoneOptions",
    "ZoneProblem",
    "assign_blocks",
    "detached_blocks",
    "explain_blocks",
    "explain_plan",
    "keep_homes",
    "lower_bound",
    "neighbours_of",
    "pose_problem",
    "propose_alternatives",
    "propose_plan",
    "propose_plans",
    "reachable_cells",
    "regrow_zones",
    "solve_problem",
]
