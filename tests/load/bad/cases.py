"""Bad folders whose fault stands in a table or in ``zoning.toml``."""

from bad.form import Bad

CASES: list[Bad] = []
