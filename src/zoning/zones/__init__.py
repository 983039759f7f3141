"""How a plan is found: flow, bound, zones in one piece, search; infeasible is an answer."""

from zoning.zones.alternatives import Alternative, Alternatives, propose_alternatives
from zoning.zones.assign import Flow, assign_blocks
from zoning.zones.certificate import lower_bound
from zoning.zones.contiguity import detached_blocks, regrow_zones
from zoning.zones.contract import Contraction, contract_blocks
from zoning.zones.feasible import Feasible, feasible_problem
from zoning.zones.multipliers import Cut, Multipliers
from zoning.zones.options import Balance, Prices, ZoneOptions
from zoning.zones.pose import keep_homes, pose_problem
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import LoadRule, ZoneProblem, neighbours_of
from zoning.zones.propose import propose_plan, propose_plans
from zoning.zones.reachable import Reachable, reachable_cells
from zoning.zones.reasons import explain_blocks, explain_plan
from zoning.zones.solve import Solution, solve_problem

__all__ = [
    "Alternative",
    "Alternatives",
    "Balance",
    "Contraction",
    "Cut",
    "Feasible",
    "Flow",
    "LoadRule",
    "Multipliers",
    "PosedProblem",
    "Prices",
    "Reachable",
    "Solution",
    "ZoneOptions",
    "ZoneProblem",
    "assign_blocks",
    "contract_blocks",
    "detached_blocks",
    "explain_blocks",
    "explain_plan",
    "feasible_problem",
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
