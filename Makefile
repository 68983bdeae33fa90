# Everything one does with Qiao. `make help` lists it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Absolute, since some recipes work in a folder of their own.
override CARGO_TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))
QIAO_LISTEN ?= 127.0.0.1:7300
QIAO_DATA ?= qiao-demo
export CARGO_TARGET_DIR

WEB_SOURCES := $(shell git ls-files web docs/guide 2>/dev/null)

.PHONY: help demo build dev test lint fmt contract e2e web openapi crash bench fuzz

help: ## What there is
	@grep -E '^[a-z0-9]+:.*## ' Makefile | sed -E 's/^([a-z0-9]+):.*## /  make \1\t/' | expand -t 20

demo: build ## The example company at http://127.0.0.1:7300 (QIAO_LISTEN, QIAO_DATA)
	"$(CARGO_TARGET_DIR)/release/qiao" demo --data "$(QIAO_DATA)" --listen "$(QIAO_LISTEN)"

build: web/dist/index.html ## The complete program, pages included, at target/release/qiao
	cargo build --release -p qiao

web: web/dist/index.html ## The pages

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

e2e/node_modules/.package-lock.json: e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

dev: ## The server and the pages, both built anew on change (two terminals: make dev, cd web && npm run dev)
	cargo run -p qiao -- serve

test: web/dist/index.html e2e/node_modules/.package-lock.json ## Every test: Rust on SQLite and PostgreSQL, web, browser
	scripts/install-for-tests browser
	scripts/with-postgres cargo test --workspace --no-fail-fast
	cd web && npm test
	cargo build -p qiao
	cd e2e && QIAO_BIN="$(CARGO_TARGET_DIR)/debug/qiao" node run.mjs --short

lint: web/node_modules/.package-lock.json ## Format, clippy, types, eslint, the rules of the house
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	scripts/house
	cd web && npm run lint && npm run types && npm run typecheck && git diff --exit-code src/api/schema.d.ts

fmt: ## Format the Rust sources
	cargo fmt --all

contract: ## Every command of the contract that is built, as written, from another folder
	cargo build -p qiao
	scripts/contract "$(CARGO_TARGET_DIR)/debug/qiao"

e2e: web/dist/index.html e2e/node_modules/.package-lock.json ## The journeys in a real browser, axe on every screen in every look
	scripts/install-for-tests browser
	cargo build -p qiao
	cd e2e && QIAO_BIN="$(CARGO_TARGET_DIR)/debug/qiao" node run.mjs

crash: ## kill -9 during a write load, 20 times on both databases; the trace of every sync (needs strace)
	scripts/install-for-tests trace
	QIAO_CRASH_ROUNDS=20 scripts/with-postgres cargo test -p qiao-testkit --test crash -- --nocapture
	scripts/trace-durability

fuzz: ## The engine beside the oracle on 1,000,000 random companies; goes on where it was ended
	scripts/fuzz

bench: web/dist/index.html ## Speed on 1,000,000 opportunities beside the machine's floor (BENCH_ROWS, BENCH_RUNS, BENCH_SECONDS, BENCH_DATA)
	scripts/install-for-tests
	cargo build --release -p qiao
	cargo build --release -p qiao-bench
	QIAO_TEST_POSTGRES_FSYNC=on QIAO_TEST_POSTGRES_BUFFERS=1GB scripts/with-postgres \
	  env QIAO_BIN="$(CARGO_TARGET_DIR)/release/qiao" BENCH_DATA="$${BENCH_DATA:-$(CARGO_TARGET_DIR)/bench}" "$(CARGO_TARGET_DIR)/release/qiao-bench"

openapi: ## Write the API's description that the web types are made from
	cargo run -q -p qiao -- openapi > crates/app/openapi.json
