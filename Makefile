# Two commands matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO_ARGS ?=
TEST_ARGS ?=
PYTEST := $(BIN)/python -m pytest

# One thread per BLAS call: implicit asks for it, and two cores gain nothing from more.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: setup demo test test-slow test-all check bench docs serve lock clean

setup: $(VENV)/.dev                     ## the environment for development and tests

demo: $(VENV)/.base                     ## sandbox → network → guard → audit, then the console
	$(BIN)/havenwall demo $(DEMO_ARGS)

serve: $(VENV)/.base                    ## the API and the console on this machine
	$(BIN)/havenwall serve

test: setup $(VENV)/.browser check      ## everything but the slow suites, under ten minutes
	$(PYTEST) -n 2 -m "not slow"

test-slow: setup $(VENV)/.browser       ## only the slow suites
	$(PYTEST) -n 2 -m slow $(TEST_ARGS)

test-all: test test-slow                ## everything

check: setup                            ## style, types, layers
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench                   ## every performance figure, beside its peer
	@failed=0; for bar in benchmarks/bench_*.py; do echo "== $$bar"; $(BIN)/python $$bar || failed=1; done; exit $$failed

docs: setup                             ## regenerate the generated reference pages
	$(BIN)/python -m havenwall.cli.reference docs/reference

lock:                                   ## renew the lock files (hashes, no registry addresses)
	$(BIN)/pip install --quiet uv
	for g in "" "--group dev" "--group dev --group bench"; do \
	  case "$$g" in "") f=base;; *bench*) f=bench;; *) f=dev;; esac; \
	  $(BIN)/uv pip compile -q pyproject.toml $$g --universal --generate-hashes --no-header \
	    --python-version 3.11 -o requirements/$$f.txt; done

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build

# The scripts below say what to do when something is missing; a plain rule could not.
$(VENV)/.base: requirements/base.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV) base

$(VENV)/.dev: requirements/dev.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV) dev

$(VENV)/.bench: requirements/bench.txt pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV) bench

$(VENV)/.browser: scripts/browser.sh
	sh scripts/browser.sh && touch $@
