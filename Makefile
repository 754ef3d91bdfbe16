# What there is to do here: `make help`. Every target first brings what it needs and is missing.

PYTHON ?= $(shell command -v python3.11 2>/dev/null || command -v python3 2>/dev/null || echo python3)
ENV ?= local
ARGS ?=

# A Python that is there but is another than 3.11 is refused by local.setup itself.
NO_PYTHON = error: $(PYTHON) is not there. Install Python 3.11, or name it: make PYTHON=/path/to/python3.11 ...
SETUP = if ! command -v $(PYTHON) >/dev/null 2>&1; then echo "$(NO_PYTHON)" >&2; exit 1; fi; exec $(PYTHON) -m local.setup
VENV = .venv/bin/python
CDK = $(VENV) -m lake.cdk_cli
COMPILE = .venv/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --custom-compile-command 'make lock'

# An environment in an account needs the packages; the one on this machine must be running too.
READY = $(if $(filter local,$(ENV)),up,setup)

# Python keeps what it compiled: the CDK's and boto3's modules take seconds to compile.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME
.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help setup run up down deploy diff synth dataset check test soak bench picture lock clean

help: ## what there is to do
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{printf "%-16s %s\n", $$1, $$2}'
	@echo "  with ENV=$(ENV) (deploy, diff, synth) and ARGS='…' for pytest or the CDK"

setup: ## install what is missing, into this folder
	@$(SETUP) install

run: ## from nothing to a finished pipeline run on this machine
	@$(SETUP) run

up: ## start AWS on this machine
	@$(SETUP) up

down: ## stop AWS on this machine, and all that runs in it
	@if [ -x $(VENV) ]; then exec $(VENV) -m local down; else echo "nothing is installed, so nothing is running"; fi

deploy: $(READY) ## deploy the stacks of ENV
	@exec $(CDK) deploy --env $(ENV) $(ARGS)

diff: $(READY) ## what a deployment of ENV would change: first what is dangerous
	@$(CDK) synth --env $(ENV) --quiet $(ARGS) >&2
	@exec $(VENV) -m lake.review --env $(ENV) $(ARGS)

synth: setup ## write the templates of ENV to .lake/cdk.out
	@exec $(CDK) synth --env $(ENV) --quiet $(ARGS)

dataset: setup ## write datasets/NAME.yaml from a sample: make dataset NAME=… FILE=…
	@exec $(VENV) -m lake.sketch "$${NAME:-}" "$${FILE:-}"

check: setup ## style, types, and the templates against rules and snapshots
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy
	@exec $(VENV) -m pytest -m check $(ARGS)

test: setup ## all tests but those of soak
	@exec $(VENV) -m pytest --numprocesses logical --dist loadscope -m "not soak" tests/unit tests/integration $(ARGS)

soak: setup ## the tests that take longer: what is killed, and runs again
	@exec $(VENV) -m pytest -m soak tests $(ARGS)

bench: up ## all benchmarks, after make run; ARGS=NAME for one
	@exec $(VENV) -m benchmarks $(ARGS)

picture: up ## docs/run.svg anew, from a run of the flights: after make up and make deploy, before any run of them
	@$(VENV) -m samples flights
	@exec $(VENV) run.py flights --svg docs/run.svg

lock: setup ## pin the Python and Node packages anew, after a change of requirements*.in or package.json
	@$(COMPILE) requirements-build.in --output-file requirements-build.txt
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
	@PATH="$(CURDIR)/.venv/bin:$$PATH" exec npm install --package-lock-only --ignore-scripts

clean: ## stop AWS on this machine and remove all that was installed or made
	@if [ -x $(VENV) ] && [ -d .lake/emulator ]; then $(VENV) -m local down; fi
	@rm -rf .venv node_modules .lake
