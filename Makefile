# `make demo` and `make test` work on a fresh Debian or Ubuntu with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo test check bench crash fuzz soak mutants screenshots docs format lock clean

help: ## this list
	@awk -F':.*## ' '/^[a-z ]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## the real bot against simulators, in your browser: no token, no key, no money
	$(BIN)/hanout demo

# These run without coverage, which costs as much again: they walk once more through what others have measured.
UNMEASURED = $(addprefix tests/,soak crash fuzz integration/test_any_interleaving.py $(addprefix e2e/,browser \
	test_bad_nights.py test_second_supplier.py test_set_aside_as_a_process.py))
PYTEST = -m pytest -n 4 --dist worksteal $(foreach tests,$(UNMEASURED),--ignore=$(tests))

# Greenlets make coverage dear: only where a database driver brings them are they followed.
test: check ## every check and every test, with their coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run --concurrency=thread $(PYTEST) -m "not driver"
	$(BIN)/coverage run $(PYTEST) -m driver
	$(BIN)/pytest -n 4 --dist load --maxschedchunk 1 $(UNMEASURED)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='bot/domain/*,bot/services/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

check: $(VENV)/.with-tests ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.with-tests ## the speeds of this machine
	$(BIN)/python -m tests.bench

# The campaigns of docs/reliability.md, whole. Each prints its figures and its seed: make crash ARGUMENTS="--seed 7"
crash fuzz soak: $(VENV)/.with-tests ## campaigns: crashes, faults, load (docs/reliability.md)
	$(BIN)/python -m tests.$@ $(ARGUMENTS)

# Changes the rules of the shop one by one and asks the tests whether they notice.
mutants: $(VENV)/.with-tests ## change the rules one by one: do the tests notice? (docs/mutants.md)
	$(BIN)/python -m pip install --quiet mutmut==3.8.1
	$(BIN)/python -m tests.mutants $(ARGUMENTS)

# Every screen in three languages, light and dark, under screenshots/; those of docs/pictures are renewed.
screenshots: $(VENV)/.with-tests ## every screen as a picture, under screenshots/
	SCREENSHOTS=screenshots NEED_BROWSER=1 $(BIN)/pytest -n 2 tests/e2e/browser/test_pictures*.py
	cd screenshots && cp $(notdir $(wildcard docs/pictures/*.png)) ../docs/pictures/

docs: $(VENV)/.installed ## write docs/settings.md from bot/settings.py
	$(BIN)/python -m bot.settings_reference > docs/settings.md

format: $(VENV)/.with-tests ## let ruff repair and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The locks name no index: names, versions and hashes only. One runs the shop and the demo, one the tests too.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header pyproject.toml --extra postgres --extra demo
lock: $(VENV)/.installed ## renew both lock files from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Hanout needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.with-tests: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

clean: ## remove .venv and everything that tools left
	rm -rf $(VENV) .coverage .pytest_cache .mypy_cache .ruff_cache *.egg-info
