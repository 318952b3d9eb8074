# Two commands: `make run` and `make test`. Everything else is for who works on Proxeny.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export PORT ?= 8000
# Python keeps what it compiled, whatever the machine's habit: each start would compile it anew.
unexport PYTHONDONTWRITEBYTECODE
# Processes that the tests are dealt out to, each with a database server of its own.
JOBS ?= 2
MARKS ?= -m "not long and not thorough"
VENV := .venv
BIN := $(VENV)/bin
# Texts are compiled when it is installed: anew when they have changed.
TEXTS := $(wildcard src/proxeny/locale/*/LC_MESSAGES/django.po)

.PHONY: run test test-full test-all install install-dev browser lock check format messages docs clean

run: install
	@exec $(BIN)/proxeny run

test: install-dev browser
	@$(BIN)/python .ci/tests $(STRICT) $(if $(DATABASE_URL),,-n $(JOBS)) $(MARKS)

# Each test with all its cases, whole products, everybody at every door.
test-full: MARKS := -m "not long"
test-full: test

# Everything, before an issue is closed or a release: what takes minutes to look closer at what other
# tests look at too, and ten thousand damaged files of each kind.
test-all: export PROXENY_FUZZ ?= 3
test-all: export PROXENY_FUZZED_FILES ?= 10000
test-all: MARKS :=
test-all: STRICT := --strict
test-all: test

install: $(VENV)/.run
install-dev: $(VENV)/.dev

$(VENV)/.run: requirements/run.lock pyproject.toml .ci/install $(TEXTS)
	@.ci/install run

$(VENV)/.dev: requirements/dev.lock requirements/run.lock pyproject.toml .ci/install $(TEXTS)
	@.ci/install dev

# A real browser for the tests: the distribution's, else Playwright's own.
browser: install-dev
	@.ci/browser

check: install-dev
	@.ci/check

format: install-dev
	@$(BIN)/ruff check --fix -q . || true
	@$(BIN)/ruff format -q .
	@.ci/templates || true

lock:
	@.ci/lock

messages: install-dev
	@.ci/messages

# The documentation as a site, in build/docs; a warning is an error.
docs: install-dev
	@.ci/docs

clean:
	rm -rf $(VENV) .tools .proxeny .mypy_cache .ruff_cache .pytest_cache
