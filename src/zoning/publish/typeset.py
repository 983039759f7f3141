"""Printed pages: a Typst template and data become the bytes of a tagged PDF, the same ones everywhere.

Templates lie in ``static/print``; ``house.typ`` there holds the look they share.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from zoning.errors import Language
from zoning.publish import assets

__all__ = ["font_path", "picture", "typeset"]


def let_go() -> None:
    """Free the memory of documents set before; worth its tenth of a second after hundreds of pages.

    Typst keeps what it has computed until ten more documents have not asked for it.
    """
    for at in range(_KEPT):
        typeset("blank", {"title": f"{at}"}, lang="en")
