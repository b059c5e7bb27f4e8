# Every target makes its environment first; nothing else has to be installed but Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin
PARALLEL := -n 2 --dist loadfile

.PHONY: actionlint demo test lint bench quality screenshots sanitize

demo: .venv/run
	$(BIN)/jianbao demo

# TESTS=all runs the slow ones too, and lets none be left out for want of a browser or a peer.
ifeq ($(TESTS),all)
test: .venv/bench
	JIANBAO_TESTS=all $(BIN)/pytest $(PARALLEL)
else
test: .venv/test
	$(BIN)/pytest $(PARALLEL) -m "not slow"
endif

bench: .venv/bench
	$(BIN)/python -m tests.bench --parts index,query,server

quality: .venv/test
	$(BIN)/python -m tests.quality

# Every page and every piece of the interface, into build/screenshots/; the README's picture too.
screenshots: .venv/test
	$(BIN)/python -m tests.screenshots

# The functions in C under gcc's sanitizers, built into build/sanitize/; SANITIZE="--queries 500" is
# a shorter run.
sanitize: .venv/test
	$(BIN)/python -m tests.engines.sanitize $(SANITIZE)

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	mkdir -p build/typing && ln -sfn ../.. build/typing/jianbao
	$(BIN)/mypy
	$(BIN)/clang-format --dry-run --Werror $(shell git ls-files '*.c' '*.h' | grep ^indexer/)
	$(BIN)/python -m tests.engines.compiling -std=c11 -Wall -Wextra -Werror

# Checks the workflows of .github/; wants Go.
actionlint:
	go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

.venv/run: pyproject.toml $(wildcard indexer/*/native/*.[ch] indexer/*/*/native/*.[ch])
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/bench: .venv/test
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[bench]"
	touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[test,lint]"
	touch $@
