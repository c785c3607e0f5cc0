# The commands of the project. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run web demo image images-ecran test test-cloud test-web sbom bench bench-print bench-package fuzz openapi package check clean

# One fixed cargo command line: any other choice of packages would compile the AWS SDKs once more.
CARGO_FLAGS := --workspace --locked
BIN := $(or $(CARGO_TARGET_DIR),target)/debug
# Where tests/prepare puts what it installs.
export PATH := $(PATH):$(HOME)/.local/share/optopec-tools/bin

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## Start the whole system on http://127.0.0.1:3000 (OPTOPEC_PORT, OPTOPEC_DONNEES, OPTOPEC_WEB, CONCENTRATEUR_URL, CONCENTRATEUR_JETON)
	@$(MAKE) --no-print-directory web || echo "web : l'écran n'a pas pu être construit (voir ci-dessus) ; l'API démarre quand même."
	cargo build $(CARGO_FLAGS) --bins
	@exec $(BIN)/optopec

web: ## Build the web client into web/dist, if it changed (Node 20 or newer)
	@if [ ! -f web/package.json ]; then echo "web : pas de client web dans cet arbre."; \
	elif ! node -e 'process.exit(parseInt(process.versions.node, 10) >= 20 ? 0 : 1)' 2>/dev/null || ! command -v npm >/dev/null; then \
	  echo "web : l'écran n'est pas construit : il faut Node 20 ou plus récent, avec npm."; \
	else $(MAKE) --no-print-directory web/dist/index.html; fi

# A folder is as new as the last file that was added to it or taken away.
WEB_SOURCES := $(shell find web -mindepth 1 \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report \) -prune -o -print 2>/dev/null)

# Not `npm ci`: it refuses a lock file without the packages of other platforms, which not every registry has.
web/node_modules/.package-lock.json: web/package-lock.json
	npm --prefix web install --no-save --no-audit --no-fund
	@mkdir -p $(@D) && touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	npm --prefix web run build
	@touch $@

demo: ## Run the main job, step by step, against a system of its own; what it prints is in .optopec/documents
	cargo build $(CARGO_FLAGS) --bins
	@exec $(BIN)/optopec demo

image: demo ## Draw the picture of the README from what the demonstration printed
	pdftoppm -r 72 -png -singlefile $(or $(OPTOPEC_DONNEES),.optopec)/documents/reponse.pdf docs/reponse

images-ecran: web ## Draw the three screens of the README, with invented data
	cargo build $(CARGO_FLAGS) --bins
	OPTOPEC_BIN=$(abspath $(BIN))/optopec npm --prefix web run --silent e2e -- --project=images

test: ## Install what the tests need and run them all
	./tests/prepare
	cargo fmt --all --check
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings
	cargo deny check bans licenses sources
	cargo test $(CARGO_FLAGS)
	@$(MAKE) --no-print-directory test-cloud
	@$(MAKE) --no-print-directory test-web

test-cloud: sbom ## The templates of the cloud against the code and under the linters, and the list of what the packages hold
	cargo build $(CARGO_FLAGS) --bins
	OPTOPEC_BIN=$(abspath $(BIN))/optopec infra/aws/verifier/verifier.sh

sbom: ## Write target/paquets/optopec.cdx.json: the crates and npm packages of what is deployed (CycloneDX), validated
	infra/aws/verifier/verifier.sh installer
	PYTHONDONTWRITEBYTECODE=1 $(HOME)/.local/share/optopec-tools/aws-sbom/bin/python infra/aws/sbom.py

test-web: web/node_modules/.package-lock.json ## The web client alone: types, lint, unit tests, budgets, then the scenarios in Chromium against a real system
	cargo build $(CARGO_FLAGS) --bins
	node web/verifications/types.mjs
	npm --prefix web run --silent check
	npm --prefix web run --silent lint
	npm --prefix web run --silent unit
	npm --prefix web run --silent build -- --logLevel warn
	node web/verifications/budgets.mjs
	OPTOPEC_BIN=$(abspath $(BIN))/optopec npm --prefix web run --silent e2e -- --project=scenarios

