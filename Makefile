# make help lists what there is to call.

MODE ?= release
OUT := .build/$(MODE)

# Installs what is missing, once; then make starts anew.
include .ci/packages.mk
ifndef REEXEC

# --- how it is compiled ---------------------------------------------------------------------
PKGS := libuv libwebsockets libcurl openssl jansson sqlite3 yaml-0.1
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CPPFLAGS += -D_GNU_SOURCE -Iinclude $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wundef -Wvla -Wcast-qual -Wnull-dereference \
	-Wimplicit-fallthrough -Wdouble-promotion -Wswitch-enum -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
CFLAGS_clang := -O1 -g
CFLAGS_coverage := -O0 -g --coverage
LDFLAGS_coverage := --coverage -Wl,--wrap=_exit,--wrap=abort $(OUT)/tests/coverage_ends.o
LDFLAGS_asan := -fsanitize=address,undefined
CFLAGS_fuzz := -O2 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
# What libFuzzer explores is the bot alone: neither the oracles nor the sandbox.
EXPLORED_fuzz := -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
CFLAGS += -std=c11 $(WARN) $(HARDEN) $(CFLAGS_$(MODE))
LDFLAGS += -pie -Wl,-z,relro,-z,now $(LDFLAGS_$(MODE))
Q := @

BOT_SRC := $(filter-out bot/main.c,$(wildcard bot/*.c bot/*/*.c)) $(wildcard handlers/*.c)
BOT_OBJ := $(BOT_SRC:%.c=$(OUT)/%.o)
SANDBOX_OBJ := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/sandbox/*.c))
LEAF_OBJ := $(OUT)/bot/mem.o $(OUT)/bot/err.o $(OUT)/bot/text.o
DRIVER_OBJ := $(OUT)/tests/scenarios/driver.o $(OUT)/tests/scenarios/world.o
BENCH_OBJ := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/bench/*.c))
UNIT := $(patsubst tests/unit/%.c,$(OUT)/%,$(wildcard tests/unit/test_*.c))
SCENARIOS := $(patsubst tests/scenarios/test_%.c,$(OUT)/scenario_%,$(wildcard tests/scenarios/test_*.c))
FAULTS := $(patsubst tests/faults/test_%.c,$(OUT)/faults_%,$(wildcard tests/faults/test_*.c))
SIM_OBJ := $(patsubst %.c,$(OUT)/%.o,$(filter-out tests/faults/test_%,$(wildcard tests/faults/*.c))) \
	$(foreach part,state ways entities kinds terms legal start changes list_changes rules prices \
	filters lists summaries agreements plays colleague access iam, \
	$(OUT)/tests/sandbox/market_$(part).o)
CHECKER_OBJ := $(patsubst %.c,$(OUT)/%.o,$(filter-out %/main.c %/test_checker.c, \
	$(wildcard tests/faults/checker/*.c)))
CRASH_OBJ := $(patsubst %.c,$(OUT)/%.o,$(filter-out %/preload.c $(wildcard \
	tests/faults/crash/preload_*.c),$(wildcard tests/faults/crash/*.c)))
SOAK_OBJ := $(patsubst %.c,$(OUT)/%.o,$(filter-out %/test_gauge.c,$(wildcard tests/faults/soak/*.c))) \
	$(foreach part,world mother sight,$(OUT)/tests/faults/crash/$(part).o)
CRASHES := $(OUT)/checker $(OUT)/crashes $(OUT)/soak $(OUT)/crash.so
NETWORK_OBJ := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/faults/proxy/*.c)) \
	$(OUT)/tests/faults/crash/rest.o
FUZZ := $(patsubst tests/fuzz/%.c,$(OUT)/%,$(wildcard tests/fuzz/fuzz_*.c))
# libFuzzer brings its own main; elsewhere the corpus is replayed.
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),,$(OUT)/tests/fuzz/replay.o)
PROGRAMS := $(OUT)/cppo-bot $(OUT)/cppo-sandbox

all: $(PROGRAMS) ## build bot and sandbox into .build/release
	@:

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/bot/%.o $(OUT)/handlers/%.o: CFLAGS += $(EXPLORED_$(MODE))

$(OUT)/tests/sandbox/page.o: $(wildcard tests/sandbox/page/*)

$(OUT)/libcppo.a: $(BOT_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(OUT)/cppo-bot: $(OUT)/bot/main.o $(OUT)/libcppo.a
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

# The same, on clocks that a scenario sets.
$(OUT)/cppo-bot-clock: $(OUT)/bot/main.o $(OUT)/tests/scenarios/clock.o $(OUT)/libcppo.a
	$(Q)$(CC) $(LDFLAGS) -Wl,--wrap=clock_gettime $^ $(LIBS) -o $@

# What every test's world begins with. It has a main of its own, which fuzz targets lack.
$(OUT)/blank-book: LDFLAGS_fuzz := -fsanitize=address,undefined
$(OUT)/blank-book: $(OUT)/tests/blank_book.o $(OUT)/libcppo.a
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/blank.db: $(OUT)/blank-book
	$(Q)$< $@

$(OUT)/cppo-sandbox: $(SANDBOX_OBJ) $(LEAF_OBJ)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

# A unit test of the sandbox links what it tests, and stands in for what it defines itself.
$(OUT)/libsandbox.a: $(filter-out %/main.o,$(SANDBOX_OBJ))
	@rm -f $@
	$(Q)ar rcs $@ $^

$(OUT)/test_sandbox_%: $(OUT)/tests/unit/test_sandbox_%.o $(OUT)/libsandbox.a $(OUT)/libcppo.a
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

$(OUT)/test_%: $(OUT)/tests/unit/test_%.o $(OUT)/libcppo.a | $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

# It runs the bot.
$(OUT)/test_command_line: | $(OUT)/cppo-bot

$(OUT)/tour: $(OUT)/tests/scenarios/tour.o $(DRIVER_OBJ) $(LEAF_OBJ) | $(OUT)/cppo-bot-clock $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/scenario_%: $(OUT)/tests/scenarios/test_%.o $(DRIVER_OBJ) $(LEAF_OBJ) | $(PROGRAMS) $(OUT)/cppo-bot-clock $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

$(OUT)/scenario_costs: | $(OUT)/calls.so

$(OUT)/calls.so: tests/scenarios/calls.c tests/scenarios/calls.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -std=c11 $(WARN) -O2 -g -fPIC -shared $< -o $@

$(OUT)/bench: $(BENCH_OBJ) $(DRIVER_OBJ) $(OUT)/libcppo.a | $(OUT)/cppo-bot-clock $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

# What the bench measures beside the bot. Without Go, or slack-go, there is one peer fewer, and the
# bench says so.
GOCODE := /usr/share/gocode
BENCH_CLIENTS := $(OUT)/bench-echo $(OUT)/bench-disk.so $(if $(and $(shell command -v go), \
	$(wildcard $(GOCODE)/src/github.com/slack-go/slack), \
	$(wildcard $(GOCODE)/src/github.com/mattn/go-sqlite3)),.build/bench/slack_go)

$(OUT)/bench-echo: $(OUT)/tests/bench/clients/echo.o $(LEAF_OBJ)
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/bench-disk.so: tests/bench/clients/disk.c tests/bench/disk.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -std=c11 $(WARN) -O2 -g -fPIC -shared $< -o $@

.build/bench/slack_go: tests/bench/clients/slack_go.go
	@mkdir -p $(@D)
	$(Q)env -u CC GO111MODULE=off GOPATH=$(GOCODE) GOFLAGS=-trimpath go build -o $@ $<

# What one of them stands in for, beside the clock and the lock.
WRAP_faults_allocations := malloc calloc realloc _Exit _exit store_open engine_start engine_tick \
	engine_flush engine_envelope engine_result engine_free wire_call people_acked

$(OUT)/faults_%: $(OUT)/tests/faults/test_%.o $(SIM_OBJ) $(OUT)/libcppo.a | $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) -Wl,--wrap=clock_gettime,--wrap=flock \
	  $(WRAP_faults_$*:%=-Wl,--wrap=%) $^ $(LIBS) -lcmocka -o $@

# The independent judge of what the outside saw, and what is held against it.
$(OUT)/checker: $(OUT)/tests/faults/checker/main.o $(CHECKER_OBJ)
	$(Q)$(CC) $(LDFLAGS) $^ -ljansson -lsqlite3 -o $@

$(OUT)/faults_checker: $(OUT)/tests/faults/checker/test_checker.o $(CHECKER_OBJ)
	$(Q)$(CC) $(LDFLAGS) $^ -ljansson -lsqlite3 -lcmocka -o $@

$(OUT)/faults_gauge: $(OUT)/tests/faults/soak/test_gauge.o $(OUT)/tests/faults/soak/gauge.o
	$(Q)$(CC) $(LDFLAGS) $^ -lcmocka -o $@

$(OUT)/crashes: $(CRASH_OBJ) $(CHECKER_OBJ) $(LEAF_OBJ) | $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ -ljansson -lsqlite3 -o $@

$(OUT)/soak: $(SOAK_OBJ) $(CHECKER_OBJ) $(LEAF_OBJ) | $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ -ljansson -lsqlite3 -o $@

$(OUT)/network: $(NETWORK_OBJ) $(CHECKER_OBJ) $(DRIVER_OBJ) $(LEAF_OBJ) $(OUT)/libcppo.a | \
	$(OUT)/cppo-bot-clock $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/crash.so: $(wildcard tests/faults/crash/preload*.[ch]) tests/faults/crash/page.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -std=c11 $(WARN) -O2 -g -fPIC -shared $(filter %.c,$^) -o $@

$(OUT)/fuzz_life: $(OUT)/tests/fuzz/fuzz_life.o $(FUZZ_MAIN) $(SIM_OBJ) $(OUT)/libcppo.a | $(OUT)/blank.db
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUT)/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(OUT)/libcppo.a
	$(Q)$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

# --- what people call: make help shows those with two signs ------------------------------------
help: ## show this list
	@sed -n 's/^\([a-z_.]*\):.* *## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 30

# The compilers' jobs; set JOBS=1 where memory is short.
JOBS ?= $(shell nproc)
AGAIN := $(MAKE) --no-print-directory -j$(JOBS) INSTALLED=yes

demo: ## start sandbox and bot, and print where to look
	@$(AGAIN) all
	@$(OUT)/cppo-sandbox --dir .build/demo -- $(OUT)/cppo-bot run --config .build/demo/cppo.yaml

tour: ## tell the same story in the terminal, in seconds
	@$(AGAIN) all $(OUT)/tour
	@$(OUT)/tour

tests: $(PROGRAMS) $(UNIT) $(SCENARIOS) $(OUT)/tour $(FAULTS) \
	$(OUT)/faults_checker $(OUT)/faults_gauge $(CRASHES) $(OUT)/network $(FUZZ)

unit-tests: $(UNIT)
	@:

fuzz-targets: $(FUZZ)

crashes: $(PROGRAMS) $(CRASHES)
	@:

network: $(PROGRAMS) $(OUT)/network
	@:

# All of them, or only the programs that ONE names: test_policy, scenario_rights, faults_sim ...
test: ## run every test, or one: make test ONE=test_policy
ifdef ONE
	@$(AGAIN) MODE=asan $(ONE:%=.build/asan/%)
	@for one in $(ONE); do .build/asan/$$one || exit 1; done
else
	@JOBS=$(JOBS) tests/run.sh
endif

# The long ones first.
SMALL_WORLDS := ready-misfortune ready-two-misfortune submitted-misfortune last-seconds \
	ready ready-two submitted console console-fails console-ignored

faults: ## crashes, lost answers and bad networks at full length: hours
	@$(AGAIN) $(OUT)/faults_sim $(OUT)/faults_small_world $(OUT)/faults_allocations
	@printf '%s\n' $(SMALL_WORLDS) | xargs -P $(JOBS) -n 1 $(OUT)/faults_small_world
	@seq 0 $$(($(JOBS) - 1)) | ALLOCATIONS_EVERY=$(JOBS) xargs -P $(JOBS) -I{} \
	  env ALLOCATIONS_FROM={} $(OUT)/faults_allocations
	@JOBS=$(JOBS) tests/faults/sim.sh $(OUT)/faults_sim
	@$(AGAIN) MODE=release crashes
	@.build/release/crashes --kind kill --points $${CRASH_KILLS:-all} --seed $${CRASH_SEED:-1} --jobs $(JOBS)
	@.build/release/crashes --points $${CRASH_POINTS:-10000} --seed $${CRASH_SEED:-1} --jobs $(JOBS)
	@.build/release/crashes --kind start --points all --jobs $(JOBS)
	@.build/release/crashes --kind call --points all --scenario publish --jobs $(JOBS)
	@JOBS=$(JOBS) tests/faults/valgrind/run.sh
	@.build/release/soak --seed $${SOAK_SEED:-1}
	@$(AGAIN) MODE=release network
	@.build/release/network --all
	@tests/faults/guards/run.sh

ifeq ($(MODE),coverage)
$(PROGRAMS) $(UNIT) $(FAULTS): | $(OUT)/tests/coverage_ends.o
endif

# The programs whose branches tests/coverage.sh counts.
coverage-programs: $(PROGRAMS) $(UNIT) $(OUT)/faults_sim $(OUT)/faults_clock

coverage: ## count the branches that tests take in engine, offers, store, Marketplace
	@JOBS=$(JOBS) tests/coverage.sh

bench: ## measure what it costs, and what others of its kind do
	@tests/node.sh
	@$(AGAIN) all bench-programs
	@$(OUT)/bench $(BENCH)

bench-programs: $(PROGRAMS) $(OUT)/bench $(BENCH_CLIENTS)
	@:

fuzz: ## fuzz parsers, views and whole lives: 100 million inputs
	@JOBS=$(JOBS) tests/fuzz/run.sh

check: ## check style, warnings, analysers, layers, names and papers
	@JOBS=$(JOBS) tests/check/run.sh

format: ## put every source into the house style
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

# It goes to .build, where .clangd points.
compile_commands.json: ## tell editors how each file is compiled
	@mkdir -p .build
	@find bot handlers tests -name node_modules -prune -o -name '*.c' -print | sort | \
	  sed 's|.*|{"directory": "$(CURDIR)", "file": "&",\n "command": "$(CC) $(CPPFLAGS) $(CFLAGS) -c &"},|' | \
	  sed '1s|^|[|; $$s|,$$|]|' >.build/$@
	@echo "wrote .build/$@"

clean: ## remove .build
	rm -rf .build

.PHONY: all help demo tour tests unit-tests test crashes network faults fuzz fuzz-targets coverage coverage-programs \
	bench bench-programs check format compile_commands.json clean
.SECONDARY:
-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
endif
