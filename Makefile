# Everything a newcomer needs is `make demo` and `make test`. Windows without make: see README.md.
.DEFAULT_GOAL := help
.PHONY: simulate simulate-faults mutants help set-up demo serve webhook trouble doctor azurite test test-e2e test-hosts test-rest test-tables test-tools test-package package check chaos soak bench documents picture audit format requirements azure-commands clean

VENV := .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
else
  BIN := $(VENV)/bin
endif
PY := $(BIN)/python
AZURITE := .azurite/node_modules/.bin/azurite-table

# The first interpreter that really is 3.13 (a pyenv shim may exist and still refuse).
IS_313 := import sys; sys.exit(sys.version_info[:2] != (3, 13))
PYTHON ?= $(shell for p in python3.13 python3 python; do $$p -c "$(IS_313)" 2>/dev/null && echo $$p && break; done)

include infra/infra.mk
include tests/n8n/n8n.mk

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/ready: requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and was not found: install it (python.org, pyenv or uv) or run make PYTHON=/path/to/python3.13"; exit 1; }
	@$(PYTHON) -m tools.set_up

$(AZURITE): tools/node/package.json
	@command -v npm >/dev/null || { echo "Azurite, Microsoft's table storage emulator, needs Node.js with npm"; exit 1; }
	@echo "Installing Azurite (once, about half a minute) ..."
	@mkdir -p .azurite && cp $< .azurite/
	@npm install --prefix .azurite --no-audit --no-fund --loglevel=error
	@touch $@

set-up: $(VENV)/ready ## make .venv with all Python packages; every other command does so by itself

demo: $(VENV)/ready ## play a short story through the whole service, on this machine
	@$(PY) -m sandbox demo

serve: $(VENV)/ready ## run the whole service on this machine until Ctrl-C (PORT, STORAGE=azurite, TOPOLOGY=file)
	@$(PY) -m sandbox serve $(if $(PORT),--port $(PORT)) $(if $(STORAGE),--storage $(STORAGE)) $(if $(TOPOLOGY),--topology $(TOPOLOGY))

CRM ?= standard
webhook: $(VENV)/ready ## send a webhook to what `make serve` runs (CRM=dataverse|hubspot|salesforce|standard, CUSTOMER=id)
	@$(PY) -m sandbox webhook $(CRM) $(if $(CUSTOMER),--customer $(CUSTOMER))

KIND ?= outage
trouble: $(VENV)/ready ## make the Partner Center of `make serve` misbehave (KIND=denial|throttling|outage|silence|none)
	@$(PY) -m sandbox trouble $(KIND)

SETTINGS ?= local.settings.json
doctor: $(VENV)/ready ## examine what `make serve` runs, or another service (SETTINGS=file)
	@$(PY) -m qualification doctor --settings $(SETTINGS)

azurite: $(AZURITE) ## install Azurite, for `make serve STORAGE=azurite`

test: test-rest test-e2e test-hosts ## unit, contract, runtime and end-to-end tests

# Real hosts and brokers have time-outs that a busy machine breaks: they run when all else is done, what .ci/run names in BESIDE
# included, and one after the other: a chaos run beside other tests finds the machine, not the service.
HOSTS := tests/chaos tests/contract/broker tests/documents tests/runtime
test-hosts: $(VENV)/ready | test-rest $(BESIDE)
test-e2e: $(VENV)/ready | test-hosts
test-e2e:
	@$(PY) -m pytest -m "not tables" tests/e2e
test-hosts:
	@$(PY) -m pytest -m "not tables" $(HOSTS)

test-rest: $(VENV)/ready
	@$(PY) -m pytest -m "not tables" $(addprefix --ignore=,$(HOSTS) tests/e2e tests/tools)

test-tables: $(VENV)/ready $(AZURITE) ## the store contract on Azure Table Storage (Azurite)
	@$(PY) -m pytest -m tables --ignore=tests/tools

test-tools: $(VENV)/ready ## what builds documents and models; that the built documents are current
	@$(PY) -m pytest tests/tools

check: $(VENV)/ready ## lint, types, dependency rule, compiled requirements
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(PY) -m pytest tests/unit/test_structure.py
	@$(PY) -m tools.requirements --check

CHAOS_SECONDS ?= 300
CHAOS_SEED ?= 1
chaos: $(VENV)/ready ## try to break the promises: kills, outages, races (CHAOS_SECONDS, CHAOS_SEED)
	@$(PY) -m sandbox chaos --seconds $(CHAOS_SECONDS) --seed $(CHAOS_SEED)

