"""The command line: one file a command; heavy imports wait for the command that needs them."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import typer

from zoning import messages
from zoning.cli import (
    alternatives,
    certify,
    check,
    compare,
    demo,
    draw,
    find,
    forecast,
    new,
    plan,
    publish,
    record,
    score,
)
from zoning.cli.output import BAD_INPUT, Output, exit_code
from zoning.cli.usage import USAGE_ERROR, usage_text
from zoning.errors import Language, ZoningError

__all__ = ["build_app", "build_command", "chosen_language", "main"]

_EXPLAINED: Final[Mapping[str, str]] = {
    "folder": "cli.option_folder",
    "plan": "cli.option_plan",
    "plans": "cli.option_plan",
    "address": "cli.option_address",
    "public": "cli.option_public",
    "year": "cli.option_year",
    "years": "cli.option_years",
    "stage": "cli.option_stage",
    "against": "cli.option_against",
    "out": "cli.option_out",
    "seed": "cli.option_seed",
    "seconds": "cli.option_seconds",
    "iterations": "cli.option_iterations",
    "gap": "cli.option_gap",
    "paths": "cli.option_paths",
    "births": "cli.option_births",
    "housing": "cli.option_housing",
    "migration": "cli.option_migration",
    "no_figures": "cli.option_no_figures",
}
"""Arguments and options whose help is a sentence of the catalogue."""
_EXPLAINED_OF: Final[Mapping[tuple[str, str], str]] = {
    ("demo", "folder"): "cli.option_demo_folder",
    ("new", "folder"): "cli.option_new_folder",
    ("forecast", "plan"): "cli.option_forecast_plan",
    ("forecast", "seed"): "cli.option_forecast_seed",
    ("publish", "before"): "cli.option_publish_before",
    ("publish", "override"): "cli.option_publish_override",
    ("publish", "replaces"): "cli.option_publish_replaces",
    ("publish", "because"): "cli.option_publish_because",
    ("publish", "no_print"): "cli.option_publish_no_print",
    ("record", "head"): "cli.option_record_head",
}
"""Those that mean something else in one command, or are explained there only."""
STOPPED = 130
"""What a shell shows after Ctrl-C."""


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language to speak: ``--lang``, else ``ZONING_LANG``, else the locale's, else English.

    Examples
    --------
    >>> chosen_language(["check", "--lang", "zh"], {})
    'zh'
    >>> chosen_language(["check"], {"LANG": "zh_CN.UTF-8"})
    'zh'
    """
    for number, word in enumerate(arguments):
        if word.startswith("--lang="):
            return "zh" if word.endswith("zh") else "en"
        if word == "--lang" and number + 1 < len(arguments):
            return "zh" if arguments[number + 1] == "zh" else "en"
    names = ("ZONING_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    first = next((environment[name] for name in names if environment.get(name)), "")
    return "zh" if first.lower().startswith("zh") else "en"


def build_app(lang: Language) -> typer.Typer:
    """Return the application with its help in one language."""
    app = typer.Typer(
        name="zoning",
        help=messages.text("cli.about").of(lang),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, command in (
        ("demo", demo.run),
        ("new", new.run),
        ("check", check.run),
        ("forecast", forecast.run),
        ("plan", plan.run),
        ("score", score.run),
        ("compare", compare.run),
        ("alternatives", alternatives.run),
        ("certify", certify.run),
        ("publish", publish.run),
        ("record", record.run),
        ("find", find.run),
    ):
        text = messages.text(f"cli.help_{name}").of(lang)
        app.command(name, help=text, short_help=text)(command)
    text = messages.text("cli.help_draw").of(lang)
    app.add_typer(draw.build_group(lang), name="draw", help=text, short_help=text)
    app.callback()(_version)
    return app


def build_command(lang: Language) -> Any:  # noqa: ANN401 - the parser's class is private
    """Return the application as a parser, each option with a catalogue sentence explained by it."""
    command: Any = typer.main.get_command(build_app(lang))
    for name, one in command.commands.items():
        for option in one.params:
            code = _EXPLAINED_OF.get((name, option.name)) or _EXPLAINED.get(option.name)
            if code:
                option.help = messages.text(code).of(lang)
    for one in command.commands["draw"].commands.values():
        for option in one.params:
            if option.param_type_name == "argument":
                option.help = messages.text(f"cli.argument_draw_{option.name}").of(lang)
            elif option.name in draw.EXPLAINED:
                option.help = messages.text(f"cli.option_draw_{option.name}").of(lang)
    return command


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed

        typer.echo(f"zoning {installed('zoning')}")
        raise typer.Exit


def _version(
    version: bool = typer.Option(False, "--version", is_eager=True, callback=_print_version),
) -> None:
    del version


def main() -> None:
    """Run the command line; exit 0 done, 1 a finding such as infeasible, 2 bad input."""
    arguments = sys.argv[1:]
    lang = chosen_language(arguments, os.environ)
    output = Output(lang=lang, as_json="--json" in arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may not be UTF-8
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = build_command(lang)(arguments, standalone_mode=False)
    except ZoningError as error:
        output.refuse(error)
        sys.exit(exit_code(error))
    except OSError as error:
        why = messages.reason(error)
        output.refuse(ZoningError(messages.text("cli.os_error", reason=why, file=error.filename)))
        sys.exit(BAD_INPUT)
    except USAGE_ERROR as error:
        output.refuse(ZoningError(usage_text(error)))
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        code = STOPPED
    if code == STOPPED:
        output.say(messages.text("cli.stopped"))
    sys.exit(code)
