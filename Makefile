# Two commands are enough: make run, make test. Everything else is in scripts/bootstrap.py.
PYTHON ?= python3

.PHONY: run test setup check clean

run:   ## set up what is missing and serve the demo city
	@$(PYTHON) scripts/bootstrap.py run

test:  ## set up what is missing, then lint, types, house rules and all tests
	@$(PYTHON) scripts/bootstrap.py test

setup: ## set up what is missing
	@$(PYTHON) scripts/bootstrap.py setup

check: ## lint, types and house rules
	@$(PYTHON) scripts/bootstrap.py check

clean: ## remove what set-up made, but not var/ (the city's records)
	rm -rf .venv static_build web/node_modules .setup.lock
