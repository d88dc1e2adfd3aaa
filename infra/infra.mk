# The checks of azure.yaml, infra/ and .github/workflows; included by the Makefile.
.PHONY: infra infra-mistakes infra-snapshots

INFRA := .venv-infra
ifeq ($(OS),Windows_NT)
  INFRA_BIN := $(INFRA)/Scripts
else
  INFRA_BIN := $(INFRA)/bin
endif

$(INFRA)/ready: infra/requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and was not found."; exit 1; }
	@echo "Setting up $(INFRA) (once, about a minute) ..."
	@$(PYTHON) -m venv $(INFRA)
	@$(INFRA_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/requirements.txt
	@touch $@

# Kusto's own language service, which validates the queries of alerts and workbook.
$(INFRA)/node_modules/@kusto: $(INFRA)/ready
	@command -v npm >/dev/null || { echo "make infra validates its queries with Kusto's language service, which needs Node.js with npm"; exit 1; }
	@npm install --prefix $(INFRA) --no-save --no-audit --no-fund --loglevel=error @kusto/language-service-next@12.4.1
	@touch $@

infra-mistakes: $(INFRA)/node_modules/@kusto ## plant mistakes in a copy of the templates, and see each caught (MISTAKES=first.toml: one of each kind)
	@$(INFRA_BIN)/python -m tests.infra.seeded $(MISTAKES)

infra: $(INFRA)/node_modules/@kusto ## compile the templates (compiler: BICEP, the PATH or az bicep), compare snapshots, check policy and our rules
	@$(INFRA_BIN)/python -m pytest tests/infra

infra-snapshots: ## write anew what each profile deploys; what changes is what a deployment would change
	@$(PYTHON) infra/compiler.py --snapshots