SEEDS ?= 100
FIRST_SEED ?= 1
simulate: $(VENV)/ready ## play hostile weeks from seeds, in virtual time (SEEDS, FIRST_SEED, WITHOUT=kind,kind, TRACE=1, SHRINK=1)
	@PYTHONHASHSEED=0 $(PY) -m tests.simulation --seeds $(SEEDS) --first-seed $(FIRST_SEED) --without "$(WITHOUT)" $(if $(TRACE),--trace) $(if $(SHRINK),--shrink)

simulate-faults: $(VENV)/ready ## plant faults in a copy of the product, and see at which seed each is found (FAULTS="name name")
	@PYTHONHASHSEED=0 $(PY) -m tests.simulation.faults $(FAULTS)

# mutmut keeps what it has found in mutants/, and goes on from there: MUTANTS="qualification.domain.doubt*" tries some.
mutants: $(VENV)/ready ## change the rules and use cases, one change at a time, and count what no test notices (hours; MUTANTS)
	@PYTHONHASHSEED=0 $(BIN)/uv run --quiet --no-project --python $(PY) --with-requirements requirements-dev.txt --with mutmut==3.8.1 mutmut run $(MUTANTS)
	@$(PY) -m tools.mutants

soak: $(VENV)/ready ## 10,000 webhooks as fast as one host takes them
	@$(PY) -m sandbox soak

bench: $(VENV)/ready ## measure beside what one would write otherwise, eleven minutes (ROWS="queue growth" for some)
	@$(PY) -m benchmarks $(ROWS)

documents: $(VENV)/ready ## write what is built: the OpenAPI document, the page of problems, the tables of docs/reference
	@$(PY) -m tools.documents

picture: $(VENV)/ready ## play the demo and draw the picture that README shows
	@$(PY) -m tools.picture

PACKAGE_BIN := $(subst $(VENV),.venv-package,$(BIN))
.venv-package/ready: tools/package/requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and was not found."; exit 1; }
	@echo "Setting up .venv-package with what builds and examines the package (once, half a minute) ..."
	@$(PYTHON) -m venv .venv-package
	@$(PACKAGE_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/package/requirements.txt
	@touch $@

package: .venv-package/ready ## build what is deployed, from the last commit: dist/app.zip, and its bill of materials
	@$(PACKAGE_BIN)/python -m tools.package

dist/app.zip:
	@$(MAKE) --no-print-directory package

# Tests and sandbox come from the last commit; program, settings and dependencies from the package. git sees the difference, if there is one.
CLONE := dist/clone
test-package: $(VENV)/ready dist/app.zip ## the tests and the demo, on what dist/app.zip holds
	@rm -rf $(CLONE) && git clone --quiet . $(CLONE) && ln -s $(abspath $(VENV)) $(CLONE)/.venv && touch $(VENV)/ready
	@cd $(CLONE) && rm -r function_app.py host.json requirements.txt qualification && $(abspath $(PY)) -m zipfile -e ../app.zip . \
		&& git diff --exit-code --stat || { echo "dist/app.zip is of another commit, see above: run make package"; exit 1; }
	@PYTHONPATH=$(abspath $(CLONE))/.python_packages/lib/site-packages $(MAKE) --no-print-directory -C $(CLONE) test test-tables demo

AUDITED ?= requirements.txt requirements-cli.txt
audit: .venv-package/ready ## known vulnerabilities of what is deployed, and of the command line (needs the internet; AUDITED="file file")
	@$(PACKAGE_BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off $(addprefix -r ,$(AUDITED)) \
		|| { echo "make audit: a vulnerability was found, or the advisories could not be read (see above)"; exit 1; }

format: $(VENV)/ready ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

requirements: $(VENV)/ready ## compile every requirements file, with hashes, from pyproject.toml or the requirements.in beside it
	@$(PY) -m tools.requirements

AZURE_BIN := $(subst $(VENV),.venv-azure,$(BIN))
.venv-azure/ready: tests/azure/requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and was not found."; exit 1; }
	@echo "Setting up .venv-azure with the Azure CLI (once, two minutes, 700 MB) ..."
	@$(PYTHON) -m venv .venv-azure
	@$(AZURE_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/azure/requirements.txt
	@touch $@

azure-commands: .venv-azure/ready ## have the Azure CLI parse each az command of the documents; none is run
	@$(AZURE_BIN)/python -m pytest tests/azure

clean: ## remove what make made
	rm -rf $(VENV) $(INFRA) $(N8N) dist mutants .venv-azure .venv-package .azurite .sandbox .mypy_cache .ruff_cache .pytest_cache
