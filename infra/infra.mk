# The checks of azure.yaml, infra/ and .github/workflows; included by the Makefile. A Bicep compiler is used where there is one.
.PHONY: infra infra-compile infra-requirements

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
	@$(INFRA_BIN)/python -m pip install --quiet --disable-pip-version-check -r infra/requirements.txt
	@touch $@

infra-compile:
	@if command -v bicep >/dev/null; then \
	  echo "Compiling and linting with $$(bicep --version)"; \
	  bicep build infra/main.bicep --stdout >/dev/null && bicep lint infra/main.bicep; \
	elif command -v az >/dev/null && az bicep version >/dev/null 2>&1; then \
	  echo "Compiling and linting with az: $$(az bicep version 2>/dev/null)"; \
	  az bicep build --file infra/main.bicep --stdout >/dev/null && az bicep lint --file infra/main.bicep; \
	else \
	  echo "NOT COMPILED: no Bicep compiler on the PATH. What follows checks syntax, policy and our own rules only."; \
	fi

infra: infra-compile $(INFRA)/ready ## compile where a Bicep compiler is at hand; check syntax, policy and our rules
	@$(INFRA_BIN)/python -m pytest tests/infra

infra-requirements: $(VENV)/ready
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --no-emit-index-url --custom-compile-command "make infra-requirements" infra/requirements.in -o infra/requirements.txt
