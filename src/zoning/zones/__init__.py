"""How a plan is found: flow, bound, zones in one piece, search; infeasible is an answer."""

from zoning.zones.assign import Flow, assign_blocks
from zoning.zones.certificate import lower_bound
from zoning.zones.contiguity import detached_blocks, regrow_zones
from zoning.zones.pose import PosedProblem, keep_homes, pose_problem
from zoning.zones.problem import ZoneProblem, neighbours_of
from zoning.zones.propose import propose_plan, propose_plans
from zoning.zones.solve import Solution, solve_problem

__all__ = [
    "Flow",
    "PosedProblem",
    "Solution",
    "ZoneProblem",
    "assign_blocks",
    "detached_blocks",
    "keep_homes",
    "lower_bound",
    "neighbours_of",
    "pose_problem",
    "propose_plan",
    "propose_plans",
    "regrow_zones",
    "solve_problem",
]
