# `make demo` and `make test` work on a fresh Debian or Ubuntu with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help install demo test prove check bench image crash failover fuzz soak explore outsiders mutants screenshots pictures site docs format lock wheels clean

help: ## this list
	@awk -F':.*## ' '/^[a-z ]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## the real bot against simulators, in your browser: no token, no key, no money
	$(BIN)/hanout demo

# Without the packages of the tests, in a folder of its own: docs/install.md tells what is made.
PREFIX ?= /opt/hanout
install: ## a real shop in /opt/hanout, with a user and a systemd unit, as root; or PREFIX=~/hanout
	@sh deploy/install/hanout-install "$(abspath $(PREFIX))" "$(CURDIR)" "$(PYTHON)"

# The tests have two halves: tests/conftest.py says which test is in which, tests/parts.py prints what each part took.
PART = @$(BIN)/python tests/parts.py

# Tests start processes by the dozen, and each would compile the shop anew.
unexport PYTHONDONTWRITEBYTECODE

# Some of them wait for real time, so there are more at once than cores; tests/again.py runs few that fail once more.
MEASURED = env MEASURE=$(CURDIR)/.coverage.$(firstword $(subst -, ,$@)) $(BIN)/python -m tests.again -p tests.measure --dist worksteal
test: $(VENV)/.with-tests ## static checks and the everyday tests: seven minutes on two cores
	@rm -f .coverage.test* $(VENV)/parts.txt
	$(PART) "static checks" $(MAKE) --no-print-directory check
	$(PART) "rules, services, screens, contracts, some processes" \
		$(MEASURED) -n 3 -m "everyday or not (prove or later)"
	@$(BIN)/coverage combine --quiet --data-file=.coverage.test
	$(BIN)/coverage report --data-file=.coverage.test --include='bot/domain/*,bot/services/*' --fail-under=100 || \
		{ rm -f .coverage.test; exit 1; }
	@$(BIN)/python tests/parts.py

# These mostly wait for processes, so there are more of them at once than cores. Everyday ones are run once more only to
# measure their processes.
PROVE = -m "prove and not (alone or browser) and (measured or not everyday)"

# The 95 % are of both halves together: what `make test` measured is measured again where a source is newer.
# Processes that tests start put their coverage where MEASURED_PROCESSES says.
prove: .coverage.test ## all other tests: processes, browser, short campaigns, PostgreSQL: 27 minutes
	@rm -f .coverage.prove* $(VENV)/parts.txt
	@$(MAKE) --no-print-directory prove-processes prove-pages
	$(PART) "speeds, one at a time" $(BIN)/pytest -m "prove and alone" tests/soak tests/failover tests/e2e
	@$(BIN)/coverage combine --quiet --data-file=.coverage.prove
	@$(BIN)/coverage combine --quiet --keep --data-file=.coverage.all .coverage.test .coverage.prove
	$(BIN)/coverage report --data-file=.coverage.all --fail-under=95
	@$(BIN)/python tests/parts.py

.PHONY: prove-processes prove-pages
prove-processes:
	$(PART) "load, crashes, processes, faults, PostgreSQL" \
		env MEASURED_PROCESSES=$(CURDIR)/.coverage.prove \
		$(BIN)/python -m tests.again $(PROVE) --dist load --maxschedchunk 1 -n 8 tests/soak tests/crash \
		tests/deploy tests/failover tests/e2e tests/fuzz tests/outsiders tests/explore tests/integration

prove-pages:
	$(PART) "browser, simulators, proxies, odd fields of suppliers" \
		$(MEASURED) -n 4 -m "browser or (later and not prove)" tests/e2e/browser tests/unit tests/integration

SOURCES := $(shell find bot handlers storage locales tests -name '*.py' -o -name '*.ftl') pyproject.toml
.coverage.test: $(SOURCES)
	@echo "make prove needs the coverage that make test measures, and has none of these sources: make test runs first"
	$(MAKE) --no-print-directory test

check: $(VENV)/.with-tests ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.with-tests ## the speeds of this machine, and which aims they meet
	$(BIN)/python -m tests.bench

image: $(VENV)/.with-tests ## the container's image on a Debian that debootstrap makes: 5 minutes, as root
	$(BIN)/python -m tests.deploy $(ARGUMENTS)

# The campaigns of docs/reliability.md, whole. Each prints its figures and its seed: make crash ARGUMENTS="--seed 7"
crash fuzz soak: $(VENV)/.with-tests ## campaigns: crashes, faults, load (docs/reliability.md)
	$(BIN)/python -m tests.$@ $(ARGUMENTS)

failover: $(VENV)/.with-tests ## processes killed, stopped, cut off, PostgreSQL restarted, a replica promoted: half an hour
	$(BIN)/python -m tests.$@ $(ARGUMENTS)

explore: $(VENV)/.with-tests ## every order in which actors can take turns, within bounds: 25 minutes
	$(BIN)/python -m tests.$@ $(ARGUMENTS)

outsiders: $(VENV)/.with-tests ## 20,000 updates made from the Bot API's specification
	$(BIN)/python -m tests.$@ $(ARGUMENTS)

# Changes the rules of the shop one by one and asks the tests whether they notice.
mutants: $(VENV)/.with-tests ## change the rules one by one: do the tests notice? (docs/mutants.md)
	$(BIN)/python -m pip install --quiet mutmut==3.8.1
	$(BIN)/python -m tests.mutants $(ARGUMENTS)

# Every screen in three languages, light and dark. Look at those of docs/pictures after `make pictures`.
screenshots: $(VENV)/.with-tests ## every screen as a picture, under screenshots/; WIDTH=320 for a smaller phone
	SCREENSHOTS=screenshots SCREENSHOTS_WIDTH=$(or $(WIDTH),360) NEED_BROWSER=1 $(BIN)/pytest -n 2 tests/e2e/browser/test_pictures*.py

pictures: $(VENV)/.with-tests ## the pictures that the pages show, taken anew and made small
	SCREENSHOTS=screenshots NEED_BROWSER=1 $(BIN)/pytest -n 2 tests/e2e/browser/test_pictures.py \
		tests/e2e/browser/test_pictures_of_vouchers.py
	$(BIN)/python -m tests.pictures screenshots

site: $(VENV)/.with-tests ## the documentation site, under site/; every link is checked
	$(BIN)/python -m tests.site

docs: $(VENV)/.installed ## write what the pages repeat from the code: settings, Telegram's answers
	$(BIN)/python -m bot.settings_reference > docs/settings.md
	$(BIN)/python -m handlers.edge docs/telegram.md

format: $(VENV)/.with-tests ## let ruff repair and format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The locks name no index: names, versions and hashes only. One runs the shop and the demo, one has the driver of
# PostgreSQL too (the container's image), one the tests too.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header pyproject.toml --extra charts --extra demo
lock: $(VENV)/.installed ## renew the lock files from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --extra postgres --constraint requirements.lock --output-file requirements-postgres.lock
	$(LOCK) --group dev --extra postgres --constraint requirements-postgres.lock --output-file requirements-dev.lock

wheels: $(VENV)/.with-tests ## are there wheels of all locked packages for each Python and machine? (asks the index)
	$(BIN)/python -m tests.wheels

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

clean: ## remove the virtual environment and what tools left
	rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache *.egg-info site
