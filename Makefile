# Every target makes its environment first; nothing else has to be installed but Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-all lint bench quality

demo: .venv/run
	$(BIN)/jianbao demo

test: .venv/test
	$(BIN)/pytest -m "not slow"

test-all: .venv/test
	$(BIN)/pytest

bench: .venv/bench
	$(BIN)/python -m tests.bench --parts index,query,server

quality: .venv/test
	$(BIN)/python -m tests.quality

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/bench: .venv/test
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[bench]"
	touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[test,lint]"
	touch $@
