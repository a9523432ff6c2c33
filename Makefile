# Each target is a one-line call of the command `standfast`, or of a tool that looks after it.
# make train                                       the sample book, from nothing to a plan
# make train SETTINGS=path/to/standfast.toml       the same on your own book

PYTHON   ?= python3
SETTINGS ?=
HOURS    ?=
OUT      ?= out
VENV     := .venv
BIN      := $(VENV)/bin
STAMP    := $(VENV)/.installed
RUN      := $(BIN)/standfast
BOOK     := $(if $(SETTINGS),$(SETTINGS),$(OUT)/sample/standfast.toml)

# Threads that wait must not spin: see standfast/cli/group.py.
export OMP_WAIT_POLICY ?= PASSIVE
# Packages come uncompiled, so what is used of them is compiled once and kept in .venv; where the environment forbids
# that, every command would compile thousands of modules anew, which takes longer than most of what it does.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install extras train score plan report monitor serve ui test thorough check docs bench notebooks upgrade clean

help:  ## list all targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 18

# First the pinned list as it stands, with nothing to resolve; then the project, and what this platform needs beside it.
$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "standfast needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 install" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.extras: $(STAMP) constraints-extra.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile -r constraints-extra.txt
	@touch $@

$(OUT)/sample/standfast.toml: $(STAMP)
	$(RUN) sample $(OUT)/sample

install: $(STAMP)  ## make the environment .venv from constraints.txt

extras: $(VENV)/.extras  ## add Spark (needs Java) and what the bench compares with

train: $(STAMP) $(if $(SETTINGS),,$(OUT)/sample/standfast.toml)  ## from tables to a plan: train, score, plan, report (SETTINGS=your/standfast.toml)
	$(RUN) run --settings $(BOOK) --out $(OUT) $(if $(HOURS),--hours $(HOURS))

score: $(STAMP)  ## score the newest date of the book with the champion
	$(RUN) score --settings $(BOOK) -o $(OUT)/scores.parquet

plan: $(STAMP)  ## plan the scored book within the hours (HOURS=300)
	$(RUN) plan $(OUT)/scores.parquet --settings $(BOOK) -o $(OUT)/plan.csv $(if $(HOURS),--hours $(HOURS))

report: $(STAMP)  ## write the page a leader reads
	$(RUN) report --settings $(BOOK) -o $(OUT)/report.html

monitor: $(STAMP)  ## look after the model in use: drift, matured labels, what to do (exit 1: act)
	$(RUN) monitor --settings $(BOOK)

serve: $(STAMP)  ## run the service: page and API on http://127.0.0.1:8000
	$(RUN) serve --settings $(BOOK)

ui: $(STAMP)  ## open the MLflow UI on mlruns/ (PORT=5000)
	MLFLOW_DISABLE_TELEMETRY=true $(BIN)/mlflow ui --workers 1 --backend-store-uri sqlite:///mlruns/mlflow.db --port $(or $(PORT),5000)

test: $(STAMP)  ## all tests: unit, properties, integration, end to end, doctests, notebook
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=20 --durations-min=10 --nbmake --nbmake-timeout=300 tests/integration/test_spark.py notebooks tests/e2e tests/integration tests/unit src

thorough: $(STAMP)  ## all tests, with every variant and hundreds of examples of each law (an hour or more)
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -n 2 --dist loadfile --timeout 3600 tests src

check: $(STAMP)  ## style, types, layers, and that the generated docs are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(STAMP)  ## write the generated docs anew (commands, settings, tables)
	$(BIN)/python docs/generate.py

bench: $(VENV)/.extras  ## print the table of ratios
	$(BIN)/python -m bench

notebooks: $(STAMP)  ## run the notebooks from top to bottom
	$(BIN)/python -m pytest --nbmake --nbmake-timeout=300 notebooks

upgrade:  ## resolve the newest versions pyproject.toml allows into constraints.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	{ head -2 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable; } > constraints.new && mv constraints.new constraints.txt
	@touch $(STAMP)

clean:  ## remove what make wrote to out/
	rm -rf $(OUT)
