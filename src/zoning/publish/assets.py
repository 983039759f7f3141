"""Files that pages carry inside: checked, made safe to inline, and named when they are not inlined."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from zoning import messages
from zoning.errors import ZoningError

__all__ = ["content_policy", "leaflet_tags", "own_file", "script_json", "vendored_script"]

_CDN: Final = "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/"


def _static() -> Traversable:
    return files(__package__) / "static"


def own_file(name: str, *, package: str = "zoning.publish") -> str:
    """Return the text of one of this project's own page files, such as ``atlas/map.js``.

    Parameters
    ----------
    name
        Its name in the package's folder ``static``.
    package
        Whose page it is.
    """
    return (files(package) / "static" / name).read_text(encoding="utf-8")


def _vendored(name: str, *, folder: str = "leaflet") -> bytes:
    place = _static() / folder
    content = (place / name).read_bytes()
    listed = (place / "SHA256SUMS").read_text(encoding="utf-8").split()
    wanted = dict(zip(listed[1::2], listed[::2], strict=True))
    if hashlib.sha256(content).hexdigest() != wanted[name]:
        raise ZoningError(messages.text("publish.changed_asset", file=name))
    return content


def vendored_script(folder: str, name: str) -> str:
    """Return a library's text that may stand in a script tag, after checking that it is the one checked in.

    Raises
    ------
    ZoningError
        When the file is another one.
    """
    return _no_close(_vendored(name, folder=folder).decode())


def leaflet_tags(*, inline: bool) -> tuple[str, str]:
    """Return the style and the script tag of Leaflet, inlined or from its public address with its checksum.

    Raises
    ------
    ZoningError
        When a vendored file is not the one that was checked in.
    """
    style, script = _vendored("leaflet.css"), _vendored("leaflet.js")
    if inline:
        # Without images of the default marker and layer control, which the pages do not use; and with lines
        # as a browser reads them, for the hash of the policy.
        css = re.sub(r"url\(images/[^)]*\)", "none", style.decode()).replace("\r\n", "\n")
        return f"<style>{css}</style>", f"<script>{_no_close(script.decode())}</script>"
    return (
        f'<link rel="stylesheet" href="{_CDN}leaflet.css" {_checked(style)}>',
        f'<script src="{_CDN}leaflet.js" {_checked(script)}></script>',
    )


def _integrity(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def _checked(content: bytes) -> str:
    return f'integrity="{_integrity(content)}" crossorigin="anonymous"'


def _no_close(script: str) -> str:
    return script.replace("//# sourceMappingURL=leaflet.js.map", "").replace("</script", "<\\/script")


def script_json(value: object) -> str:
    r"""Return JSON that is safe inside a script tag: no ``<``, ``>``, ``&`` or line separator survives.

    Examples
    --------
    >>> script_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def content_policy(page: str, *, hosts: Sequence[str] = ()) -> str:
    """Return the page's content security policy: its own inline scripts and styles by hash, nothing else.

    A page with style attributes, which no hash covers, allows inline styles instead.

    Parameters
    ----------
    page
        The finished HTML.
    hosts
        Addresses that scripts and styles may also come from.
    """
    scripts, styles = (
        [f"'{_integrity(inside.encode())}'" for inside in re.findall(f"(?s)<{tag}>(.*?)</{tag}>", page)]
        for tag in ("script", "style")
    )
    if re.search(r"<\w[^<>]*\sstyle=", page):
        styles = ["'unsafe-inline'"]
    policy = (
        f"default-src 'none'; script-src {' '.join([*scripts, *hosts])}; "
        f"style-src {' '.join([*styles, *hosts])}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
