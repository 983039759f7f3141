"""The benchmarks hold the one call of the engine, the reader of published instances and invented counties."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
