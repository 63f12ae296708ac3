# Everything happens in a virtual environment in .venv, made when first needed and brought up to
# date when pyproject.toml or constraints.txt change. ARGS are passed on:
#   make test ARGS="tests/unit -k hours"      make demo ARGS="--keep"

SHELL = /bin/sh
VENV = .venv
BIN = $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
RUNTIME = $(VENV)/.runtime-installed
DEV = $(VENV)/.dev-installed
ARGS =
# Tests on screens, terminals and servers wait about half of their time.
WORKERS = $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))

.PHONY: help demo test bench soak lint clean

help:
	@echo "make demo    open the desk on a copy of the demo documents"
	@echo "make test    check style, types and imports, then run all tests"
	@echo "make lint    check style, types and imports only"
	@echo "make bench   measure speed, with the bare parts measured in the same run"
	@echo "make soak    fifty agents at one desk for two minutes: is anything lost?"
	@echo "make clean   remove the virtual environment and everything derived"

demo: $(RUNTIME)
	@$(BIN)/helpdesk demo $(ARGS)

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	@command -v tmux >/dev/null 2>&1 || \
	echo "The tests on a real terminal need tmux; install it first (Debian: apt-get install tmux)."
	@command -v dovecot >/dev/null 2>&1 || test -x /usr/sbin/dovecot || \
	echo "The tests of IMAP are not run without Dovecot (Debian: apt-get install dovecot-imapd)."
	@$(BIN)/python -m tests.ssh
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

bench: $(DEV)
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(DEV)
	$(BIN)/python -m tests.soak $(ARGS)

clean:
	rm -rf $(VENV) build dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing helpdesk into $(VENV) ..."
	@$(INSTALL) -e .
	@touch $@

$(DEV): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing helpdesk and its tools into $(VENV) ..."
	@$(INSTALL) -e '.[dev]'
	@touch $(RUNTIME) $@

# A launcher may be there without its Python, or a Python without venv: so each is tried out.
$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	    >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$python ..."; \
	    $$python -m venv --clear $(VENV) && exit 0; \
	    rm -rf $(VENV); exit 1; \
	  fi; \
	done; \
	echo "helpdesk needs Python 3.11 or newer with venv: install it (Debian: apt-get install python3 python3-venv)." >&2; \
	exit 1