bench: ## Benchmarks, each beside a baseline in the same run
	cargo bench $(CARGO_FLAGS) --bench recherche --bench import --bench hostile --bench requetes --bench chiffrement

# The peer of the bench of the printing, in a folder of its own. Pango comes from the distribution, and so does the part of HarfBuzz without which
# it cuts its fonts five times slower.
WEASYPRINT_VERSION := 70.0
WEASYPRINT := $(HOME)/.local/share/optopec-tools/weasyprint-$(WEASYPRINT_VERSION)

$(WEASYPRINT)/pret:
	python3 -m venv $(WEASYPRINT)
	$(WEASYPRINT)/bin/pip install --quiet --disable-pip-version-check weasyprint==$(WEASYPRINT_VERSION)
	$(WEASYPRINT)/bin/python -c 'from weasyprint.text.ffi import harfbuzz_subset as h; assert h' 2>/dev/null || { \
	  root=; [ "$$(id -u)" = 0 ] || root=sudo; $$root apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 >/dev/null; }
	touch $@

bench-print: $(WEASYPRINT)/pret ## Times and memory of the printed documents on one core, beside WeasyPrint in the same run
	cargo bench $(CARGO_FLAGS) --bench impression --no-run
	taskset -c 0 cargo bench $(CARGO_FLAGS) --bench impression -- $(WEASYPRINT)/bin/python

# Seconds that each target is fuzzed for.
FUZZ_SECONDES := 60
FUZZ_CIBLES := xml csv nir montant
# What libFuzzer finds new stays out of the committed corpus, which `cargo fuzz cmin` keeps small.
FUZZ_TRAVAIL := $(abspath $(or $(CARGO_TARGET_DIR),fuzz/target))

fuzz: ## Fuzz each reader for FUZZ_SECONDES seconds (60); not part of the tests, which read the corpus only
	command -v cargo-fuzz >/dev/null || cargo install --quiet --locked --root $(HOME)/.local/share/optopec-tools --version 0.13.2 cargo-fuzz
	@set -e; for cible in $(FUZZ_CIBLES); do \
	  mkdir -p $(FUZZ_TRAVAIL)/corpus/$$cible; \
	  RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$(FUZZ_TRAVAIL) cargo fuzz run $$cible $(FUZZ_TRAVAIL)/corpus/$$cible fuzz/corpus/$$cible -- \
	    -max_total_time=$(FUZZ_SECONDES) -max_len=4096 -timeout=5 -dict=fuzz/dictionnaires/$$cible; \
	done

openapi: ## Write openapi.json and docs/droits.md from the code
	cargo build $(CARGO_FLAGS) --bins
	$(BIN)/optopec openapi > openapi.json.new && mv openapi.json.new openapi.json
	$(BIN)/optopec droits > docs/droits.md.new && mv docs/droits.md.new docs/droits.md

# Makes what runs with the glibc of Amazon Linux 2023 on a machine that has a newer one.
ZIG_VERSION := 0.17.1
ZIG := $(HOME)/.local/share/optopec-tools/ziglang-$(ZIG_VERSION)

$(ZIG)/pret:
	python3 -m venv $(ZIG)
	$(ZIG)/bin/pip install --quiet --disable-pip-version-check ziglang==$(ZIG_VERSION)
	touch $@

package: $(ZIG)/pret ## Build what is deployed: target/paquets/<function>.zip, and target/paquets-arm64 where that target is installed (minutes)
	OPTOPEC_ZIG=$(ZIG)/bin/python python3 -B infra/aws/paquets.py
	@$(MAKE) --no-print-directory sbom

bench-package: ## Measure the packages of `make package`: size, start, time and memory of the main job under AWS's emulator; fails beyond a budget
	infra/aws/verifier/verifier.sh installer
	python3 -B infra/aws/mesures.py

check: ## Format, lints and types only
	cargo fmt --all --check
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings

clean: ## Remove what was built and the local data
	cargo clean
	rm -rf .optopec
