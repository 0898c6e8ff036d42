# `make run` and `make test` are all that is needed; both install what they need into .venv first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export PYTHONWARNINGS ?= default::DeprecationWarning:imsite

.PHONY: run serve test chaos bench lint clean

run: $(VENV)/runtime.stamp
	@$(BIN)/python manage.py start

# A process per core, on the PostgreSQL and Redis that DATABASE_URL and REDIS_URL name.
serve: $(VENV)/runtime.stamp
	@$(BIN)/python manage.py start --no-demo --workers $${WEB_CONCURRENCY:-$$(nproc)}

test: $(VENV)/dev.stamp
	@$(BIN)/python -m tests

# How fast and how small, beside the references: benchmarks/README.md. Takes about four minutes on a machine with nothing else
# to do; BENCH="--quick" shows the way, BENCH="--runs 3" takes medians.
bench: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks $(BENCH)

# Faults for a minute each, on a PostgreSQL and a Redis that it starts and removes itself.
chaos: $(VENV)/dev.stamp
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-60} $(BIN)/python -m pytest tests/chaos -m chaos

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/runtime.stamp

clean:
	rm -rf $(VENV) var
