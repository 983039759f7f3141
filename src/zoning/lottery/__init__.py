"""Draws that anybody can compute again: class splits, seats, late arrivals, head teachers, inspections.

``docs/draw-specification`` fixes every byte; the browser verifier is written from that page alone.
"""

from zoning.lottery.commitment import Commitment, commit_seats, commit_split, dummy_secrets
from zoning.lottery.constraints import Constraints
from zoning.lottery.deal import Swap
from zoning.lottery.draw import Committed, replay_draw, run_draw
from zoning.lottery.manifest import Manifest, Program, Rules, digest_groups
from zoning.lottery.records import Choice, PrivateRecord, PublicRecord, PublicRoster, new_sid
from zoning.lottery.seats import SeatDraw, deferred_acceptance, draw_seats
from zoning.lottery.seed import Revealed
from zoning.lottery.sources import Balls, Dice, Drand, Lottery
from zoning.lottery.split import ClassSplit, split_classes
from zoning.lottery.tickets import Tickets
from zoning.lottery.transcript import Transcript
from zoning.lottery.verify import Verified, check_follows, read_public_files, verify_draw

__all__ = [
    "Balls",
    "Choice",
    "ClassSplit",
    "Commitment",
    "Committed",
    "Constraints",
    "Dice",
    "Drand",
    "Lottery",
    "Manifest",
    "PrivateRecord",
    "Program",
    "PublicRecord",
    "PublicRoster",
    "Revealed",
    "Rules",
    "SeatDraw",
    "Swap",
    "Tickets",
    "Transcript",
    "Verified",
    "check_follows",
    "commit_seats",
    "commit_split",
    "deferred_acceptance",
    "digest_groups",
    "draw_seats",
    "dummy_secrets",
    "new_sid",
    "read_public_files",
    "replay_draw",
    "run_draw",
    "split_classes",
    "verify_draw",
]
