# make        lists the targets
# Variables:  PORT=8501  PYTHON=python3  VENV=.venv  WORKERS=2  ARGS=  (ARGS goes to pytest or the benchmarks)

PYTHON ?= python3
PORT ?= 8501
VENV ?= .venv
WORKERS ?= 2
ARGS ?=

BIN := $(VENV)/bin
# The name of a stamp holds a checksum of the pins: unchanged pins need neither pip nor a network.
APP_STAMP := $(VENV)/.app-$(shell cat requirements.txt | cksum | tr ' ' '-')
DEV_STAMP := $(VENV)/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr ' ' '-')

# OpenMP's waiting threads make small fits hundreds of times slower on a busy machine.
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test smoke check bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: $(APP_STAMP) ## make the virtual environment in .venv with the pinned packages

setup-dev: $(DEV_STAMP) ## the same, with what tests and checks need

run: setup ## start the app on 127.0.0.1:8501 with the sample study open (PORT=... for another port)
	@exec $(BIN)/python -m tools.serve --port $(PORT)

test: setup-dev ## run the whole test suite (ARGS="tests/decision -x" for a part)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

smoke: setup ## train two pools of the shipped study again from their text and compare (fetches 84 MB the first time)
	$(BIN)/python -m causalmix_core study verify flagship --smoke --progress $(ARGS)

check: setup-dev ## format, lint, types, tests: what must be clean before a change goes in
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

bench: setup-dev ## print the benchmarks on real and synthetic runs
	$(BIN)/python -m benchmarks $(ARGS)

clean: ## remove caches and build leftovers (the virtual environment and projects stay)
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(APP_STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "CausalMix needs Python 3.11 or newer, which $(PYTHON) is not: name one with PYTHON=python3.12." >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV): minutes and about 2 GB the first time."
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet "$$(grep '^torch==' requirements.txt)"
	@$(BIN)/python -m pip install --quiet -r requirements.txt
	@rm -f $(VENV)/.app-* && touch $@

$(DEV_STAMP): | $(APP_STAMP)
	@$(BIN)/python -m pip install --quiet -r requirements.txt -r requirements-dev.txt
	@rm -f $(VENV)/.dev-* && touch $@
