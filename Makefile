# Two commands do everything: `make demo` and `make test`. Each sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: demo test check docs pytest format lock system clean

demo: $(VENV)/.ready
	$(BIN)/zoning demo maps/sample

test: check docs pytest

pytest: $(VENV)/.ready system
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.ready
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

format: $(VENV)/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One lock for Python 3.11-3.13 on Linux, macOS and Windows.
lock: $(VENV)/.ready
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --all-extras --upgrade \
		--no-emit-index-url --no-annotate --no-header -q pyproject.toml -o constraints.txt

# Chromium and Chinese fonts, which no wheel brings; only the browser tests need them.
system:
	@sh .ci/system.sh

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || sh .ci/system.sh venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e '.[test,docs]'
	@touch $@

clean:
	rm -rf $(VENV) docs/_build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
