"""``zoning new``: an empty folder with templates."""

from zoning import messages
from zoning.cli.output import AsJson, Folder, Lang, Output


def run(folder: Folder, lang: Lang = "", as_json: AsJson = False) -> None:
    """Write the templates of every table and a commented zoning.toml into a new folder."""
    output = Output.of(lang, as_json=as_json)
    from zoning.load import write_templates

    written = write_templates(folder, lang=output.lang)
    output.show(messages.text("cli.new_done", folder=folder, count=len(written)))
    output.result({"ok": True, "files": [str(path) for path in written]})
