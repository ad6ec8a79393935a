# Everything a developer or a curious librarian needs: Python 3.11+, git and make.
#
#   make demo       four small libraries, loaded and served on http://127.0.0.1:8000 (PORT=… for another)
#   make test       the whole test suite           make test-long   with the long tests
#   make check      style, types, directions       make bench       the figures of docs/benchmarks.md
#   make test-locks takes each lock and constraint of circulation away and shows the test that fails
#   make install    .venv with union-catalog       make lock        pin the dependencies again
#
# make test needs no server. With UNION_CATALOG_TEST_POSTGRES_URL and UNION_CATALOG_TEST_ELASTICSEARCH_URL it also runs what tests
# those, and says what it skips without them; CONTRIBUTING.md tells how to have both.

.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
UNION_CATALOG_HOME := $(or $(UNION_CATALOG_HOME),var/demo)
# Options for pytest (make test) and for the benchmarks (make bench).
ARGS ?=

PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev

.PHONY: help install demo test test-long test-locks check format bench lock clean

help:
	@sed -n 's/^#   //p' Makefile

install: $(INSTALLED)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is not. Name another one: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The package itself is built with the setuptools of the lock file, so nothing unpinned is ever fetched.
$(INSTALLED): requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

# Loading the same files again changes nothing, so a second run starts at once. The first page says as whom one can sign in.
demo: export UNION_CATALOG_HOME := $(UNION_CATALOG_HOME)
demo: export UNION_CATALOG_ENVIRONMENT := development
demo: $(INSTALLED)
	.venv/bin/python -m demo.describe var/demo-exports
	.venv/bin/union-catalog init
	.venv/bin/union-catalog network apply demo/network.toml
	.venv/bin/union-catalog policies apply demo/policies.toml
	.venv/bin/python -m demo.load var/demo-exports
	.venv/bin/python -m demo.people "$(UNION_CATALOG_HOME)/sign-in.json"
	exec env UNION_CATALOG_SIGN_IN_GUIDE="$(UNION_CATALOG_HOME)/sign-in.json" .venv/bin/union-catalog serve --port "$(PORT)"

test: $(INSTALLED_DEV)
	@.venv/bin/python -m pytest -m "not long" $(ARGS)

test-long: export HYPOTHESIS_PROFILE := long
test-long: $(INSTALLED_DEV)
	@.venv/bin/python -m pytest $(ARGS)

# Minutes, on the PostgreSQL of UNION_CATALOG_TEST_POSTGRES_URL; ARGS=loan takes those away that have the word in their name.
test-locks: $(INSTALLED_DEV)
	@.venv/bin/python -m tests.locks $(ARGS)

check: $(INSTALLED_DEV)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest --quiet tests/architecture

format: $(INSTALLED_DEV)
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: $(INSTALLED_DEV)
	.venv/bin/python -m benchmarks $(ARGS)

# Pins every version and its hashes for all platforms. Versions already pinned stay; ARGS=--upgrade raises them.
UV := var/uv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
  --custom-compile-command "make lock" pyproject.toml --group build $(ARGS)

$(UV):
	$(PYTHON) -m venv var/uv
	var/uv/bin/python -m pip --disable-pip-version-check --quiet install uv

lock: $(UV)
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
