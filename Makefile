RUN = uv run --quiet

.PHONY: help up demo check test soak soak-engines bench bench-matching fmt schemas pictures pins

help:     ## Say what there is
	@sed -n 's/^\([a-z-]*\): *## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16
up:       ## Start everything on this machine; Ctrl-C stops it
	@$(RUN) vcp up
demo:     ## Play the drill through the real parts
	@$(RUN) vcp demo
test:     ## All tests, through real servers
	@$(RUN) pytest
soak:     ## Post for minutes while parts are killed at random (SOAK="--minutes 10 --seed 7")
	@$(RUN) python -m tests.soak $(SOAK)
soak-engines: ## Ask 10,000 questions while engines are killed at random (SOAK="--seed 7")
	@$(RUN) python -m tests.soak.engines $(SOAK)
check:    ## What must hold beside the tests
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) python -m schemas.publish --check
	$(RUN) python -m services.gateway.published --check
	cd services/console && $(RUN) npm run --silent check
	cd services/console && $(RUN) npm run --silent test
	cd services/console && $(RUN) npm run --silent format:check
	git ls-files -z | xargs -0 $(RUN) services/console/node_modules/.bin/secretlint --secretlintrc .ci/secretlint.json
	$(RUN) python .ci/advisories.py
	$(RUN) check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
bench:    ## Measure, each beside a floor of the same run
	@$(RUN) python -m benchmarks
bench-matching: ## Measure matching on labelled pairs (DATA=folder; MATCHING=--fit fits the weights anew)
	@$(RUN) python -m benchmarks.matching $(DATA) $(MATCHING)
	@$(RUN) python -m benchmarks.searching $(DATA)
	@$(RUN) python -m benchmarks.firms
fmt:      ## Lay the code out
	$(RUN) ruff check --fix .
	$(RUN) ruff format .
	cd services/console && $(RUN) npm run --silent format
schemas:  ## Write anew what is generated from the event types and the answers
	$(RUN) python -m schemas.publish
	$(RUN) python -m services.gateway.published
pictures: ## Take the pictures of the console anew
	$(RUN) python .ci/pictures.py
pins:     ## Upgrade and pin every version
	uv run --no-project --python 3.11 python .ci/pins.py
