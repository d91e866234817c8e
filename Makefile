# Needs Python 3.11 or newer, make and a package index; everything else goes into $(VENV).
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
GOLD ?= bench/gold
DOCS ?=
PEERS ?= .venv-peers
BULK ?= 2000

.PHONY: demo test lint lock audit release wheel bench bench-stages bench-incremental bench-latency bench-peers bench-plots bench-count bench-bulk quality schema docs clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.installed
	$(PY) -m checker demo

test: $(VENV)/.installed-dev
	$(PY) -m pytest

lint: $(VENV)/.installed-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m scripts.locks --check
	$(PY) -m scripts.licences

# Exact versions and hashes of everything, in requirements/; needs a package index.
lock: $(VENV)/.installed-dev
	$(PY) -m scripts.locks

# Known vulnerabilities of the locked packages; asks a public service, and says so where none answers.
audit: $(VENV)/.installed-dev
	@$(PY) -m scripts.audit

# What is handed out, in dist/: wheel, source, bill of materials (CycloneDX), checksums.
release: $(VENV)/.installed-dev
	$(PY) -m scripts.release

wheel: $(VENV)/.installed-dev
	$(PY) -m build --wheel --outdir dist .

bench: $(VENV)/.installed-dev
	$(PY) bench/throughput.py

# DOCS=folder: real documents besides the made-up ones (bench-stages) or in their place (bench-peers).
bench-stages: $(VENV)/.installed-dev
	$(PY) -m bench.stages $(if $(DOCS),"$(DOCS)")

bench-incremental: $(VENV)/.installed-dev
	$(PY) -m bench.incremental

bench-latency: $(VENV)/.installed-dev
	$(PY) -m bench.latency

# The peers go into $(PEERS) only; one that cannot be had is skipped with the reason.
bench-peers: $(VENV)/.installed-dev
	$(PY) -m bench.peers.install "$(PEERS)"
	$(PY) -m bench.peers.measure --peers "$(PEERS)" $(if $(DOCS),"$(DOCS)")

bench-plots: $(VENV)/.installed-dev
	$(PY) -m bench.plots

# Some minutes; BULK=100000 takes hours and can be stopped and taken up again.
bench-bulk: $(VENV)/.installed-dev
	$(PY) -m bench.bulk --documents $(BULK)

# Fails when calls, memory or instructions are more than 5 % above bench/counts.json.
bench-count: $(VENV)/.installed-dev
	$(PY) -m bench.counting --instructions

quality: $(VENV)/.installed-dev
	$(PY) bench/quality.py "$(GOLD)" $(if $(DOCS),--docs "$(DOCS)")

schema: $(VENV)/.installed
	for name in baseline config dossier report rule waivers; do \
	  $(PY) -m checker schema $$name > docs/schema/$$name.schema.json || exit 2; done

docs: schema
	$(PY) bench/pages.py
	$(PY) bench/reference.py
	$(PY) bench/screens.py

clean:
	rm -rf $(VENV) $(PEERS) dist build

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或者更高版本；可以指定：make demo PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "无法建立虚拟环境：请安装 venv 和 ensurepip（Debian、Ubuntu：apt install python3-venv）" >&2; \
	  exit 2; }

$(VENV)/.installed: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/.installed
