"""Public files of invented draws, and a parent's hands on the verifier page."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.lottery.cases import DRAND, SEED
from tests.lottery.replay import canonical
from tests.publish.visits import Visit

from zoning.lottery import Committed, Revealed, run_draw
from zoning.publish import assets

VERIFY_ALL = """(cases) => cases.map((files) => {
  try {
    const octets = {};
    for (const name of Object.keys(files)) octets[name] = new TextEncoder().encode(files[name]);
    return drawCheck.verify(octets).transcript.root;
  } catch (problem) { return `${problem.word || problem.stack} ${JSON.stringify(problem.facts || {})}`; }
})"""
WORDS = json.loads(assets.own_file("draw/words.json"))
Files = dict[str, bytes]


def drawn(committed: Committed, seed: tuple[Revealed, ...] = SEED) -> Files:
    """Return the four public files of a draw."""
    files = {part: getattr(committed, part).octets() for part in ("manifest", "roster", "constraints")}
    return {**files, "transcript": run_draw(committed, seed, now=DRAND.at).octets()}


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the files as the browser is given them."""
    return {name: content.decode() for name, content in files.items()}


def root_of(files: Mapping[str, bytes]) -> str:
    """Return the root that Python wrote into the transcript."""
    return str(json.loads(files["transcript"])["root"])


def checked(phone: Visit, files: Mapping[str, bytes], **typed: str) -> str:
    """Choose files, fill in what a parent types, press the button, and return what the page says."""
    page = phone.page
    if files:
        choose(phone, files)
    for field, value in typed.items():
        if field == "record":
            page.evaluate("() => { document.getElementById('record-part').open = true; }")
        page.fill(f"#{field}", value)
    before = int(page.evaluate("document.documentElement.dataset.checked || 0"))
    page.click("#check")
    page.wait_for_function("(n) => Number(document.documentElement.dataset.checked) > n", arg=before)
    return said(phone)


def choose(phone: Visit, files: Mapping[str, bytes]) -> None:
    """Choose files and wait until the page has read them."""
    names = {name: f"{name}.csv" if name == "splits" else f"{name}.json" for name in files}
    given = [
        {"name": names[name], "mimeType": "application/json", "buffer": content}
        for name, content in files.items()
    ]
    phone.page.set_input_files("#files", given)
    phone.page.wait_for_function(
        "(names) => names.every((name) => [...document.querySelectorAll('.there')]"
        ".some((item) => item.textContent.startsWith(name)))",
        arg=list(names.values()),
    )


def said(phone: Visit) -> str:
    """Return the verdict, what is said of a child, and the report."""
    return "\n".join(phone.page.inner_text(part) for part in ("#verdict", "#child", "#more")).strip()


def swapped(name: str, old: bytes, new: bytes) -> Callable[[Files], Files]:
    """Return an edit that puts other bytes into one file."""

    def edit(files: Files) -> Files:
        assert old in files[name]
        return {**files, name: files[name].replace(old, new, 1)}

    return edit


def edited(name: str, edit: Callable[[Any], object]) -> Callable[[Files], Files]:
    """Return an edit of the values in one file, which stays canonical."""

    def change(files: Files) -> Files:
        value = json.loads(files[name])
        edit(value)
        return {**files, name: canonical(value)}

    return change
