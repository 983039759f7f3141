"""Lets the tests of this folder import ``bad.form``, ``bad.cases`` and ``bad.geo_cases``."""

import sys
from pathlib import Path

_HERE = str(Path(__file__).parent)
if _HERE not in sys.path:
    sys.path.insert(0, _HERE)
