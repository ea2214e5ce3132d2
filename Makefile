# All set-up is in the verbs: `make serve` needs Python 3.11 and make, nothing else; `make test` installs a browser as well,
# from Debian's packages.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BROWSER := /usr/bin/chromedriver
RUNTIME := $(VENV)/.runtime

.PHONY: serve test lint bench verify mutants clean lock

serve: $(RUNTIME)  ## Start the emulator on http://127.0.0.1:8080
	$(BIN)/partner-mock serve $(ARGS)

test: lint $(BROWSER)  ## Everything that guards the project
	$(BIN)/coverage run -m pytest --rows --ignore tests/contracts $(ARGS)
	$(BIN)/coverage report
	$(BIN)/pytest -n auto tests/contracts

lint: $(STAMP)  ## Form and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tools/format_schemas.py --check

bench: $(STAMP)  ## Side-by-side measurements
	for bench in benchmarks/[a-z]*.py; do $(BIN)/python $$bench || exit 1; done

verify: $(STAMP)  ## Hold the emulator against its contract
	$(BIN)/partner-mock verify --site cn $(ARGS)
	$(BIN)/partner-mock verify --site intl $(ARGS)

mutants: $(STAMP)  ## How many wrong variants of the emulator the contract suite finds
	$(BIN)/python -m contracts.mutants $(ARGS)

lock:  ## Renew requirements*.lock from pyproject.toml
	$(PYTHON) tools/lock.py

clean:  ## Remove what the other verbs made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(STAMP): $(RUNTIME) requirements-dev.lock tests/sdk/old-requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(VENV)/old-sdks \
		-r tests/sdk/old-requirements.txt
	touch $@

$(BROWSER):  # Debian's Chromium with its driver, for tests of the reference page in a real browser; openssl, for certificates of tests
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq -o Acquire::Retries=3 --no-install-recommends chromium chromium-driver openssl
