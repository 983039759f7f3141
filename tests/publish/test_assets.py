"""What pages carry inside."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.errors import ZoningError
from zoning.publish import assets
from zoning.publish.content import page_words


def test_every_word_of_the_page_is_in_the_catalogue() -> None:
    """No visitor reads the name of a sentence instead of the sentence, and no sentence lies unused."""
    files = [
        assets.own_file(f"atlas/{name}") for name in ("page.html", "data.js", "map.js", "panel.js", "main.js")
    ]
    text = "\n".join(files)
    named = set(re.findall(r"""T\((?:[^"()]*\? )?"(\w+)"(?: : "(\w+)")?""", text))
    used = {word for pair in named for word in pair if word} | set(re.findall(r'data-t="(\w+)"', text))
    used |= {f"aria_{word}" for word in re.findall(r'data-label="(\w+)"', text)}
    words = set(page_words())
    assert used <= words
    made_up = {"view", "area", "change", "place", "unit", "group", "stage", "legend", "aria"}
    quoted = set(re.findall(r'"(\w+)"', text))
    idle = {word for word in words - used - quoted if word.split("_")[0] not in made_up}
    assert idle == {"title"} - used


@given(st.dictionaries(st.text(), st.text()))
def test_json_in_a_script_stays_json_and_stays_inside(value: dict[str, str]) -> None:
    """Whatever a name holds, the script tag is not closed and the page reads the same name back."""
    text = assets.script_json(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


def test_a_changed_library_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A library file that somebody altered is never inlined into a page."""
    folder = tmp_path / "leaflet"
    folder.mkdir()
    for name in ("leaflet.js", "leaflet.css", "SHA256SUMS"):
        (folder / name).write_bytes((assets._static() / "leaflet" / name).read_bytes())
    monkeypatch.setattr(assets, "_static", lambda: tmp_path)
    assert len(assets.leaflet_tags(inline=True)) == 2
    (folder / "leaflet.js").write_text("alert(1)")
    with pytest.raises(ZoningError, match=r"leaflet\.js is not the one"):
        assets.leaflet_tags(inline=True)


def test_styles_come_by_hash_unless_an_attribute_needs_more() -> None:
    """Nothing that gets into a page may restyle it; a page with style attributes says that it has them."""
    page = "<style>p { color: red }</style><script>if (1 < 2) at.style.width = 'a style=';</script>"
    policy = assets.content_policy(page)
    assert re.search(r"style-src 'sha256-[\w+/=]+';", policy)
    assert "unsafe-inline" not in policy
    assert "style-src 'unsafe-inline';" in assets.content_policy(page + '<p style="top: 0">')
