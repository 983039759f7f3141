"""``zoning draw``: what its commands share."""

from typing import Final

import typer

from zoning import messages
from zoning.cli import draw_audit, draw_commit, draw_more, draw_run, draw_verify
from zoning.errors import Language

__all__ = ["EXPLAINED", "build_group"]

EXPLAINED: Final = frozenset(
    {
        "private",
        "out",
        "rehearsal",
        "source",
        "roster",
        "now",
        "promised",
        "draws",
        "series",
        "named",
        "report",
        "after",
        "follows",
    }
)
"""Options whose help is ``cli.option_draw_<name>``; arguments have ``cli.argument_draw_<name>``."""


def build_group(lang: Language) -> typer.Typer:
    """Return the group of commands with its help in one language."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for name, command in (
        ("commit", draw_commit.run),
        ("seats", draw_commit.run_seats),
        ("late", draw_more.run_late),
        ("teachers", draw_more.run_teachers),
        ("inspect", draw_more.run_inspect),
        ("run", draw_run.run),
        ("verify", draw_verify.run),
        ("audit", draw_audit.run),
    ):
        text = messages.text(f"cli.help_draw_{name}").of(lang)
        group.command(name, help=text, short_help=text)(command)
    return group
