"""A command that was typed wrongly, said in the planner's language."""

import re
from typing import Final

import typer

from zoning import messages
from zoning.errors import Text

USAGE_ERROR: Final[type[Exception]] = typer.BadParameter.__mro__[1]
"""What the parser raises for anything typed wrongly; its module is private."""

_CODES: Final = {
    "NoSuchOption": "cli.no_such_option",
    "MissingParameter": "cli.missing_argument",
    "BadParameter": "cli.bad_argument",
}
_REASONS: Final = {
    r"valid integer": "cli.wants_whole",
    r"valid (?:number|float)": "cli.wants_number",
    r"greater than or equal to (\d+)|range x>=(\d+)": "cli.wants_least",
    r"No such command '?\"?(\w+)": "cli.no_command",
}


def usage_text(error: Exception) -> Text:
    """Return what was typed wrongly and how to see the right form, in both languages.

    Parameters
    ----------
    error
        What the parser raised.

    Examples
    --------
    >>> print(usage_text(typer.BadParameter("not a number", param_hint="--year")))
    --year cannot take that value: not a number. See zoning -h.
    """
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    command = "zoning" if context is None else str(context.command_path)
    if kind == "NoArgsIsHelpError":
        return Text(*[str(context.get_help()) if context else command] * 2)
    hint = getattr(error, "option_name", None) or _name(error)
    reason = _reason(str(getattr(error, "message", error)))
    return messages.text(_CODES.get(kind, "cli.bad_command"), name=hint, reason=reason, command=command)


def _reason(said: str) -> Text:
    """Return what the parser said in both languages; its own words where they are none of those expected."""
    for words, code in _REASONS.items():
        found = re.search(words, said)
        if found:
            return messages.text(code, value=found[found.lastindex or 0])
    return Text(said.rstrip("."), said.rstrip("."))


def _name(error: Exception) -> str:
    """Return the option or argument that an error is about, as it is typed."""
    hint = getattr(error, "param_hint", None)
    if hint:
        return str(hint)
    parameter = getattr(error, "param", None)
    options = [str(option) for option in getattr(parameter, "opts", ())]
    word = next((option for option in options if option.startswith("-")), None)
    return word or str(getattr(parameter, "metavar", None) or "DIR")
