"""Sphinx configuration; `make docs` builds with warnings as errors."""

import shutil
from pathlib import Path

from zoning.load.option_page import options_markdown
from zoning.load.schema import schema_markdown
from zoning.norms import all_norms

HERE = Path(__file__).parent
ROOT = HERE.parent

project = "zoning"
author = "the zoning contributors"
release = "0.1.0"
extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
]
html_theme = "furo"
html_title = "zoning"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_show_copyright = False
exclude_patterns = ["_build", "generated/README.md"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the tests execute the notebooks
autosummary_generate = True
numpydoc_show_class_members = False
intersphinx_mapping: dict[str, tuple[str, None]] = {}  # offline builds


def _norms_page() -> str:
    rows = [
        f"| `{n.id}` | {n.rule.en} {n.rule.zh} | {'' if n.value is None else f'{n.value:g} {n.unit}'} "
        f"| {n.mode} | {n.source} | {n.verification} | {n.note} |"
        for n in all_norms().values()
    ]
    head = [
        "| id | rule | value | how binding | source | verified | note |",
        "|---|---|---|---|---|---|---|",
    ]
    start = ["# Norms", "", "Every figure that a badge or warning uses, with its clause.", ""]
    return "\n".join(start + head + rows)


def _generated() -> None:
    target = HERE / "generated"
    target.mkdir(exist_ok=True)
    (target / "norms.md").write_text(_norms_page() + "\n", encoding="utf-8")
    for lang, name, title in (("en", "tables", "Input tables"), ("zh", "tables-zh", "输入表")):
        text = f"# {title}\n\n{schema_markdown(lang)}"
        (target / f"{name}.md").write_text(text, encoding="utf-8")
    for lang, name in (("en", "options"), ("zh", "options-zh")):
        (target / f"{name}.md").write_text(options_markdown(lang), encoding="utf-8")
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copyfile(notebook, target / notebook.name)


_generated()
