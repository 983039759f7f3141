"""The planner's atlas: one page in two languages; the only importer of folium.

folium makes the map and the page around it; the blocks are sent once and restyled in the page, because a
folium layer a theme would send them again each time and style them in quadratic time.
"""

from collections.abc import Sequence
from importlib.metadata import version

import folium
from branca.element import Element, Figure
from folium.template import Template

from zoning import messages
from zoning.district import District
from zoning.errors import Language
from zoning.forecast import Forecast
from zoning.publish import assets
from zoning.publish.content import page_content
from zoning.publish.result import StageResult
from zoning.units import school_year

__all__ = ["atlas_page"]

_SCRIPTS = ("page/pieces.js", "atlas/data.js", "atlas/map.js", "atlas/panel.js", "atlas/main.js")


class _Page(Figure):
    """The page around the map: language, title, viewport that can be zoomed, and no third-party asset."""

    def __init__(self, *, title: str, lang: Language, data: str, library: str) -> None:
        super().__init__()
        self._template = Template(assets.own_file("atlas/page.html"))
        self.header = Element()  # without branca's own meta tags
        self.header._parent = self  # noqa: SLF001 - how branca joins elements
        self.title = title
        self.lang_tag = "zh-CN" if lang == "zh" else "en"
        self.version = version("zoning")
        self.data = data
        self.library = library
        self.own = "\n".join(assets.own_file(name) for name in _SCRIPTS)


class _Map(folium.Map):
    """A folium map without tiles, jQuery, Bootstrap, fonts or forbidden zoom."""

    def __init__(self) -> None:
        super().__init__(tiles=None, zoom_snap=0.05, zoom_delta=0.5, wheel_px_per_zoom_level=110)
        self.default_js = []
        self.default_css = []
        self._id = "atlas"  # folium's own is random, and the same plan must give the same bytes

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        const MAP = L.map({{ this.get_name()|tojson }}, {...{{ this.options|tojavascript }}});
        {% endmacro %}
        """,
    )


def atlas_page(
    district: District,
    results: Sequence[StageResult],
    demand: Forecast | None,
    *,
    self_contained: bool = True,
    lang: Language = "zh",
) -> str:
    """Return the atlas as HTML; see :func:`zoning.publish.publish_atlas`."""
    content = page_content(district, results, demand, lang=lang)
    style, script = assets.leaflet_tags(inline=self_contained)
    title = messages.text("publish_atlas.title").of(lang)
    title = title.format(place=district.place.name.of(lang), year=school_year(results[0].plan.year))
    page = _Page(title=title, lang=lang, data=assets.script_json(content), library=script)
    page.add_child(_Map())
    page.header.add_child(_Raw(style), name="leaflet")
    page.header.add_child(_Raw(f"<style>{assets.own_file('atlas/atlas.css')}</style>"), name="style")
    html: str = page.render()
    hosts = () if self_contained else ("https://cdn.jsdelivr.net",)
    return html.replace("<!--content-security-policy-->", assets.content_policy(html, hosts=hosts))


class _Raw(Element):
    """An element that prints its text as it is, not as a template."""

    def __init__(self, text: str) -> None:
        super().__init__(template="{{ this.text }}")
        self.text = text
