"""What a command says: progress and sentences on stderr, the result on stdout, as text or as JSON."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from zoning import messages
from zoning.errors import DataError, InfeasibleError, Language, Problem, Text, ZoningError

Folder = Annotated[str, typer.Argument(metavar="DIR", show_default=False)]
Lang = Annotated[str, typer.Option("--lang", metavar="en|zh", help="en | zh", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="JSON → stdout")]
Out = Annotated[str, typer.Option("--out", metavar="DIR", show_default=False)]

INFEASIBLE, BAD_INPUT = 1, 2


def exit_code(error: ZoningError) -> int:
    """Return 1 for a finding about good input (no plan exists), 2 for bad input."""
    return INFEASIBLE if isinstance(error, InfeasibleError) else BAD_INPUT


def problem_record(problem: Problem) -> dict[str, object]:
    """Return a problem as JSON writes it, both languages included."""
    return {
        "severity": problem.severity,
        "code": problem.code,
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "en": problem.sentence("en"),
        "zh": problem.sentence("zh"),
    }


def shortage_record(error: InfeasibleError) -> dict[str, object]:
    """Return why there is no plan as JSON writes it."""
    return {
        "reason": {"en": error.text.en, "zh": error.text.zh},
        "shortages": [
            {
                "rule": s.rule,
                "place": list(s.place),
                "pupils": s.pupils,
                "seats": s.seats,
                "short": s.short,
                "relaxation": {"en": s.relaxation.en, "zh": s.relaxation.zh},
            }
            for s in error.shortages
        ],
    }


@dataclass(frozen=True)
class Output:
    """Where a command writes.

    Parameters
    ----------
    lang
        Language of the sentences.
    as_json
        Whether the result is one JSON document on stdout.
    said
        Sentences printed so far.
    """

    lang: Language
    as_json: bool
    said: set[Text] = field(default_factory=set, compare=False)

    @classmethod
    def of(cls, lang: str, *, as_json: bool) -> "Output":
        """Return the output of a command from its options; an empty language means the environment's.

        Raises
        ------
        ZoningError
            When the language is neither zh nor en.
        """
        import os

        from zoning.cli import chosen_language

        if lang not in ("", "zh", "en"):
            raise ZoningError(messages.text("cli.bad_lang", value=lang))
        words = ["--lang", lang] if lang else []
        return cls(chosen_language(words, os.environ), as_json=as_json)

    def say(self, text: Text) -> None:
        """Print one sentence on stderr."""
        typer.echo(text.of(self.lang), err=True)

    def say_once(self, text: Text) -> None:
        """Print a sentence on stderr unless this run has printed it before."""
        if text not in self.said:
            self.said.add(text)
            self.say(text)

    def show(self, text: Text) -> None:
        """Print one sentence of the result on stdout, unless the result is JSON."""
        if not self.as_json:
            typer.echo(text.of(self.lang))

    def result(self, document: object) -> None:
        """Print the result as JSON where that was asked for."""
        if self.as_json:
            typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))

    def table(self, title: Text, header: Sequence[Text], rows: Iterable[Sequence[str]]) -> None:
        """Print a table on stdout, unless the result is JSON."""
        if self.as_json:
            return
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table

        table = Table(title=title.of(self.lang), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
        table.pad_edge = False  # four stages in Chinese fit 80 columns
        for number, cell in enumerate(header):
            table.add_column(cell.of(self.lang), justify="left" if number == 0 else "right", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        # A row that does not fit is better scrolled than cut in the middle of a figure.
        width = Console(width=1_000).measure(table).maximum
        Console(file=sys.stdout, width=width, highlight=False, markup=False).print(table)

    def problems(self, problems: Sequence[Problem]) -> None:
        """Print every problem on stderr, the worst kind first."""
        for severity in ("error", "question", "warning"):
            of_kind = [p for p in problems if p.severity == severity]
            if of_kind:
                self.say(messages.text(f"cli.count_{severity}", count=len(of_kind)))
            for problem in of_kind:
                typer.echo(f"  [{problem.code}] {problem.sentence(self.lang)}", err=True)

    def refuse(self, error: ZoningError) -> None:
        """Print why nothing was done."""
        found = error.problems if isinstance(error, DataError) else ()
        if found:
            self.problems(found)
        else:
            self.say(error.text)
        document: dict[str, object] = {"ok": False, "en": error.text.en, "zh": error.text.zh}
        document["problems"] = [problem_record(p) for p in found]
        if isinstance(error, InfeasibleError):
            document |= shortage_record(error)
            self.relaxations(error)
        self.result(document)

    def relaxations(self, error: InfeasibleError) -> None:
        """Print on stderr the least changes that would help, unless the sentence before has said them."""
        said = error.text.of(self.lang)
        for sentence in (shortage.relaxation.of(self.lang) for shortage in error.shortages):
            if sentence not in said:
                typer.echo(f"  - {sentence}", err=True)

    def files(self, paths: Iterable[Path]) -> None:
        """Print the files to open, unless the result is JSON."""
        self.show(messages.text("cli.open_these"))
        for path in paths:
            self.show(Text(f"  {path}", f"  {path}"))

    @contextmanager
    def progress(self, text: Text) -> Iterator[Callable[[str], None] | None]:
        """Show on stderr that a step is under way, and how long it took.

        Gives what replaces the line while it is shown on a terminal; None where there is none.
        """
        import time

        from rich.console import Console

        console = Console(file=sys.stderr, highlight=False, markup=False)
        begun = time.perf_counter()
        if console.is_terminal:
            with console.status(text.of(self.lang)) as status:
                yield status.update
        else:
            yield None
        self.say(Text(*(f"✓ {words}  {time.perf_counter() - begun:.1f} s" for words in (text.en, text.zh))))
