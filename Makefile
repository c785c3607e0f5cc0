# The commands of the project. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run demo test bench openapi check clean

# One fixed cargo command line: any other choice of packages would compile the AWS SDKs once more.
CARGO_FLAGS := --workspace --locked
BIN := $(or $(CARGO_TARGET_DIR),target)/debug
# Where tests/prepare puts what it installs.
export PATH := $(PATH):$(HOME)/.local/share/optopec-tools/bin

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## Start the whole system on http://127.0.0.1:3000 (OPTOPEC_PORT, OPTOPEC_DONNEES, CONCENTRATEUR_URL, CONCENTRATEUR_JETON)
	cargo build $(CARGO_FLAGS) --bins
	@exec $(BIN)/optopec

demo: ## Run the main job, step by step, against a system of its own
	cargo build $(CARGO_FLAGS) --bins
	@exec $(BIN)/optopec demo

test: ## Install what the tests need and run them all
	./tests/prepare
	cargo fmt --all --check
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings
	cargo deny check bans licenses sources
	cargo test $(CARGO_FLAGS)

bench: ## Benchmarks, each beside a baseline in the same run
	cargo bench $(CARGO_FLAGS) --bench recherche --bench import --bench hostile --bench requetes --bench chiffrement

openapi: ## Write openapi.json and docs/droits.md from the code
	cargo build $(CARGO_FLAGS) --bins
	$(BIN)/optopec openapi > openapi.json.new && mv openapi.json.new openapi.json
	$(BIN)/optopec droits > docs/droits.md.new && mv docs/droits.md.new docs/droits.md

check: ## Format, lints and types only
	cargo fmt --all --check
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings

clean: ## Remove what was built and the local data
	cargo clean
	rm -rf .optopec
