"""A visit to a page that was made: what it asked for, and what it complained about."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Visit:
    """An open page with everything that it asked for and complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: Path, words: str = "") -> Any:  # noqa: ANN401 - playwright is optional
        """Open a file and wait until its script has run."""
        self.page.goto(path.as_uri() + (f"#{words}" if words else ""))
        self.page.wait_for_selector("html[data-ready]")
        return self.page
