# Everything a newcomer needs: `make run`, then `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The locks name versions and hashes only; where packages come from is this machine's own setting.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: audit licences sbom fuzz setup run test lint languages gallery screenshots bench bench-notices restore-test migrate-test cluster-test soak eval lock clean

setup: $(VENV)/.runtime

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit("procare needs Python 3.11 or later; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian or Ubuntu, install the package python3-venv"; exit 1; }
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.lock pyproject.toml
	@echo "installing the pinned packages into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/procare lexicon compile
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "installing the pinned development packages into $(VENV)"
	@$(PIP) install --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

run: setup
	@$(BIN)/procare serve

# The tests start hundreds of processes of ours: without kept bytecode each would compile all of it again.
# Servers come beside the packages, and types are checked beside the tests: what mypy says stands at the end, and fails the whole.
test: export PYTHONDONTWRITEBYTECODE :=
test:
	@sh tests/servers/install.sh & servers=$$!; \
	$(MAKE) --no-print-directory $(VENV)/.dev && $(BIN)/ruff check . && $(BIN)/ruff format --check .; clean=$$?; \
	wait $$servers && [ $$clean = 0 ] || exit 1; \
	$(BIN)/mypy >$(VENV)/mypy.out 2>&1 & types=$$!; \
	$(BIN)/python -m pytest -n 3 --dist worksteal --hypothesis-profile=same; tested=$$?; \
	wait $$types; typed=$$?; cat $(VENV)/mypy.out; [ $$typed = 0 ] && exit $$tested

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# Every conversation test in every language and every way of answering; "make test" plays one way in most languages.
languages: $(VENV)/.dev
	@$(BIN)/procare dialogs test --all

# Pictures of the main conversations of every language, in the chat page on a phone: build/gallery/*.png, to be looked at.
gallery: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/python -m tests.browser.gallery build/gallery
	@$(BIN)/python -m bench.sheets build/gallery

# A picture of each text as a phone shows it, for translators: make screenshots CODE=ta, or only of one flow: FLOW=menu
screenshots: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/procare i18n preview $(CODE) $(FLOW) --to build/preview/$(CODE).html
	@$(BIN)/python -m tests.browser.entries build/preview/$(CODE).html build/preview/$(CODE)

bench: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.content
	@$(BIN)/python -m bench.catalogues

# A rehearsal on private RabbitMQ, Redis and mongod: back up under load, lose everything, restore. Minutes.
restore-test: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/python -m pytest -m long tests/backup

# An installation moves its ids, is killed meanwhile, and goes back, while people write through RabbitMQ. About four minutes.
migrate-test: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/python -m pytest -m long -s tests/upgrade

# Three nodes of each engine on this machine; one of each is killed, then frozen, then two of three are killed, and the network is cut,
# while people write. About a quarter of an hour; the cuts need root and Linux.
cluster-test: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/python -m pytest -m long -s tests/cluster

# Half an hour at half capacity with faults: memory, waiting, promises. A short one: make soak SECONDS=240.
SECONDS ?= 1800
soak: $(VENV)/.dev
	@sh tests/servers/install.sh
	@PROCARE_TEST_SOAK_SECONDS=$(SECONDS) $(BIN)/python -m pytest -m long -s tests/soak

bench-notices: $(VENV)/.dev
	@sh tests/servers/install.sh
	@$(BIN)/python -m bench.notices
	@$(BIN)/python -m bench.wave

# How well messages are understood: on the samples and on our own phrases, per language and script.
eval: $(VENV)/.dev
	@$(BIN)/python -m tests.understanding.evaluate

# Make the locks anew after a change of pyproject.toml: versions and hashes, no addresses.
LOCK := $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11
lock: $(VENV)/.dev
	$(LOCK) --extra build pyproject.toml -o requirements.lock
	$(LOCK) --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

# What is known against our packages: from the live service, or from the record in tests/supply where it cannot be reached.
audit: $(VENV)/.dev
	@$(BIN)/python -m tests.supply audit

licences: $(VENV)/.dev
	@$(BIN)/python -m tests.supply licences

# The runtime's packages with their hashes, as CycloneDX.
sbom: $(VENV)/.dev
	@mkdir -p bench/out
	@$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o bench/out/sbom.cdx.json
	@echo "bench/out/sbom.cdx.json"

# More than a million inputs, one target after the other (about half an hour). Needs Linux on x86-64.
fuzz: $(VENV)/.dev
	@for target in "evolution 320000" "meta 250000" "partners 150000" "media 50000" "yaml 150000" "template 200000" "understanding 90000"; do \
	  set -- $$target; $(BIN)/python -m tests.fuzz $$1 --runs $$2 || exit 1; done

clean:
	rm -rf $(VENV) data dialogs/lexicon/.compiled bench/out .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
