# Thin: Meson and Ninja know how to compile; this knows what must be there first.
# `make help` lists what there is.

LISTEN ?= 127.0.0.1:8080
FUZZ_SECONDS ?= 60
PREFIX ?= /usr/local
# CONSOLE=false leaves the web console out of the binaries.
CONSOLE ?= true
SUITE ?=

SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/node/bin:$(PATH)
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

web_files := $(shell find web -name node_modules -prune -o -name dist -prune \
    -o -type f ! -name schema.d.ts -print 2>/dev/null)
test_packages := tests/node_modules/.installed web/node_modules/.installed
console := $(if $(filter true,$(CONSOLE)),build/.console)

.DEFAULT_GOAL := help
.PHONY: help run test build bench lint format fuzz sim clean install console \
    deps-run deps-test deps-lint build-asan build-tsan build-fuzz

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: build ## serve a demo store at LISTEN (127.0.0.1:8080), installing and building what is missing
	@LISTEN=$(LISTEN) scripts/run-demo

test: deps-test $(test_packages) ## run every test, or those of SUITE='unit api ...'
	@tests/run $(SUITE)

build: build/build.ninja $(console) ## the release binary, build/minutebank
	@ninja -C build

bench: build ## measure it against bare loops of the same work
	@bench/run

lint: deps-lint $(test_packages) ## formatting and static checks of everything
	@scripts/lint

format: deps-lint ## lay out the C sources with clang-format
	@git ls-files -z '*.c' '*.h' | xargs -0 clang-format-14 -i

fuzz: deps-test $(test_packages) ## every fuzz target for FUZZ_SECONDS (60) each
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run fuzz

# One run when SEED is given, the same each time; else runs of new seeds for SIM_SECONDS.
sim: deps-test build-asan ## the fault simulator: SEED=N STEPS=N again, or SIM_SECONDS (300) of new seeds
	@build/asan/tests/sim/sim $(if $(SEED),--seed $(SEED) --steps $(or $(STEPS),300),--seconds $(or $(SIM_SECONDS),300))

install: build ## install below PREFIX (/usr/local), staged in DESTDIR if set
	@meson configure build --prefix $(PREFIX) && meson install -C build

clean: ## remove all that was built; installed npm packages stay
	rm -rf build web/dist

# What must be there first

deps-run deps-test deps-lint:
	@scripts/deps $(@:deps-%=%)

node_modules/.installed: package-lock.json | deps-run
	@PATH="$(SYSTEM_PATH)" $(NPM_CI)
	@touch $@

# npm leaves out native packages that the running Node is too old for, so these follow the newer Node.
%/node_modules/.installed: %/package-lock.json node_modules/.installed
	@cd $* && $(NPM_CI)
	@touch $@

console: build/.console ## build the web console into web/dist

build/.console: web/node_modules/.installed $(web_files) api/openapi.yaml
	@cd web && npm run build
	@mkdir -p build && touch $@

# Build directories; a change to these flags needs `make clean`

release := -Dbuildtype=release -Db_lto=true -Dconsole=$(CONSOLE)
sanitizer := -Dbuildtype=debugoptimized -Db_lundef=false -Db_lto=false
asan := $(sanitizer) -Db_sanitize=address,undefined -Dtests=true -Dconsole=$(CONSOLE)
tsan := $(sanitizer) -Db_sanitize=thread -Dconsole=false
fuzz := $(sanitizer) -Db_sanitize=address,undefined -Dfuzz=true -Dconsole=false

build/build.ninja: | deps-run
	@meson setup build $(release)

build/asan/build.ninja: | deps-test
	@meson setup build/asan $(asan)

build/tsan/build.ninja: | deps-test
	@meson setup build/tsan $(tsan)

build/fuzz/build.ninja: | deps-test
	@CC=clang-14 meson setup build/fuzz $(fuzz)

build-asan: build/asan/build.ninja $(console)
	@ninja -C build/asan

build-tsan: build/tsan/build.ninja
	@ninja -C build/tsan

build-fuzz: build/fuzz/build.ninja
	@ninja -C build/fuzz
